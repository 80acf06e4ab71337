# Buffered and text files over raw files and buffers that are written in Python, and the order of their calls.

import io


class Raw(io.RawIOBase):
    """Gives what it was told to, piece by piece."""

    def __init__(self, pieces=(), log=None):
        self.pieces = list(pieces)
        self.log = [] if log is None else log
        self.written = []

    def readable(self):
        return True

    def writable(self):
        return True

    def readinto(self, buffer):
        self.log.append(("readinto", len(buffer)))
        if not self.pieces:
            return 0
        piece = self.pieces.pop(0)
        if piece is None:
            return None
        n = min(len(buffer), len(piece))
        buffer[:n] = piece[:n]
        if n < len(piece):
            self.pieces.insert(0, piece[n:])
        return n

    def write(self, data):
        self.log.append(("write", bytes(data)))
        self.written.append(bytes(data))
        return len(data)


def attempt(action, **names):
    try:
        print(action, "=", repr(eval(action, {**globals(), **names})))
    except Exception as error:
        print(action, "->", type(error).__name__, error)


raw = Raw([b"abc", b"defg\nhi", b"j"])
reader = io.BufferedReader(raw, 4)
print(reader.read(2), reader.peek(), reader.read1(10), reader.readline(), reader.read(), reader.read(), raw.log)
print(Raw([b"abc", b"de"]).read(), Raw([b"abc"]).read(2), Raw([None]).read(1), Raw([None]).readall(), Raw([]).readall())
for pieces in ([None], [b"a", None], [b"abcdef"]):
    for call in ("read()", "read(3)", "read1(3)", "peek()", "readline()", "readinto(bytearray(3))", "readinto1(bytearray(3))"):
        attempt("reader." + call, reader=io.BufferedReader(Raw(pieces), 4))
raw = Raw()
writer = io.BufferedWriter(raw, 5)
for data in (b"ab", b"cd", b"ef", b"0123456789", b""):
    print(writer.write(data), raw.written)
writer.flush()
print(raw.written)


class Slow(Raw):
    def write(self, data):
        return min(2, len(data)) if len(self.written) < 3 and not self.written.append(bytes(data[:2])) else None


writer = io.BufferedWriter(Slow(), 4)
attempt("writer.write(b'abcdefghijkl')", writer=writer)
try:
    writer.write(b"xyz123")
except BlockingIOError as error:
    print(error.errno, error.strerror, error.characters_written)


class Wrong(Raw):
    def readinto(self, buffer):
        return len(buffer) + 1

    def write(self, data):
        return -1


attempt("io.BufferedReader(Wrong()).read(3)")
attempt("w.write(b'a'), w.flush()", w=io.BufferedWriter(Wrong()))
text = io.TextIOWrapper(io.BufferedReader(Raw([b"one\r", b"\ntwo\xc3", b"\xa9\rthree\n"])), encoding="utf-8")
print(ascii(list(text)), text.newlines)
text = io.TextIOWrapper(io.BufferedReader(Raw([b"one\r", b"\ntwo\rthree\n"])), encoding="utf-8", newline="")
print(list(text), text.newlines)


class Buffer(io.BufferedIOBase):
    """Not one of io's own."""

    def __init__(self, data=b""):
        self.inner = io.BytesIO(data)
        self.calls = []

    def readable(self):
        return True

    def writable(self):
        return True

    def read(self, size=-1):
        self.calls.append(("read", size))
        return self.inner.read(size)

    def read1(self, size=-1):
        self.calls.append(("read1", size))
        return self.inner.read(size)

    def write(self, data):
        self.calls.append(("write", bytes(data)))
        return self.inner.write(data)

    def flush(self):
        self.calls.append("flush")


buffer = Buffer("zeile é\n".encode() * 3)
text = io.TextIOWrapper(buffer, encoding="utf-8")
print(ascii(text.readline()), ascii(text.read(3)), ascii(text.read()), buffer.calls)
buffer = Buffer()
text = io.TextIOWrapper(buffer, encoding="latin-1", newline="\r\n", line_buffering=True)
text.write("ab")
print(buffer.calls)
text.write("cd\nef")
print(buffer.calls)
text.write("x" * 9000)
print([len(c[1]) for c in buffer.calls if c[0] == "write"])
text.close()
print(text.closed, buffer.closed)
text = io.TextIOWrapper(Buffer(), encoding="utf-8", write_through=True)
text.write("a")
print(text.buffer.calls, text.write_through)

