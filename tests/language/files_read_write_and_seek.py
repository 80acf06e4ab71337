# Files in every mode: text and binary, newlines, positions, appending, errors.

import sys

NAME = "sample.txt"


def attempt(action, **names):
    try:
        print(action, "=", repr(eval(action, {**globals(), **names})))
    except Exception as error:
        print(action, "->", type(error).__name__, error)


with open(NAME, "w") as f:
    print(f.write("one\ntwo\r\nthree\rfour é☃𝄞\n"), f.tell(), f.writable(), f.readable(), f.closed, f.name, f.mode)
print(f.closed)
for newline in (None, "", "\n", "\r", "\r\n"):
    with open(NAME, newline=newline, encoding="utf-8") as f:
        print(repr(newline), f.readlines(), f.newlines)
    with open(NAME, newline=newline, encoding="utf-8") as f:
        print([f.read(5), f.readline(), f.readline(3), f.read()])
with open(NAME, "rb") as f:
    print(f.read(3), f.readline(), f.peek(1)[:2], f.tell(), f.seek(-4, 2), f.read(), f.read(), f.seek(0), f.readlines()[:2])
    buffer = bytearray(4)
    f.seek(1)
    print(f.readinto(buffer), buffer, f.readline(2), next(f))
with open(NAME, "r+", encoding="utf-8") as f:
    print(f.readline(), f.tell())
    f.seek(0)
    f.write("ONE")
    f.seek(0)
    print(f.readline(), f.tell(), f.readline(), f.tell())
    position = f.tell()
    rest = f.read()
    f.seek(position)
    print(rest == f.read(), f.seek(0, 2) == f.tell())
with open(NAME, "a+") as f:
    f.write("appended\n")
    f.seek(0)
    print(f.readlines()[-1])
with open(NAME, "w+b") as f:
    f.write(b"0123456789")
    f.seek(3)
    f.write(b"abc")
    print(f.read(2), f.tell(), f.truncate(7), f.seek(0), f.read())
with open(NAME, "w", newline="\r\n") as f:
    f.writelines(["a\n", "b\n"])
print(open(NAME, "rb").read())
for encoding in ("utf-16", "utf-8-sig", "utf-32-le", "latin-1"):
    with open(NAME, "w", encoding=encoding) as f:
        f.write("é1\n")
        f.write("é2\n")
    with open(NAME, encoding=encoding) as f:
        print(encoding, [line for line in f], open(NAME, "rb").read())
with open(NAME, "wb") as f:
    f.write(b"ok \xff\xfe bad\n")
attempt("open(NAME).read()")
for errors in ("ignore", "replace", "surrogateescape", "backslashreplace"):
    with open(NAME, errors=errors) as f:
        print(errors, ascii(f.read()))
writer = open(NAME, "w")
writer.write("visible after close")
writer.close()
print(open(NAME).read())
with open(NAME, "wb", buffering=0) as raw:
    print(raw.write(b"abc"), open(NAME, "rb").read(), type(raw).__name__)
big = "".join(f"line {i}\n" for i in range(5000))
with open(NAME, "w") as f:
    f.write(big)
with open(NAME) as f:
    print(sum(len(line) for line in f) == len(big))
with open(NAME) as f:
    print("".join(iter(lambda: f.read(777), "")) == big)
f = open(NAME)
for action in ("f.write('x')", "open('missing.txt')", "open(NAME, 'x')", "open(NAME, 'q')", "open(NAME, 'rw')", "open(NAME, 'rbt')", "open(NAME, 'rb', encoding='utf-8')",
               "open(NAME, 'w', 0)", "open('.')", "open(1.5)", "open('a\\0b')", "open(NAME, newline='x')", "open(NAME, encoding='no-such')", "f.seek(1, 1)", "f.seek(-1)",
               "f.read('x')", "open(NAME, 'rb').write(b'')", "open(NAME, 'wb').write('text')", "open(NAME, 'w').write(1)", "open(NAME, 'w').read()", "f.buffer.mode", "f.encoding.lower()", "f.errors"):
    attempt(action)
f.close()
for action in ("f.read()", "f.readline()", "next(f)", "f.__enter__()", "f.tell()", "f.flush()", "f.close()"):
    attempt(action)
print(repr(open(NAME, "rb")), repr(open(NAME, "wb")), repr(open(NAME, "r+b")))
try:
    open("missing.txt")
except OSError as error:
    print(error.errno, error.filename, error.strerror, isinstance(error, FileNotFoundError))
sys.stdout.write("written ")
sys.stdout.buffer.write(b"in order\n")
print("end", file=sys.stdout, flush=True)
print("a", "b", sep="", end="!\n", file=sys.stderr)
