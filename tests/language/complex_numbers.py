# Complex literals, arithmetic, comparison, formatting, parsing and errors.

a, b = 3 + 4j, 1 - 2j
print(
    a, b, a + b, a - b, a * b, a / b, a**2, a**0.5, abs(a), -a, +a, a.real, a.imag, a.conjugate(), a == 3 + 4j,
    a != b, bool(0j), bool(a), hash(a), hash(3 + 0j) == hash(3)
)
print(
    1j, 0j, -0j, -1j, 1.5j, 1e100j, complex(), complex(1), complex(1, 2), complex("1+2j"), complex("-1.5e3j"),
    complex(" 3 "), complex("(1+2j)"), complex("inf"), complex("nanj"), complex(1j, 2j), complex(True),
    complex(real=1, imag=2), 0x10 + 1j, 1_0j, 1.j, .5j
)
print(
    [repr(z) for z in (
        complex(0, -0.0), complex(-0.0, 0), complex(-0.0, -0.0), complex(1, -1), complex(float("inf"), float("nan")),
        complex(1e16, 1e-5), complex(0.1, 0.2), 1e3 + 1e22j
    )],
    str(1 + 2j), f"{1 + 2j}", f"{1.5 + 2.25j:.1f}", f"{1 + 2j:>10}|", f"{1234.5 + 6j:,}", f"{1 + 2j:e}", f"{3j:g}",
    "%s %r" % (1j, 2j)
)
print(
    1 + 2j == 1 + 2j, 1j == 1, 1 + 0j == 1, 1 + 0j == 1.0, 1j in [1j], {1 + 0j: "one"}[1], (1 + 2j) + 1, 1 + (1 + 2j),
    2.5 * 1j, 1j * 1j, 1j**2, 1j**-1, (1 + 1j) ** 10, 2 ** (1 + 1j), (-1) ** 0.5, (-8) ** (1 / 3), pow(2j, 3),
    sum([1j, 2, 3.5]), 0j**0
)
for expression in (
    "1j < 2j", "1j // 2", "1j % 2", "divmod(1j, 2)", "1j / 0", "0j ** -1", "complex('1 + 2j')", "complex('')",
    "complex('1+')", "complex([])", "complex('a')", "complex('1', 2)", "complex(1, '2')", "int(1j)", "float(1j)",
    "round(1j)", "f'{1j:d}'", "f'{1j:05}'", "f'{1j:=5}'", "f'{1j:%}'", "'%d' % 1j", "'%f' % 1j", "pow(1j, 2, 3)",
    "1j & 1", "~1j", "abs(complex('inf'))", "abs(1e308+1e308j)", "complex(1, 2, 3)", "max(1j, 2j)", "sorted([1j, 2])",
    "1j.real.x", "1j.nope", "1j @ 1", "range(1j)", "complex(10**400)"
):
    try:
        print(expression, "=", eval(expression))
    except Exception as error:
        print(expression, "->", type(error).__name__, error)


class Complex:
    def __complex__(self):
        return 5 + 6j


class Bad:
    def __complex__(self):
        return 5


class Sub(complex):
    def __add__(self, other):
        return "sub add"


print(complex(Complex()), Sub(1, 2) + 1, Sub(1, 2), type(Sub(1) * 2).__name__, isinstance(1j, complex), complex.__mro__)
try:
    complex(Bad())
except TypeError as error:
    print(error)
try:
    (1j).real = 5
except AttributeError as error:
    print(error)


def mandelbrot(c):
    z = 0j
    for n in range(50):
        if abs(z) > 2:
            return n
        z = z * z + c
    return 50


print([[mandelbrot(complex(x / 4, y / 4)) for x in range(-8, 3)] for y in range(-2, 3)])