inner = io.BytesIO()
text = io.TextIOWrapper(inner, encoding="utf-8")
text.write("wait")
print(inner.getvalue(), text.tell(), inner.getvalue())
print(text.detach() is inner, inner.closed)
pair = io.BufferedRWPair(io.BytesIO(b"in"), io.BytesIO())
print(pair.read(), pair.write(b"x"), pair.readable(), pair.writable(), pair.seekable(), pair.closed, pair.peek(), pair.isatty())
pair.close()
print(pair.closed)


class Lines(io.RawIOBase):
    def __init__(self):
        self.data = io.BytesIO(b"l1\nl2\nl3")

    def readable(self):
        return True

    def read(self, size=-1):
        return self.data.read(size)


print(Lines().readlines(), list(Lines()), Lines().readline(2), next(Lines()), Lines().readlines(3))


class Closing(io.IOBase):
    def flush(self):
        print("flush", self.closed)
        raise ValueError("flush failed")

    def close(self):
        print("close")
        super().close()


c = Closing()
attempt("c.close()", c=c)
print(c.closed)
attempt("c.__enter__()", c=c)
with io.TextIOWrapper(io.BytesIO("aé\n€\nü".encode("utf-16")), encoding="utf-16") as f:
    places = []
    while True:
        places.append(f.tell())
        c = f.read(1)
        if not c:
            break
    for place in places:
        f.seek(place)
        print(ascii(f.read(2)), end=" ")
    print()
for data, newline in ((b"a\r\nb\rc\n", None), (b"a\r\nb\rc\n", ""), (b"a\r\nb\rc\n", "\r"), (b"a\r\nb\rc\n", "\r\n")):
    f = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline=newline)
    f._CHUNK_SIZE = 2
    places = []
    while True:
        place = f.tell()
        c = f.read(1)
        if not c:
            break
        places.append((place, c))
    for place, c in places:
        f.seek(place)
        assert f.read(1) == c, (place, c)
    print(newline, [c for _, c in places], f.newlines)
f = io.TextIOWrapper(io.BytesIO(b"a\nb\n"), encoding="utf-8")
next(f)
attempt("f.tell()", f=f)
print(list(f), f.tell())
f = io.TextIOWrapper(io.BytesIO(), encoding="ascii", errors="strict")
attempt("f.write('é')", f=f)
f.reconfigure(errors="backslashreplace", newline="\r\n", line_buffering=True)
f.write("é\n")
print(f.buffer.getvalue(), f.errors, f.line_buffering)
f.reconfigure(encoding="utf-8")
f.write("é\n")
print(f.buffer.getvalue(), f.errors, f.encoding)


class Own(io.TextIOWrapper):
    def readline(self, *args):
        return super().readline(*args).upper()


print(list(Own(io.BytesIO(b"a\nb\n"), encoding="utf-8")))
s = io.StringIO("a\r\nb\rc\n", newline=None)
print(s.readlines(), s.newlines, repr(s.getvalue()), s.__getstate__())
s = io.StringIO("abc")
s.extra = 1
import copy

t = copy.copy(s)
print(t.getvalue(), t.extra, t.tell())
b = io.BytesIO(b"abc")
b.seek(1)
d = copy.deepcopy(b)
print(d.read(), b.tell())
view = b.getbuffer()
attempt("b.write(b'x' * 10)", b=b)
attempt("b.close()", b=b)
view[0] = 65
view.release()
print(b.getvalue(), b.write(b"zz"), b.getvalue(), b.truncate(1), b.getvalue(), b.seek(5), b.write(b"!"), b.getvalue())
print(io.TextIOWrapper(io.BytesIO(b"\xff"), encoding="utf-8", errors="replace").read())
attempt("io.TextIOWrapper(io.BytesIO(b'\\xff'), encoding='utf-8').read()")
attempt("io.TextIOWrapper(io.BytesIO(b'ab'), encoding='utf-16').read()")
print(isinstance(io.StringIO(), io.TextIOBase), isinstance(io.BytesIO(), io.BufferedIOBase), issubclass(io.FileIO, io.RawIOBase))
