# repr and str of floats give the shortest digits that read back as the same value.

values = [
    0.0, -0.0, 1.0, -1.0, 0.1, 0.2, 0.1 + 0.2, 1 / 3, 2 / 3, 1e15, 1e16, 1e17, 123456789012345680.0, 1e21, 1e22, 1e23
]
values += [
    1e-4, 1e-5, 0.00012345, 0.000012345, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 9007199254740993.0
]
values += [
    1e100, 1e-100, 3.14159, 2.5, 1e300 * 10, float("nan"), -float("inf"), 100.0, 1234567.0, 0.5, 4.35, 2.675,
    1e5 + 0.1
]
for value in values:
    print(repr(value), str(value), [value])
    if value == value and float(repr(value)) != value:
        print("does not round-trip")

seed = 12345
checksum = 0
for i in range(2000):
    seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
    mantissa, exponent = seed >> 11, (seed & 0x3FF) - 512
    value = mantissa * 2.0**exponent
    text = repr(value)
    if float(text) != value:
        print("does not round-trip", text)
    for char in text:
        checksum = (checksum * 31 + ord(char)) % 1000000007
print(checksum)

for text in (
    "1", "1.", ".5", "-1e3", "+1E-3", "1_000.5", " 2.5\n", "inf", "-Infinity", "nan", "+NaN", "1e400", "-1e400",
    "1e-400", "0x1p3", "", " ", "1e", "e5", ".", "1__0", "_1", "1_", "--1", "1 2", "infinit", "1.5f", "0.1e1_0",
    "١٫٥", "٣"
):
    try:
        print(repr(text), float(text))
    except ValueError as error:
        print(error)
print(1e5, 1E5, 1.e5, .1e5, 1_0.0_1, 0_0.0, 0e0, 1e-0, 00.5, 1e+3)
for call in (
    "float(None)", "float([])", "float(1, 2)", "float(10**400)", "float()", "float(True)", "float(10**30)",
    "float(b'1.5')", "float(x=1)"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
