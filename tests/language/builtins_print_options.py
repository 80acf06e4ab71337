# print: sep, end, file, flush, non-strings, None, and its errors; output order on stdout and stderr.

import sys

print()
print("a", 1, None, 2.5, [1, "x"], ("t",), {"k": b"v"}, True, ..., sep="|")
print("a", "b", sep="")
print("a", "b", sep=None, end=None)
print("no newline", end="")
print(" continued", end="!\n")
print("x", end="\n\n")
print(*[], sep="unused")
print(*range(5), sep=", ", end=".\n")
print("multi\nline", "tab\there")
print("unicode: é ☃ 𝄞 日本")
print("to stderr", file=sys.stderr)
print("explicit stdout", file=sys.stdout, flush=True)
print("none means stdout", file=None)


class Writer:
    def __init__(self):
        self.parts = []
        self.flushed = 0

    def write(self, text):
        self.parts.append(text)

    def flush(self):
        self.flushed += 1


w = Writer()
print("a", 5, sep="-", end="$", file=w)
print(file=w)
print("f", file=w, flush=True)
print(w.parts, w.flushed)


class Shouts:
    def __str__(self):
        return "str used"

    def __repr__(self):
        return "repr used"


print(Shouts(), [Shouts()], f"{Shouts()}", sep="; ")


class NoWrite:
    pass


class FailingWrite:
    def write(self, text):
        raise OSError("disk full")


class BadStr:
    def __str__(self):
        raise ValueError("cannot be shown")


for call in (
    "print(sep=1)", "print('a', sep=b'')", "print('a', end=5)", "print('a', file=5)", "print('a', file=NoWrite())",
    "print('a', file=FailingWrite())", "print('a', nope=1)", "print(BadStr())", "print('before', BadStr(), 'after')",
    "print('a', 'b', sep='-', sep_='x')", "print('a', flush=NoWrite)", "print('a', file='x')"
):
    try:
        eval(call)
    except Exception as error:
        print("\n", call, "->", type(error).__name__, error)
print(sys.stdout.write("written\n"), sys.stdout.write(""), sys.stderr.write("err\n"))
sys.stdout.writelines(["one\n", "two\n"])
try:
    sys.stdout.write(5)
except TypeError as error:
    print(error)
saved, sys.stdout = sys.stdout, w
print("captured")
sys.stdout = saved
print(
    w.parts[-2:], sys.stdout is sys.__stdout__, sys.stdout.encoding, sys.stdout.name, sys.stdout.isatty(),
    sys.stdout.fileno(), sys.stdout.writable(), sys.stdout.readable()
)
sys.stdout = None
print("goes nowhere")
sys.stdout = saved
del sys.stdout
try:
    print("lost")
except RuntimeError as error:
    sys.stdout = saved
    print(error)
big = "x" * 100000
print(len(big), big[:5], big[-5:])
print(*(str(i) * 3 for i in range(300)))
for i in range(3):
    print(i, file=sys.stderr)
    print(i, end=" ", flush=True)
print("\r\nend\x00nul")
