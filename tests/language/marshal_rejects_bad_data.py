# What is no marshalled object, and what cannot be marshalled: each with CPython's words.
import marshal
from _io import BytesIO


def attempt(function, *arguments, show=True):
    try:
        result = function(*arguments)
        print("ok", repr(result)[:60] if show else type(result))
    except RecursionError as error:
        print("RecursionError")
    except Exception as error:
        print(type(error).__name__, error)


DATA = [
    b"", b"0", b"?", b"Q", b"\0", b"\x80", b"\xff", b"i12", b"i", b"s", b"u", b"f", b"g", b"y123", b"z", b"Z", b")", b"(", b"r", b"c",
    b"f\x03abc", b"f\x00", b"f\x04 1.5", b"f\x041.5 ", b"f\x031_0", b"x\x031.5", b"x\x031.5\x02-x", b"g123", b"I1234",
    b"l\1\0\0\0\0\0", b"l\2\0\0\0\1\0\0\0", b"l\1\0\0\0\1\x80", b"l\1\0\0\0\1\xff", b"l\0\0\0\x80", b"l\xff\xff\xff\x7f", b"l\1\0\0\0a",
    b"s\xff\xff\xff\xff", b"s\xff\xff\xff\x7f", b"s\4\0\0\0abc", b"u\xff\xff\xff\xff", b"u\1\0\0\0\xff", b"t\2\0\0\0\xc3(",
    b"a\xff\xff\xff\xff", b"a\xff\xff\xff\x7f", b"A\5\0\0\0abcd", b"z\5abc", b"Z\xff",
    b"r\0\0\0\0", b"r\xff\xff\xff\xff", b"r\xff\xff\xff\x7f", b"(\1\0\0\0r\0\0\0\0", b"\xbe\1\0\0\0r\0\0\0\0", b"\xe9\1\0\0\0r",
    b"(\xff\xff\xff\xff", b"(\0\0\x10\0", b"[\xff\xff\xff\xff", b"[\0\0\x10\0", b"<\xff\xff\xff\xff", b"<\xff\xff\xff\x7f",
    b">\xff\xff\xff\xff", b"(\1\0\0\0", b")\2N", b")\xff", b"(\1\0\0\x000", b"[\1\0\0\x000", b"<\1\0\0\x000", b")\1?",
    b"{N", b"{N0", b"{0", b"{[\0\0\0\0N0", b"<\1\0\0\0[\0\0\0\0", b">\1\0\0\0{0", b"{NN", b"{\xdb\1\0\0\0r\0\0\0\0N0",
    b"[" + b"\1\0\0\0[" * 2000 + b"\0\0\0\0", b")\1" * 3000 + b")\0", b"{N" * 2500, b"(\1\0\0\0" * 100000,
]
for data in DATA:
    print(data[:24], end=" ")
    attempt(marshal.loads, data)
attempt(marshal.loads, b"[" + b"\1\0\0\0[" * 1999 + b"\0\0\0\0", show=False)


# --- code objects ---
def code(*parts):
    return b"c" + b"".join(p if isinstance(p, bytes) else p.to_bytes(4, "little", signed=True) for p in parts)


def attempt_code(data):
    try:
        made = marshal.loads(data)
        print("ok", made.co_name, made.co_argcount, made.co_varnames, made.co_firstlineno)
    except SystemError as error:
        print("SystemError", str(error).split(": ")[-1])
    except Exception as error:
        print(type(error).__name__, error)


E = b")\0"
S = b"z\0"
B = b"s\0\0\0\0"
N = b"z\4name"
attempt_code(code(0, 0, 0, 0, 0, B, E, E, E, B, S, N, S, 1, B, B))
attempt_code(code(0, 0, 0, 0, 0, B, E, E, E, B, S, N, S, -1, B, B))
attempt_code(code(1, 0, 0, 0, 0, B, E, E, b")\1z\1a", b"s\1\0\0\0 ", S, N, S, 7, B, B))
for counts in ((-1, 0, 0, 0, 0), (0, -1, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, -1, 0, 0), (0, 0, 0, -1, 0), (0, 0, 0, 0, -1),
               (1, 0, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 0, 4), (0, 0, 0, 0, 8)):
    attempt_code(code(*counts, B, E, E, E, B, S, N, S, 1, B, B))
