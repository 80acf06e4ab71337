# Memory that was used and is used again: what is not written must be zero, what is written must be whole.
import gc
import zlib

SIZES = [0, 1, 2, 7, 8, 15, 16, 17, 255, 479, 480, 481, 495, 496, 512, 513, 600, 1023, 1025, 4095, 4097, 20000, 32700,
         32767, 32768, 32769, 65500, 65535, 65536, 65537, 131072, 1 << 20, (1 << 20) + 1, 9 << 20]


def litter(size):
    for _ in range(3):
        b"\xff" * size, bytearray(b"\xee") * size, "\u00ff" * size, [None] * (size // 8)
    gc.collect()


for size in SIZES:
    litter(size)
    zeros = bytes(size)
    assert len(zeros) == size and zeros.count(0) == size, size
    room = bytearray(size)
    assert len(room) == size and room.count(0) == size, size
    grown = bytearray(b"x")
    grown.extend(zeros)
    assert grown[0] == 120 and grown.count(0) == size, size
    litter(size)
    text = "ab" * size
    assert text.count("a") == text.count("b") == size and len(text) == 2 * size, size
    data = text.encode()
    assert data == b"ab" * size and data.decode() == text and data + b"c" == text.encode() + b"c", size
    assert (data + data)[len(data) :] == data
    values = [0] * size
    assert values.count(0) == size
    print(size, zlib.crc32(zeros), zlib.crc32(room), zlib.crc32(data), zlib.crc32(data * 3), hash(text) == hash("ab" * size))

# Tables: of sets and dicts, grown amid litter.
for count in (3, 100, 5000, 60000):
    litter(count * 8)
    keys = set(range(count))
    index = dict.fromkeys(range(count), 7)
    litter(count * 8)
    print(count, len(keys), sum(keys), sum(index.values()), -1 in keys, count in index, list(keys)[:3])

for kind in (bytes, bytearray):
    for bad in (-1, 10**30, 1.5, "x", None, [256]):
        try:
            print(kind(bad))
        except Exception as error:
            print(kind.__name__, repr(bad)[:10], type(error).__name__, error)
    print(kind(True), kind(False), kind(b"abc"), kind(bytearray(b"def")), kind([1, 2]), kind())


class Number(bytearray):
    def __index__(self):
        return 3


print(bytearray(Number(b"four")), bytes(Number(b"four")))
again = bytearray(b"before")
again.__init__(b"after")
print(again)
again.__init__()
print(again)
again.__init__(4)
print(again)
seen = bytearray(b"seen")
view = memoryview(seen)
for argument in ((), (b"longer",), (2,)):
    try:
        seen.__init__(*argument)
        print("changed", bytes(seen))
    except BufferError as error:
        print(error)
