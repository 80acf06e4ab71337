# Every arithmetic, bitwise and unary operator: direct, reflected and in-place methods, subclasses first, NotImplemented.

OPERATORS = {
    "add": "+", "sub": "-", "mul": "*", "matmul": "@", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**",
    "lshift": "<<", "rshift": ">>", "and": "&", "xor": "^", "or": "|"
}


def make(label, prefixes):
    namespace = {"__repr__": lambda self: label}
    for name in OPERATORS:
        for prefix in prefixes:
            method = f"__{prefix}{name}__"
            namespace[method] = lambda self, other, method=method: f"{self!r}.{method}({other!r})"
    return type(label, (), namespace)()


def make_not_implemented(label):
    namespace = {"__repr__": lambda self: label}
    for name in OPERATORS:
        for prefix in ("", "r", "i"):
            namespace[f"__{prefix}{name}__"] = lambda self, other: NotImplemented
    return type(label, (), namespace)()


direct, reflected, inplace, declines = make("Direct", [""]), make("Reflected", ["r"]), make("InPlace", ["i"]), make_not_implemented("Declines")
for symbol in OPERATORS.values():
    for left, right in (
        (direct, 1), (1, reflected), (direct, reflected), (declines, reflected), (declines, declines), (inplace, 1),
        (1, declines), (None, None)
    ):
        try:
            print(eval(f"left {symbol} right"), end="; ")
        except TypeError as error:
            print(error, end="; ")
    for target, value in ((inplace, 5), (direct, 5), (1, reflected), (declines, reflected), (declines, 1)):
        scope = {"target": target, "value": value}
        try:
            exec(f"target {symbol}= value", scope)
            print(scope["target"], end="; ")
        except TypeError as error:
            print(error, end="; ")
    print()


class Base:
    def __add__(self, other):
        return f"{type(self).__name__}.__add__"

    def __radd__(self, other):
        return f"{type(self).__name__}.__radd__"


class Overrides(Base):
    def __radd__(self, other):
        return "Overrides.__radd__"


class Inherits(Base):
    pass


class Number(int):
    def __add__(self, other):
        return "Number.__add__"

    def __radd__(self, other):
        return "Number.__radd__"

    def __rsub__(self, other):
        return "Number.__rsub__"


class Text(str):
    def __radd__(self, other):
        return "Text.__radd__"

    def __rmod__(self, other):
        return "Text.__rmod__"

    def __rmul__(self, other):
        return "Text.__rmul__"


print(
    Base() + Overrides(), Overrides() + Base(), Base() + Inherits(), Inherits() + Base(), Base() + 1, 1 + Base(),
    1 + Number(2), Number(2) + 1, Number(1) + Number(2), 5 - Number(2), Number(5) - 2, 1.5 + Number(1),
    "a" + Text("b"), "%s" % Text("c"), [1] + [2], 3 * Text("d"), Text("e") * 2
)


class Unary:
    def __neg__(self):
        return "neg"

    def __pos__(self):
        return "pos"

    def __invert__(self):
        return "invert"

    def __abs__(self):
        return "abs"

    def __round__(self, digits="none"):
        return f"round {digits}"

    def __divmod__(self, other):
        return f"divmod {other}"

    def __rdivmod__(self, other):
        return f"rdivmod {other}"

    def __pow__(self, other, modulus="none"):
        return f"pow {other} {modulus}"

    def __rpow__(self, other, modulus="none"):
        return f"rpow {other} {modulus}"

    def __index__(self):
        return 5

    def __int__(self):
        return 6

    def __float__(self):
        return 7.5

    def __trunc__(self):
        return 9


u = Unary()
print(
    -u, +u, ~u, abs(u), round(u), round(u, 2), round(u, None), divmod(u, 1), divmod(1, u), u**2, pow(u, 2),
    pow(u, 2, 3), 2**u, int(u), float(u), hex(u), bin(u), [0] * u, "abcdefg"[u], range(u), chr(u) == "\x05",
    list(range(10))[u:], bytes(u)
)
for operation in (
    lambda: -object(), lambda: +object(), lambda: ~object(), lambda: abs(object()), lambda: round(object()),
    lambda: divmod(object(), 1), lambda: pow(object(), 1), lambda: pow(object(), 1, 2), lambda: 2 ** object(),
    lambda: int(object()), lambda: float(object()), lambda: hex(object()), lambda: [0] * object(),
    lambda: pow(1, object(), 2)
):
    try:
        print(operation())
    except TypeError as error:
        print(error)


class Vector:
    def __init__(self, *values):
        self.values = values

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(*(a + b for a, b in zip(self.values, other.values)))

    def __mul__(self, factor):
        return Vector(*(v * factor for v in self.values))

    __rmul__ = __mul__

    def __matmul__(self, other):
        return sum(a * b for a, b in zip(self.values, other.values))

    def __neg__(self):
        return self * -1

    def __sub__(self, other):
        return self + -other

    def __eq__(self, other):
        return isinstance(other, Vector) and self.values == other.values

    def __abs__(self):
        return (self @ self) ** 0.5

    def __bool__(self):
        return any(self.values)

    def __repr__(self):
        return f"Vector{self.values}"


v, w = Vector(1, 2), Vector(3, 4)
print(
    v + w, v - w, v * 3, 3 * v, v @ w, -v, abs(w), bool(Vector(0, 0)), v == Vector(1, 2), v != w,
    sum([v, w], Vector(0, 0))
)
v += w
v *= 2
print(v)
try:
    v + 1
except TypeError as error:
    print(error)


class OnInstanceOnly:
    pass


o = OnInstanceOnly()
o.__add__ = lambda other: "never used"
o.__len__ = lambda: 5
o.__call__ = lambda: 6
for operation in (lambda: o + 1, lambda: len(o), lambda: o(), lambda: -o):
    try:
        print(operation())
    except TypeError as error:
        print(error)
OnInstanceOnly.__add__ = lambda self, other: f"added {other}"
print(o + 1)
OnInstanceOnly.__add__ = None
try:
    o + 1
except TypeError as error:
    print(error)
del OnInstanceOnly.__add__
try:
    o + 1
except TypeError as error:
    print(error)
