# int() of strings in every base, with blanks, underscores, prefixes and errors; literals in every base.

for text in ("0", "7", "-7", "+7", " 42 ", "\t\n5\r", "1_000_000", "007", "-0", "123456789012345678901234567890", "٣٤"):
    print(repr(text), int(text))
for text, base in (("ff", 16), ("0xFF", 16), ("0xff", 0), ("-0b101", 0), ("0o17", 0), ("17", 8), ("0o17", 8), ("z", 36),
                   ("Zz", 36), ("1010", 2), ("0b1010", 2), ("0", 0), ("00", 0), ("0x_f", 16), ("1_0", 3), ("12", 3),
                   ("-" + "f" * 40, 16), ("1" * 70, 2), ("777777777777777777777777", 8), ("zzzzzzzzzzzzzzzzz", 36)):
    print(text, base, int(text, base))
for call in (
    "int('')", "int(' ')", "int('a')", "int('1 2')", "int('1__0')", "int('_1')", "int('1_')", "int('0x10')",
    "int('12', 2)", "int('1', 1)", "int('1', 37)", "int('1', -1)", "int('08', 0)", "int(None)", "int([])",
    "int(1, 2)", "int('1', 2, 3)", "int('--1')", "int('+')", "int('1.5')", "int(float('nan'))", "int(float('inf'))",
    "int('0b', 2)", "int('9' * 5000)", "int('x' * 300)", "int(b'12')", "int(b'zz')", "int('1', base=10)",
    "int(base=10)", "int(x=1)", "int('12', '3')"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
print(int(), int(3.99), int(-3.99), int(1e20), int(2.0**70), int(True), int(b" 12 "))
print(0x10, 0o10, 0b10, 0XfF, 0O7, 0B1, 1_000, 0x_ff, 0b_1010, 0_0)
print(0xFFFFFFFFFFFFFFFFFFFFFFFF, 0b1 << 62, 4611686018427387904, 2305843009213693952, 9223372036854775808)


class Index:
    def __index__(self):
        return 11


class Int:
    def __int__(self):
        return 12


class Trunc:
    def __trunc__(self):
        return 13


class BadInt:
    def __int__(self):
        return "no"


print(int(Index()), int(Int()), int("11", Index()))
try:
    int(BadInt())
except TypeError as error:
    print(error)
print(str(10**4299)[-5:], len(str(10**4299)))
try:
    str(10**4300)
except ValueError as error:
    print(error)
