# round, int, hex, fromhex, as_integer_ratio, hash and the rounding of ties.

for value in (0.5, 1.5, 2.5, -0.5, -1.5, 2.675, 1e300, 123.456, -0.0, 0.0, 1e16, 4503599627370497.5):
    print(
        value, round(value), round(value, 0), round(value, 1), round(value, 2), round(value, -1), round(value, -2),
        int(value)
    )
print(
    round(5e-324, 400), round(1.2e308, -308), round(1e308, -309), round(0.125, 2), round(0.375, 2), round(1.005, 2),
    round(2.5, None)
)
for value in (float("inf"), float("nan")):
    for function in (round, int, lambda v: v.as_integer_ratio(), lambda v: round(v, 2), lambda v: divmod(v, 1)):
        try:
            print(function(value))
        except (OverflowError, ValueError) as error:
            print(type(error).__name__, error)
try:
    round(1.7e308, -308)
except OverflowError as error:
    print(error)
for value in (
    0.0, -0.0, 1.0, 0.1, -3.75, 1e308, 5e-324, 2.2250738585072014e-308, float("inf"), float("-inf"), float("nan"),
    1 / 3
):
    text = value.hex()
    print(text, float.fromhex(text) == value)
for text in (
    "0x1p3", "1.8", "-0x.8p1", "0X1.FP-4", "inf", " 0x1p0 ", "0x1.fffffffffffff8p0", "", "0x", "1.g", "0x1p5000", "p3"
):
    try:
        print(repr(text), float.fromhex(text))
    except (ValueError, OverflowError) as error:
        print(repr(text), type(error).__name__, error)
for value in (0.5, 0.1, -2.25, 1e20, 5e-324, 0.0, 3.0):
    print(value, value.as_integer_ratio())
print([hash(v) for v in (0.0, 1.0, -1.0, 0.5, 0.1, 1e20, -2.5, 1e300, float("inf"), float("-inf"))])
print(int(1e18), int(-1e18), int(1e19), int(2.0**62), int(4.6e18), int(9.3e18), int(-1.99), int(1e25))
print(
    (2.5).__floor__(), (2.5).__ceil__(), (-2.5).__trunc__(), (2.5).__round__(), (2.567).__round__(1), (2.5).__int__(),
    float(7), (7.0).real, (7.0).imag
)
print(
    (1.5).__add__(1), (1.5).__add__("a"), (1.5).__radd__(1), (1.5).__eq__(1), (1.5).__lt__(2), (1.5).__divmod__(1),
    (2.0).__pow__(3), (2.0).__rpow__(3)
)


class Number:
    def __float__(self):
        return 2.5


class Indexed:
    def __index__(self):
        return 4


class Wrong:
    def __float__(self):
        return 1


class Special(float):
    def __repr__(self):
        return "special"


print(
    float(Number()), float(Indexed()), [Special(2.5), Special(2) + 1], str(Special(1)), Special(1) == 1.0,
    float(Special(3))
)
try:
    float(Wrong())
except TypeError as error:
    print(error)
try:
    float(object())
except TypeError as error:
    print(error)
