# bytes: construction, indexing, slicing, searching, splitting, case, repr, comparison and errors.

data = b"hello world"
print(
    data, data[0], data[-1], data[1:4], data[::-1], data[::2], list(data[:3]), len(data), bytes(), bytes(3),
    bytes([1, 2, 255]), bytes(range(5)), bytes(b"copy"), bytes((65, 66))
)
print(
    104 in data, b"wor" in data, b"" in data, b"x" in data, data.find(b"o"), data.find(111), data.rfind(b"o"),
    data.index(b"w"), data.count(b"l"), data.count(108), data.find(b"zz"), data.find(b"o", 5), data.count(b"")
)
print(
    data.replace(b"l", b"L"), data.replace(b"l", b"", 1), data.split(), data.split(b"o"), data.split(b"o", 1),
    data.rsplit(b"o", 1), b"a\nb\r\nc".splitlines(), b"a,b".partition(b","), b"a,b,c".rpartition(b","),
    b",".join([b"a", b"b"])
)
print(
    data.upper(), data.title(), data.capitalize(), b"ABC\xe9".lower(), b"aBc".swapcase(), b"  x ".strip(),
    b"xxaxx".strip(b"x"), b"ab".center(6), b"ab".ljust(5, b"."), b"ab".rjust(5), b"42".zfill(5), b"-4".zfill(5),
    b"a\tb".expandtabs(4)
)
print(
    data.startswith(b"he"), data.endswith((b"x", b"ld")), b"abc".isalpha(), b"12".isdigit(), b"a1".isalnum(),
    b" \t".isspace(), b"AB".isupper(), b"ab".islower(), b"Ab Cd".istitle(), b"\x80".isascii(),
    b"pre-x".removeprefix(b"pre-"), b"x.txt".removesuffix(b".txt")
)
print(
    b"a" + b"b", b"ab" * 3, 2 * b"xy", b"a" < b"b", b"a" == b"a", b"a" == "a", b"a" != "a", b"" < b"a",
    b"\xff" > b"z", hash(b"abc") == hash(b"ab" + b"c"), hash(b"abc") == hash("abc"), min(b"cab"), sorted(b"cab")
)
print(
    data.hex(), data.hex(" "), data.hex("-", 2), data.hex(":", -3), bytes.fromhex("00ff 10"), bytes.fromhex(""),
    data.translate(bytes(range(256)), b"l"), b"abc".translate(bytes.maketrans(b"ab", b"xy")), data.decode(),
    b"%d %s %r %x %c %a %b" % (1, b"s", b"r", 255, 65, "é", b"b")
)
print([repr(bytes([i])) for i in (0, 9, 10, 13, 31, 32, 34, 39, 92, 126, 127, 128, 255)], b"'", b'"', b"'\"")
for call in (
    "bytes('a')", "bytes(-1)", "bytes([256])", "bytes([-1])", "bytes(['a'])", "bytes(1.5)", "bytes(None)",
    "bytes(1, 'ascii')", "data[20]", "data['a']", "data + 'a'", "data + 1", "'a' + data", "data.find('a')",
    "data.find(256)", "data.split('a')", "b''.join(['a'])", "b''.join([1])", "data.index(b'zz')", "'h' in data",
    "300 in data", "data.replace('a', 'b')", "data < 'a'", "bytes.fromhex('0')", "bytes.fromhex('zz')",
    "bytes.fromhex(1)", "data.hex(1)", "data.hex('ab')", "data * 1.5", "b'%s' % 'a'", "b'%d' % 'a'", "b'%c' % 300",
    "data.startswith('h')", "data.decode('ascii', 1)", "data.split(b'')", "bytes(10**30)",
    "bytes.maketrans(b'a', b'bc')", "data.nope"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
for statement in ("data[0] = 1", "del data[0]", "data.x = 1"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


class HasBytes:
    def __bytes__(self):
        return b"from __bytes__"


class Iterable:
    def __iter__(self):
        return iter((1, 2, 3))


print(
    bytes(HasBytes()), bytes(Iterable()), b"".join(bytes([i]) for i in range(65, 70)), b"x".__contains__(120), *b"ab",
    {b"a": 1}[b"a"], b"abc".__getitem__(1), iter(b"ab").__next__()
)
