# Float arithmetic, floor division and modulo with signs, infinities, not-a-number, and signed zero.

inf, nan = float("inf"), float("nan")
values = [0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 3.0, 1e308, -1e308, 5e-324, inf, -inf, nan]


def show(function, a, b):
    try:
        return repr(function(a, b))
    except (ZeroDivisionError, OverflowError) as error:
        return f"{type(error).__name__}: {error}"


for a in values:
    for b in values:
        print(a, b, a + b, a - b, a * b, show(lambda x, y: x / y, a, b), show(lambda x, y: x // y, a, b),
              show(lambda x, y: x % y, a, b), a == b, a < b, a <= b, a != b)
print(
    divmod(7.5, 2), divmod(-7.5, 2), divmod(7.5, -2), divmod(-7.5, -2), divmod(-1e-20, 3), 5.0 % 3, -5.0 % 3,
    5 // 2.0, -0.5 // 1
)
for a, b in (
    (2.0, 0.5), (2.0, -1), (-8.0, 1 / 3), (0.0, 0), (nan, 0), (1, nan), (inf, -1), (-inf, 3), (-inf, 2), (0.0, -1),
    (10.0, 400), (-1.0, inf), (4, 0.5)
):
    try:
        value = a**b
        print(a, b, value if type(value) is float else type(value).__name__)
    except Exception as error:
        print(a, b, type(error).__name__, error)
print(
    nan == nan, nan is nan, nan in [nan], [nan] == [nan], nan in (1, nan), [nan].index(nan), {nan: 1}[nan],
    [nan].count(nan), [float("nan")] == [nan]
)
print(nan < nan, not nan < 1, min(nan, 1), min(1, nan), max([1, nan, 2]), sorted([3.0, 1.0, 2.0]))
print(
    -0.0 == 0.0, repr(0.0 * -1), repr(-0.0 + 0.0), repr(-0.0 - 0.0), repr(0.0 - 0.0), str(-0.0),
    {0.0: "a", -0.0: "b"}, hash(0.0) == hash(-0.0)
)
print(
    1.0.is_integer(), 1.5.is_integer(), inf.is_integer(), (-0.0).__bool__(), (0.1).__bool__(), abs(-2.5), -(-2.5),
    +2.5, (2.5).conjugate()
)
print(1 + 2.5, 2.5 + 1, 1 - 2.5, 2 * 1.5, 3 / 1.5, True + 0.5, 2**62 + 0.0, 10**20 * 1.0, 10**20 / 1e20)
print(0.1 + 0.2 == 0.3, 0.1 + 0.2, sum([0.1] * 10), 1e16 + 1, 1e16 + 2, (1e308 * 10) - (1e308 * 10))
for expression in (
    "1.5 + 'a'", "'a' * 1.5", "1.5 & 1", "-'a'", "1.5 << 1", "1.0 < 'x'", "10**400 * 1.0", "1.5 // 0", "1 % 0.0"
):
    try:
        print(eval(expression))
    except Exception as error:
        print(expression, "->", type(error).__name__, error)
x = 1.0
x += 1
x *= 2.5
x -= 0.5
x /= 3
x **= 2
x //= 1
x %= 2
print(x)
