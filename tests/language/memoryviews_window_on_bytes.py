# memoryview: slices, casts and writes reach the memory of the object below.

data = bytearray(b"abcdefgh")
view = memoryview(data)
print(len(view), view[0], view[-1], bytes(view[2:5]), view.tobytes(), view.tolist()[:3], view.nbytes, view.itemsize, view.format)
view[0] = 65
view[1:3] = b"BC"
view[::-1][0] = 72
print(data, view.readonly, memoryview(b"x").readonly, view.shape, view.strides, view.ndim, view.contiguous, view[::2].contiguous)
print(bytes(view[::2]), bytes(view[::-1]), view[::2].tolist(), list(view[6:1:-2]))
words = view.cast("H")
print(len(words), words[0], words.tolist(), words.itemsize, words.format)
words[0] = 0x4142
print(data, words.cast("B") == view, view == data, view != b"x", view[:2] == b"BA")
print(memoryview(b"abc") == memoryview(bytearray(b"abc")), hash(memoryview(b"abc")) == hash(b"abc"), 66 in view, b"a".join([memoryview(b"b"), b"c"]))
for action in ("view[100]", "view['x']", "memoryview(b'a')[0] + 1", "memoryview(1)", "memoryview('a')", "view.cast('z')", "view[:3].cast('H')",
               "hash(view)", "view.__setitem__(0, 256)", "view.__setitem__(0, 'a')", "view.__setitem__(slice(0, 2), b'abc')",
               "memoryview(b'a').__setitem__(0, 1)", "view.cast('d').tolist()[0] is None", "memoryview(b'ab').hex()", "memoryview(b'ab').obj",
               "bytes(memoryview(b'ab'))", "bytearray(memoryview(b'ab'))", "memoryview(b'ab').toreadonly().readonly", "view.__delitem__(0)"):
    try:
        print(action, "=", eval(action))
    except Exception as error:
        print(action, "->", type(error).__name__, error)
with memoryview(b"abc") as managed:
    print(bytes(managed))
try:
    managed[0]
except ValueError as error:
    print(error)
view.release()
try:
    len(view)
except ValueError as error:
    print(error)
