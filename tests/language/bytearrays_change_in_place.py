# bytearray: everything that changes it, and the errors of what cannot.


def attempt(action):
    try:
        print(action, "=", eval(action))
    except Exception as error:
        print(action, "->", type(error).__name__, error)


b = bytearray(b"hello")
b.append(33)
b.extend(b" you")
b.extend([1, 2, 3])
b += b"tail"
b *= 2
print(b, len(b), b.pop(), b.pop(0), b.count(b"l"))
b.insert(1, 65)
b.insert(-1, 66)
b.insert(1000, 67)
b.remove(65)
b.reverse()
print(b)
b[0] = 120
b[1:3] = b"longer than before"
b[::2] = bytes(len(b[::2]))
print(b)
del b[0]
del b[2:4]
del b[::3]
print(b)
b[:] = b
b[2:2] = bytes(b)
print(b)
b.clear()
print(b, not b)
for start in range(-7, 8, 3):
    for stop in (-6, -1, 0, 2, 9, None):
        for step in (-3, -1, 1, 2):
            whole, model = bytearray(b"abcdef"), list(b"abcdef")
            del whole[start:stop:step]
            del model[start:stop:step]
            if list(whole) != model:
                print("wrong", start, stop, step, whole, model)
for action in ("b[0]", "b[9] = 1", "bytearray(b'a').append(256)", "bytearray(b'a').append('a')", "bytearray(b'a').pop(3)", "bytearray().pop()",
               "bytearray(b'ab').remove(99)", "bytearray('a')", "bytearray(-1)", "bytearray([300])", "bytearray(1.5)", "hash(bytearray())",
               "bytearray(b'a') + 'b'", "bytearray(b'a') + b'b'", "b'a' + bytearray(b'b')", "bytearray(b'ab') * -1", "bytearray(b'abc') % 1",
               "bytearray(b'%d') % 7", "bytearray(b'abc') == b'abc'", "bytearray(b'abc') < b'abd'", "b'abc' in bytearray(b'xabcx')",
               "bytearray(b'a,b').split(b',')", "bytearray(b'a b').partition(b' ')", "bytearray(b',').join([b'a', bytearray(b'b')])",
               "bytearray.fromhex('00 ff')", "bytearray(b'\\x00\\xff').hex(':')", "bytearray(b'x').__setitem__(slice(0, 1), 'a')",
               "bytearray(b'abc').__setitem__(slice(0, 3, 2), b'a')", "bytearray(b'abc').__getitem__(1.0)", "bytearray(b'Ab').swapcase()",
               "bytearray(b'abc').translate(None, b'b')", "bytearray('é', 'latin-1')", "bytearray(b'\\xe9').decode('latin-1')", "bytearray(3)",
               "bytearray(b\"it's\")", "list(bytearray(b'ab'))", "bytearray(b'abc')[::-1]", "bytearray(b'abc').copy() is None"):
    attempt(action)


class Sub(bytearray):
    pass


s = Sub(b"abc")
s.extra = 1
print(s, s.extra, type(s[:1]).__name__, type(s + b"d").__name__, isinstance(s, bytearray))

# What may not be assigned to a slice, and why.
for value in (None, 5, 1.5, "x", [300], ["x"], object, True, lambda: 1):
    target = bytearray(b"xyz")
    try:
        target[1:] = value
        print(target)
    except (TypeError, ValueError) as error:
        print(type(value).__name__, type(error).__name__, error)

try:
    bytearray(b"abc")[::0] = None
except ValueError as error:
    print(error)