GOOD = [B, E, E, E, B, S, N, S, 1, B, B]
for i in range(len(GOOD)):
    for wrong in (b"N", b"0", S, B, E, b"[\0\0\0\0", b""):
        if isinstance(GOOD[i], bytes) and wrong != GOOD[i] and not (GOOD[i] in (S, N) and wrong == S):
            parts = list(GOOD)
            parts[i] = wrong
            print(i, wrong, end=" ")
            attempt_code(code(0, 0, 0, 0, 0, *parts))
attempt_code(code(0, 0, 0, 0, 0, b"s\1\0\0\0 ", E, E, E, B, S, N, S, 1, B, B))
attempt_code(code(0, 0, 0, 0, 0, B, E, b")\1N", E, B, S, N, S, 1, B, B))
attempt_code(code(0, 0, 0, 0, 0, B, E, E, b")\1N", b"s\1\0\0\0 ", S, N, S, 1, B, B))
attempt_code(code(0, 0, 0, 0, 0, B, E, E, b")\1z\1a", B, S, N, S, 1, B, B))
whole = marshal.dumps(compile("def f(a, *b, c=1, **d):\n    return [a for x in b if {c, d}]\n", "file", "exec"))
for end in range(0, len(whole), 3):
    try:
        marshal.loads(whole[:end])
        print("loaded", end)
    except EOFError:
        pass

# --- writing ---
class Int(int):
    pass


class Text(str):
    pass


class Items(tuple):
    pass


for value in (object(), int, NotImplemented, range(3), Int(3), Text("a"), Items(), slice(1), [1, object()], {"a": print},
              {frozenset({Int(1)})}, ValueError, len, type(None), iter([])):
    attempt(marshal.dumps, value)
nested = []
for i in range(1998):
    nested = [nested]
attempt(marshal.dumps, nested, show=False)
attempt(marshal.dumps, [nested], show=False)
attempt(marshal.dumps, [[nested]], show=False)
loop = []
loop.append(loop)
attempt(marshal.dumps, loop, 2)

# --- arguments ---
attempt(marshal.loads)
attempt(marshal.loads, 1)
attempt(marshal.loads, "text")
attempt(marshal.loads, b"N", 2)
attempt(marshal.dumps)
attempt(marshal.dumps, 1, 2, 3)
attempt(marshal.dumps, 1, "a")
attempt(marshal.dumps, 1, None)
attempt(marshal.dumps, 1, 1.5)
attempt(marshal.dumps, 1, 2**40)
attempt(marshal.dumps, 1, -1)
attempt(marshal.dumps, 1, 99)
attempt(marshal.dump, 1)
attempt(marshal.dump, 1, 5)
attempt(marshal.dump, 1, 5, 6, 7)
attempt(marshal.load)
attempt(marshal.load, 5)
attempt(lambda: marshal.dumps(1, version=2))
attempt(lambda: marshal.loads(bytes=b"N"))


class File:
    def __init__(self, first, *rest):
        self.first = first
        self.rest = list(rest)

    def read(self, count):
        return self.first

    def readinto(self, buffer):
        if not self.rest:
            return 0
        item = self.rest.pop(0)
        if not isinstance(item, bytes):
            return item
        buffer[: len(item)] = item
        return len(item)


attempt(marshal.load, File("", b"N"))
attempt(marshal.load, File(None, b"N"))
attempt(marshal.load, File(b"", b"N"))
attempt(marshal.load, File(b"", b"i", b"12"))
attempt(marshal.load, File(b"", b"i", 100))
attempt(marshal.load, File(b"", b"i", "text"))
attempt(marshal.load, File(b"", "text"))
attempt(marshal.load, File(b"", 100))
attempt(marshal.load, File(b""))
for data in (b"", b"i", b"i12", b"s\5\0\0\0abc", b"(\5\0\0\0NN", b"(\0\0\x10\0NN", b"s\xff\xff\xff\x7fabc", b"z", b"Q"):
    attempt(marshal.load, BytesIO(data))
