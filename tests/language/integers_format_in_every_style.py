# repr, str, hex, oct, bin, % and format() of integers.

values = [0, 1, -1, 42, -42, 255, 1234567, -1234567, 2**61, -(2**62), 2**64, 10**25]
for n in values:
    print(repr(n), str(n), hex(n), oct(n), bin(n))
for n in values:
    print(f"[{n:d}] [{n:5}] [{n:<5}] [{n:^7}] [{n:>7}] [{n:+}] [{n: }] [{n:,}] [{n:_}] [{n:x}] [{n:X}] [{n:#x}] [{n:#o}] [{n:#b}]")
for spec in (
    "08d", "+08d", "*^12", "=+10", "0=8", "x<6", "_x", "_b", "#010x", "#_x", ",d", "020,", "n", "c", "e", ".3f", "%",
    "g", "10.2f"
):
    print(spec, "[" + format(65, spec) + "]", "[" + format(-6500 if spec != "c" else 8364, spec) + "]")
for spec in ("s", ".3d", ",x", "q", "#d", "5", ",_", "=c", "+c", "z", "1.", "zd", "<<<"):
    try:
        print(spec, "[" + format(65, spec) + "]")
    except ValueError as error:
        print(spec, "->", error)
print("%d|%5d|%-5d|%05d|%+d|% d|%i|%u" % (3, 42, 42, 42, 42, 42, 7, 8))
print("%x|%X|%#x|%o|%#o|%c|%c|%s|%r|%.5d|%8.3d" % (255, 255, 255, 8, 8, 65, "z", 9, 10, 42, 7))
print("%d %d" % (3.99, True), "%x" % 2**70, "%d" % -(10**20), "%*d|%-*d|" % (6, 42, 6, 42), "%%")
print("{:>{width}}|{:{fill}^{width}}|{!r}".format(5, 6, 7, width=4, fill="*"))
for template, args in (
    ("%d", "a"), ("%x", 1.5), ("%c", "ab"), ("%c", -1), ("%d %d", (1,)), ("%d", (1, 2)), ("%q", 1), ("%", 1),
    ("%(a)d", 5)
):
    try:
        print(template % args)
    except Exception as error:
        print(template, args, "->", type(error).__name__, error)
for name in ("real", "imag", "numerator", "denominator"):
    print(name, getattr(7, name), getattr(-(2**70), name))
print((5).__str__(), 5 .__repr__(), (-5).__format__("04"), int.__name__)
