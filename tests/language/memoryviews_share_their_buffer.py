# memoryview of bytes and bytearray: reading, writing, slicing, casting, release and errors.

data = bytearray(b"abcdef")
view = memoryview(data)
print(
    len(view), view[0], view[-1], bytes(view[1:3]), view.tolist(), view.format, view.itemsize, view.ndim, view.shape,
    view.strides, view.readonly, view.nbytes, view.contiguous, view.obj is data, view == b"abcdef", view == data,
    view != b"x"
)
view[0] = 90
view[1:3] = b"YX"
view[::2][1] = 33
print(
    data, bytes(view[::-1]), view[::2].tolist(), view.tobytes(), view.hex(), bytes(view), list(view), 90 in view,
    [*view[4:]]
)
for statement in (
    "data.append(1)", "view[0] = 300", "view[0] = 'a'", "view[99]", "view[0:2] = b'abc'", "view['a']",
    "memoryview(b'x')[0] = 1", "memoryview('a')", "memoryview(5)", "memoryview()", "del view[0]", "view.nope",
    "view + b'x'", "view < b'x'", "hash(view)", "view.cast('i')", "view.cast('z')", "view[0, 0]",
    "memoryview(b'abc')['x':]"
):
    try:
        exec(statement)
        print(statement, "fine", data)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
numbers = memoryview(bytearray(8)).cast("i")
numbers[1] = -5
print(
    numbers.tolist(), numbers.itemsize, numbers.nbytes, numbers.cast("B").tolist(), memoryview(b"ab").readonly,
    hash(memoryview(b"ab")) == hash(b"ab"), memoryview(b"abcd").cast("B", [2, 2]).tolist()
)
with memoryview(data) as inner:
    print(inner[0])
try:
    inner[0]
except ValueError as error:
    print(error)
view.release()
try:
    view[0]
except ValueError as error:
    print(error)
data.append(1)
print(
    data, b"".join([memoryview(b"a"), b"b"]), bytes(memoryview(b"xyz")[::2]), repr(memoryview(b"")).split(" at ")[0],
    int.from_bytes(memoryview(b"\x01\x02"), "big"), b"abc".find(memoryview(b"c")),
    memoryview(b"ab") == memoryview(b"ab")
)
