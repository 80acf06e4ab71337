# bit_length, bit_count, to_bytes, from_bytes, as_integer_ratio, round, abs, hash, and comparison with floats.

for n in (0, 1, -1, 2, 3, 255, 256, -256, 2**30, 2**61 - 1, 2**61, 2**62, 2**63, -(2**64), 10**30):
    print(n, n.bit_length(), n.bit_count(), n.as_integer_ratio(), n.conjugate(), abs(n), hash(n))

for n, size, order, signed in (
    (0, 1, "big", False), (1, 2, "big", False), (1, 2, "little", False), (-1, 3, "big", True), (255, 1, "big", False),
    (-128, 1, "little", True), (2**63, 8, "little", False), (10**20, 12, "big", True), (-(10**20), 12, "little", True)
):
    data = n.to_bytes(size, order, signed=signed)
    print(n, data, int.from_bytes(data, order, signed=signed), int.from_bytes(data, order))
print(
    (5).to_bytes(), int.from_bytes([1, 2, 3], "big"), int.from_bytes(b"", "big"),
    (7).to_bytes(length=2, byteorder="little")
)
for call in (
    "(256).to_bytes(1, 'big')", "(-1).to_bytes(1, 'big')", "(128).to_bytes(1, 'big', signed=True)",
    "(1).to_bytes(-1, 'big')", "(1).to_bytes(1, 'middle')", "int.from_bytes('a', 'big')",
    "int.from_bytes([300], 'big')", "(0).to_bytes(0, 'big')"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)

for n, digits in (
    (1234, -2), (1250, -2), (1350, -2), (-1250, -2), (15, -1), (25, -1), (7, 3), (5, -1), (6, -1), (10**25 + 5, -1),
    (12, -5)
):
    print(round(n, digits), end=" ")
print(round(7), round(-7), round(7, None))
print(
    (7).__round__(-1), (7).__floor__(), (7).__ceil__(), (7).__trunc__(), (7).__index__(), (7).__int__(),
    (7).__float__(), (0).__bool__()
)

print(hash(2**61 - 1), hash(2**61 - 2), hash(-(2**61 - 1)), hash(2**61), hash(-1), hash(-2), hash(2**122), hash(True))
print(hash(10**30) == hash(float(10**30)) or "differs", hash(3) == hash(3.0), hash(2**70) == hash(2.0**70))

for a, b in (
    (2**53, 2.0**53), (2**53 + 1, 2.0**53), (2**53 + 1, 2.0**53 + 2), (10**400, float("inf")),
    (-(10**400), float("-inf")), (1, float("nan")), (0, -0.0), (2**62, 2.0**62), (2**62 + 1, 2.0**62),
    (-(2**63), -(2.0**63)), (3, 3.5), (-3, -3.5)
):
    print(a == b, a != b, a < b, a <= b, a > b, a >= b, b == a, b < a, b > a)
print(1 == True, 0 == False, 1 == "1", 1 != "1", 5 in (5.0,), sorted([3, 1.5, -2, 2**65, 1e10, True]))
for expression in ("1 < 'a'", "1 >= None", "[] > 1"):
    try:
        print(eval(expression))
    except TypeError as error:
        print(expression, "->", error)
print(
    type(True + 1), type(int(True)), (3).__add__(4), (3).__add__("a"), (3).__radd__(4), (3).__lt__(4),
    (3).__eq__(3.0), (3).__truediv__(2)
)
