# mmap: anonymous memory and files, reading, writing, searching, slicing, access modes and errors.
import mmap
import posix


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, str(arguments)[:70], keywords, "->", function(*arguments, **keywords))
    except Exception as error:
        print(function.__name__, str(arguments)[:70], keywords, "!!", type(error).__name__, error)


m = mmap.mmap(-1, 100)
print(m, len(m), m.closed, mmap.error, mmap.PAGESIZE)
print(m.write(b"hello"), m.tell(), m.seek(0), m.read(3), m.read_byte(), m.readline()[:3])
for position in ((200,), (-1,), (0, 5), (0,), (-3, 2), (1, 1)):
    attempt(m.seek, *position)
m.seek(0)
print(m.find(b"l"), m.rfind(b"l"), m.find(b"l", 4), m.find(b"l", -97, 4), m.find(b"zz"), m[0:5], m[0:10:3], m[-1], m[5:2])
m.seek(50)
for call in ((m.find, "x"), (m.find,), (m.write, "x"), (m.write, b"x" * 200), (m.write_byte, 300), (m.write_byte, -1),
             (m.write_byte, 65), (m.move, 0, 1, 3), (m.move, 0, 1, 300), (m.move, -1, 0, 1), (m.resize, 200),
             (m.resize, -1), (m.flush,), (m.flush, 0, 10000), (m.madvise, mmap.MADV_NORMAL), (m.madvise, 0, 5000),
             (m.read, "x"), (m.size,)):
    attempt(*call)
print(len(m), m[:6], m[50])
for key in (0, 1000, "x", slice(0, 3)):
    attempt(m.__getitem__, key)
for key, value in ((0, 5), (0, 500), (0, b"x"), (slice(0, 2), b"xyz"), (slice(0, 2), b"xy"), (slice(0, 4, 2), b"ab"), ("x", 1)):
    attempt(m.__setitem__, key, value)
attempt(m.__delitem__, 0)
print(m[:6])
with m:
    pass
print(m, m.closed)
for function in (m.tell, m.read, m.close, m.__len__):
    attempt(function)
read = mmap.mmap(-1, 10, access=mmap.ACCESS_READ)
print(read)
for call in ((read.write, b"x"), (read.__setitem__, 0, 1), (read.resize, 5), (read.move, 0, 1, 1), (read.write_byte, 1)):
    attempt(*call)
for arguments in ((-1, 0), (-1, -1), ("x", 1), (-1, "x"), (-1, 10, 5, 6, 7, 8, 9), ()):
    attempt(mmap.mmap, *arguments)
attempt(mmap.mmap, -1, 10, access=99)
attempt(mmap.mmap, -1, 10, prot=mmap.PROT_READ, access=mmap.ACCESS_READ)
attempt(mmap.mmap, -1, 10, offset=-1)
fd = posix.open("file", posix.O_RDWR | posix.O_CREAT)
attempt(mmap.mmap, fd, 0)
posix.write(fd, b"0123456789")
attempt(mmap.mmap, fd, 20)
attempt(mmap.mmap, fd, 0, offset=4096)
f = mmap.mmap(fd, 0)
print(f, f[:], f.size(), f.resize(20), len(f), posix.fstat(fd).st_size)
f[0:3] = b"abc"
copy = mmap.mmap(fd, 0, access=mmap.ACCESS_COPY)
copy[0] = 65
print(posix.pread(fd, 5, 0), copy[:3], f[:3], copy)
attempt(copy.resize, 5)
print([item for item in f][:3], f.__enter__() is f)
