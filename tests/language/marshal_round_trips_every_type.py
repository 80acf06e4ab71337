# Every type that marshal knows, in every version: the bytes, and what they are read back as.
import marshal
from _io import BytesIO

VALUES = [
    None, True, False, ..., StopIteration,
    0, 1, -1, 255, 256, 257, 65535, 2**31 - 1, -2**31, 2**31, -2**31 - 1, 2**62, -2**62, 2**62 - 1, 2**63, 2**64,
    2**15 - 1, 2**15, 2**30, 2**45, 2**60, 2**75, 10**40, -10**40, 3**500, -(2**1000), 2**960 - 1,
    0.0, -0.0, 1.5, -2.25, 1e300, 5e-324, 0.1, float("inf"), float("-inf"), 1 / 3,
    1j, -2.5 + 0.1j, complex(-0.0, float("inf")),
    "", "a", "abc", "with space", "\xe9", "\xff" * 3, "\u20ac", "\U0001f600", "\ud800", "\0", "x" * 255, "x" * 256,
    "y z" * 100, "\xe9" * 300,
    b"", b"a", b"abc", bytes(range(256)), bytearray(b"buffer"), memoryview(b"view"),
    (), (1,), (1, 2, 3), ((),), tuple(range(255)), tuple(range(256)), ("a", "b", (None, True)),
    [], [1], [[], [[]]], list(range(300)),
    {}, {1: 2}, {"a": [1], (1, 2): {"b": None}}, {None: None},
    set(), {1}, {3, 1, 2}, frozenset(), frozenset({"x", "y", "zz"}), frozenset([(), (1,), b"q", 1.5, None]),
    {frozenset({1, 2}), frozenset({3})},
]


def sort_key(value):
    return repr(value)


for value in VALUES:
    for version in range(5):
        data = marshal.dumps(value, version)
        back = marshal.loads(data)
        kind = bytes if isinstance(value, (bytearray, memoryview)) else type(value)
        same = back == value and type(back) is kind and repr(back) == repr(kind(value) if kind is bytes else value)
        if isinstance(value, (set, frozenset)):
            same = back == value and type(back) is kind
        assert same, (value, version, back)
        # Versions 3 and 4 flag what is referred to from elsewhere; of containers' items no two interpreters agree on that.
        exact = version < 3 or not isinstance(value, (tuple, list, dict, set, frozenset))
        print(version, len(data), data[:60] if exact else data[:1], sum(data) % 65521 if exact else "")

nan = marshal.loads(marshal.dumps(float("nan")))
print(nan, nan != nan, marshal.loads(marshal.dumps(float("nan"), 1)))

# What occurs twice is written once, and read back as one object.
shared = ["shared"]
text = "not a name"
number = 12345678901234567890
for version in range(5):
    value = [shared, shared, text, text, number, number, (shared, text)]
    data = marshal.dumps(value, version)
    back = marshal.loads(data)
    print(version, data, back == value, back[0] is back[1], back[0] is back[6][0], back[2] is back[3])

# Interned strings stay interned.
name = "some_identifier"
print(marshal.loads(marshal.dumps(name)) is name, marshal.loads(marshal.dumps(name, 3)) is name)
print(marshal.loads(b"Z\x0fsome_identifier") is name, marshal.loads(b"A\x0f\0\0\0some_identifier") is name)
print(marshal.loads(b"t\x0f\0\0\0some_identifier") is name)
print(repr(marshal.loads(b"Z\x01\xe9")), repr(marshal.loads(b"a\x02\0\0\0\xff\xfe")))

# Objects that contain themselves.
loop = [1]
loop.append(loop)
back = marshal.loads(marshal.dumps(loop))
print(back, back[1] is back)
table = {}
table["self"] = table
print(marshal.dumps(table), marshal.loads(marshal.dumps(table)))
print(marshal.loads(b"\xa8\1\0\0\0r\0\0\0\0"), marshal.loads(b"\xdb\2\0\0\0r\0\0\0\0N"), marshal.loads(b"\xfbNr\0\0\0\x000"))

# Type codes that are only read.
print(marshal.loads(b"I\xff\xff\xff\xff\xff\xff\xff\x7f"), marshal.loads(b"I" + b"\xfe" + b"\xff" * 7))
print(marshal.loads(b"f\x03nan"), marshal.loads(b"f\x08infinity"), marshal.loads(b"x\x031.5\x02-0"))

# Files: several objects behind one another, and no byte more is read than needed.
file = BytesIO()
for value in (1, "two", [3.0], None, {"k": (b"v", "w" * 300)}, 2**70):
    marshal.dump(value, file)
    marshal.dump(value, file, 2)
end = file.tell()
file.write(b"rest")
file.seek(0)
while file.tell() < end:
    value = marshal.load(file)
    print(file.tell(), value if not isinstance(value, dict) else sorted(value))
print(file.read())


class Recorder:
    def __init__(self, data):
        self.data = data

    def read(self, count):
        print("read", count)
        return b""

    def readinto(self, buffer):
        print("readinto", len(buffer), type(buffer).__name__)
        count = min(len(buffer), len(self.data))
        buffer[:count] = self.data[:count]
        self.data = self.data[count:]
        return count


print(marshal.load(Recorder(b"(\2\0\0\0s\3\0\0\0abcN")))


class Writer:
    def write(self, data):
        print(type(data), data)
        return "result"


print(marshal.dump((1, "x"), Writer()), marshal.version)
print(marshal.loads(bytearray(b"N")), marshal.loads(memoryview(b"xTx")[1:]), marshal.loads(b"TF"))
