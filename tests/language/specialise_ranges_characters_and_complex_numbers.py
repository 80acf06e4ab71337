# Hot range(), chr(), ord() and arithmetic of complex numbers: sizes, types and names that change in mid-run.


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def one(a):
    return range(a)


def two(a, b):
    return range(a, b)


def three(a, b, c):
    return range(a, b, c)


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


for n in range(60):
    made = one(n), two(-n, n), three(n, -n, -3)
print(made, [len(r) for r in made], [list(r)[-2:] for r in made])
LARGE = 2**61 + 12345
for a in (0, -5, True, 2**62 - 1, -(2**62), 2**62, 2**63, 2**100, Index(4), 1.5, "3", None):
    print(attempt(one, a), attempt(lambda: one(a)[-1]), attempt(lambda: len(one(a))))
for a, b in ((0, 0), (5, 3), (-LARGE, LARGE), (-(2**62), 2**62 - 1), (2**62, 2**63), (False, 3), (1, Index(3)), ("a", 1), (1, 2.0)):
    print(attempt(two, a, b), attempt(lambda: two(a, b)[-1]), attempt(lambda: len(two(a, b))), attempt(lambda: 7 in two(a, b)))
for a, b, c in ((0, 10, 3), (10, 0, -3), (0, 10, -1), (0, 10, 0), (-LARGE, LARGE, 2**60), (0, 2**62 - 1, 2**62 - 1),
                (2**62 - 1, -(2**62), -1), (0, 5, True), (0, 9, 2**70), (0, 1, "x"), (0, 1, Index(0))):
    print(attempt(three, a, b, c), attempt(lambda: three(a, b, c)[-1]), attempt(lambda: len(three(a, b, c))))
total = 0
for n in range(200):
    for i in range(n):
        total += i
    for i in range(n, n + 3):
        total -= i
    for i in range(n, 0, -7):
        total ^= i
print(total)


class Mine:
    def __init__(self, *arguments):
        self.arguments = arguments


keep = range
range = Mine
print(one(1).arguments, two(1, 2).arguments, three(1, 2, 3).arguments)
range = keep
print(one(3), two(3, 4), three(3, 4, 5))


# --- chr and ord
def character(n):
    return chr(n)


def number(c):
    return ord(c)


for n in list(range(300)) + [0xD800, 0xFFFF, 0x10000, 0x10FFFF]:
    made = character(n)
    assert number(made) == n and len(made) == 1
print(repr(made), ascii([character(n) for n in (65, 0xE9, 0x20AC, 0x1F40D)]))
for n in (-1, 0x110000, 2**40, 2**70, True, 65.0, "A", None, Index(66)):
    print(attempt(character, n))
for c in ("A", "é", "\U0001f40d", "", "AB", b"A", b"", bytearray(b"z"), 65, None):
    print(attempt(number, c))


# --- complex
def plus(a, b):
    return a + b


def minus(a, b):
    return a - b


def times(a, b):
    return a * b


def over(a, b):
    return a / b


def in_place(a, b):
    a += b
    a *= b
    a -= b
    a /= b
    return a


class Tagged(complex):
    def __add__(self, other):
        return "Tagged.__add__"

    def __rmul__(self, other):
        return "Tagged.__rmul__"


INFINITY, NAN = float("inf"), float("nan")
values = [1 + 2j, -0.0 + 0j, 3.5j, 2, -7, True, 2.5, -0.0, 0, 0j, 2**62, 2**70, 1e300 + 1e300j, 1e-310j, complex(INFINITY, 1),
          complex(NAN, -INFINITY), INFINITY, NAN, Tagged(1, 1), "text", None]
for function in (plus, minus, times, over, in_place):
    for _ in range(40):
        result = function(1 + 2j, 3 - 1j)
    print(function.__name__, result)
    for a in values:
        for _ in range(12):
            results = [attempt(function, a, b) for b in values]
        print(" ", a, results)
print(attempt(plus, 1j, 10**400), attempt(times, 10**400, 1j))
escaped = 0
for y in range(-10, 10):
    for x in range(-20, 10):
        z, c = 0j, complex(x / 10, y / 10)
        for turn in range(30):
            z = z * z + c
            if abs(z) > 2:
                escaped += turn
                break
print(escaped)
