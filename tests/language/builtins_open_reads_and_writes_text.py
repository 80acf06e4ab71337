# open: modes, reading by line and by size, writing, seeking, newlines, encodings, context management and errors.

with open("a.txt", "w") as f:
    print(
        f.write("first\nsecond\n"), f.write("é☃ third"), f.name, f.mode, f.closed, f.encoding, f.writable(),
        f.readable()
    )
    f.writelines(["\n", "last line\n"])
    print("printed", 42, file=f)
print(f.closed)
with open("a.txt") as f:
    print(repr(f.read()))
    print(repr(f.read()))
with open("a.txt") as f:
    for line in f:
        print(repr(line), end=" ")
    print()
with open("a.txt") as f:
    print(f.readline(), f.read(3), f.readline(), f.readlines(), f.readline(), sep="|")
with open("a.txt") as f:
    print(list(f)[1], f.seek(0), f.readline(5), f.tell(), f.readlines(8))
with open("a.txt", "a") as f:
    f.write("appended")
with open("a.txt") as f:
    lines = f.read().splitlines()
print(lines, len(lines))
with open("a.txt", "r+") as f:
    f.write("FIRST")
    f.seek(0)
    print(f.readline())
with open("new.txt", "x") as f:
    f.write("exclusive")
for arguments in (
    ("new.txt", "x"), ("missing.txt",), ("missing/dir.txt", "w"), (".",), ("a.txt", "q"), ("a.txt", "rw"),
    ("a.txt", ""), ("a.txt", "rb", -1, "utf-8"), ("a.txt", 5), (None,), (1.5,), ("a\0b",), ("a.txt", "r", 0),
    ("a.txt", "w+b+"), ("a.txt", "rbt"), ("a.txt", "r", -1, "no-such-codec"), ("",)
):
    try:
        open(*arguments)
        print("opened", arguments)
    except Exception as error:
        print(arguments, "->", type(error).__name__, error)
f = open("a.txt")
f.close()
f.close()
for action in (
    f.read, f.readline, lambda: f.write("x"), lambda: next(f), lambda: f.seek(0), f.flush, f.fileno,
    lambda: f.__enter__(), f.tell, f.readlines
):
    try:
        action()
    except ValueError as error:
        print(error)
with open("a.txt") as reader, open("b.txt", "w") as writer:
    for action in (
        lambda: reader.write("x"), writer.read, lambda: writer.write(b"x"), lambda: writer.write(5),
        lambda: writer.writelines([1]), writer.readline, lambda: list(writer)
    ):
        try:
            action()
        except Exception as error:
            print(type(error).__name__, error)
with open("bin.dat", "wb") as f:
    print(f.write(b"\x00\xff\r\nline\rtwo\n"), f.mode)
    try:
        f.write("text")
    except TypeError as error:
        print(error)
with open("bin.dat", "rb") as f:
    print(f.read(2), f.tell(), f.read(), f.seek(-3, 2), f.read(), f.seek(0), f.readline(), f.seek(4), list(f))
with open("bin.dat", encoding="latin-1") as f:
    print(ascii(f.read()))
with open("bin.dat", encoding="latin-1", newline="") as f:
    print([ascii(line) for line in f])
with open("bin.dat", encoding="latin-1", newline="\n") as f:
    print([ascii(line) for line in f])
with open("crlf.txt", "w", newline="\r\n") as f:
    f.write("one\ntwo\n")
with open("crlf.txt", "rb") as f:
    print(f.read())
with open("crlf.txt") as f:
    print(f.readlines(), f.newlines)
try:
    with open("bin.dat", encoding="utf-8") as f:
        f.read()
except UnicodeDecodeError as error:
    print(error)
with open("bin.dat", encoding="utf-8", errors="replace") as f:
    print(ascii(f.read()))
try:
    with open("x.txt", "w", encoding="ascii") as f:
        f.write("é")
except UnicodeEncodeError as error:
    print(error)
with open("x.txt", "w", encoding="utf-16-le", errors="strict") as f:
    f.write("é☃")
with open("x.txt", "rb") as f:
    print(f.read())
with open("long.txt", "w") as f:
    for i in range(5000):
        f.write(f"line {i}\n")
with open("long.txt") as f:
    total = sum(len(line) for line in f)
with open("long.txt") as f:
    numbers = [int(line.split()[1]) for line in f if line.endswith("7\n")]
print(total, len(numbers), numbers[-1])
with open("long.txt") as f:
    f.readline()
    position = f.tell()
    text = f.readline()
    f.seek(position)
    print(f.readline() == text, position, f.seek(0, 2), f.read() == "")
with open("w+.txt", "w+") as f:
    f.write("hello")
    f.seek(1)
    print(f.read(2), f.truncate(3), f.seek(0), f.read())
try:
    with open("a.txt") as f:
        raise ValueError("inside")
except ValueError as error:
    print(error, f.closed)
f = open("a.txt")
print(
    f.readable(), f.writable(), f.seekable(), f.isatty(), f.line_buffering, f.errors, type(f).__name__,
    type(f.buffer).__name__, f.__next__()
)
f.close()
