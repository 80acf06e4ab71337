# crc32 and adler32: short and long, from any start, in parts and at once.
import binascii
import zlib

data = bytes(i * 7919 % 251 for i in range(9000))
for length in [*range(70), 127, 128, 129, 255, 256, 1023, 1024, 5551, 5552, 5553, 8999]:
    part = data[1 : 1 + length]
    print(length, zlib.crc32(part), zlib.adler32(part), binascii.crc32(part), zlib.crc32(part, 12345), zlib.adler32(part, 12345))
for start in (0, 1, -1, 0xFFFF, 65521, 65520, 0xFFF0FFF0, 0xFFF1FFF1, 0xFFFFFFFF, 1 << 32, (1 << 40) + 5, -(1 << 35)):
    for part in (b"", b"\x00", b"a", data[:15], data[:16], data[:17], data[:300], data):
        print(start, len(part), zlib.crc32(part, start), zlib.adler32(part, start), binascii.crc32(part, start))
running = [0, 1, 0]
for at in range(0, len(data), 37):
    piece = data[at : at + 37]
    running = [zlib.crc32(piece, running[0]), zlib.adler32(piece, running[1]), binascii.crc32(piece, running[2])]
print(running, [zlib.crc32(data), zlib.adler32(data), binascii.crc32(data)])
print(zlib.adler32(b"\xff" * 100000), zlib.crc32(b"\xff" * 100000))
print(zlib.crc32(memoryview(data)[::1]), zlib.crc32(bytearray(data)), zlib.adler32(memoryview(data)[5:]))
for bad in ("text", None, 3):
    for function in (zlib.crc32, zlib.adler32):
        try:
            print(function(bad))
        except TypeError as error:
            print(function.__name__, type(error).__name__)
