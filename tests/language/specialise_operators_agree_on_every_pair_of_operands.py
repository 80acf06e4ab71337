# One site of every operator and comparison sees long and short runs of operands of every kind, and is never wrong.


class Vector:
    def __init__(self, *parts):
        self.parts = parts

    def __repr__(self):
        return f"Vector{self.parts}"

    def __add__(self, other):
        if not isinstance(other, Vector):
            return NotImplemented
        return Vector(*[a + b for a, b in zip(self.parts, other.parts)])

    def __mul__(self, other):
        if isinstance(other, Vector):
            return sum(a * b for a, b in zip(self.parts, other.parts))
        return Vector(*[a * other for a in self.parts]) if isinstance(other, (int, float)) else NotImplemented

    def __rmul__(self, other):
        return ("rmul", other, self)

    def __rsub__(self, other):
        return ("rsub", other, self)

    def __iand__(self, other):
        return ("iand", self, other)

    def __ior__(self, other):
        return NotImplemented

    def __or__(self, other):
        return ("or", self, other)

    def __eq__(self, other):
        return self.parts == other.parts if isinstance(other, Vector) else NotImplemented

    def __lt__(self, other):
        return self.parts < other.parts if isinstance(other, Vector) else NotImplemented


class Child(Vector):
    def __radd__(self, other):
        return ("child radd", other, self)

    def __gt__(self, other):
        return ("child gt", other)

    def __pow__(self, other):
        return ("child pow", other)


class Loud(int):
    def __add__(self, other):
        return ("loud add", int(self), other)

    def __rfloordiv__(self, other):
        return ("loud rfloordiv", other)

    def __eq__(self, other):
        return "loud eq"

    __hash__ = int.__hash__


class Text(str):
    def __mod__(self, other):
        return ("text mod", other)

    def __rmod__(self, other):
        return ("text rmod", other)

    def __radd__(self, other):
        return ("text radd", other)


class Items(list):
    def __add__(self, other):
        return ("items add", other)

    def __imul__(self, other):
        return ("items imul", other)


class Plain:
    def __repr__(self):
        return "Plain()"


plain = Plain()
inf = float("inf")
nan = float("nan")
makers = [
    lambda: 0, lambda: 1, lambda: -7, lambda: 12, lambda: 2**61, lambda: -(2**62), lambda: 2**70, lambda: -(2**70),
    lambda: True, lambda: False, lambda: None, lambda: 0.0, lambda: -0.0, lambda: 1.5, lambda: -2.25, lambda: 1e300,
    lambda: 5e-324, lambda: inf, lambda: nan, lambda: 2**53 + 1, lambda: float(2**53), lambda: "", lambda: "ab",
    lambda: "%s", lambda: "\u0142\U0001f600", lambda: b"xy", lambda: [], lambda: [1, "a"], lambda: (), lambda: (3, 4),
    lambda: {1, 2, 3}, lambda: {3, 4}, lambda: frozenset({2, 9}), lambda: {"a": 1}, lambda: {"a": 2, "b": 3},
    lambda: Vector(1, 2), lambda: Child(5, 6), lambda: Loud(3), lambda: Text("t%st"), lambda: Items([7]),
    lambda: plain, lambda: 1 + 2j,
]

operators = ["+", "-", "*", "/", "//", "%", "**", "&", "|", "^", "<<", ">>", "@"]
comparisons = ["<", "<=", "==", "!=", ">", ">="]

template = """
def site(left, right):
    {statement}
    return left
"""


def make_site(statement):
    namespace = {}
    exec(template.format(statement=statement), namespace)
    return namespace["site"]


state = 20240229


def random(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return (state >> 8) % n


def is_reasonable(symbol, left, right):
    if symbol == "**":
        return not (isinstance(left, int) and isinstance(right, int) and abs(right) > 100)
    if symbol == "<<":
        return not (isinstance(right, int) and right > 1000)
    if symbol == "*":
        return not any(isinstance(n, int) and n > 1000 and hasattr(s, "__len__") for n, s in ((left, right), (right, left)))
    return True


def show(value):
    if isinstance(value, (set, frozenset)):
        return type(value).__name__ + repr(sorted(value, key=repr))
    return type(value).__name__ + " " + repr(value)


def where(error):
    lines = []
    trace = error.__traceback__.tb_next
    while trace is not None:
        lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno))
        trace = trace.tb_next
    return lines


def digest(text, total):
    for character in text:
        total = (total * 31 + ord(character)) % 1000000007
    return total


for symbol in operators + comparisons:
    inplace = [] if symbol in comparisons else [f"left {symbol}= right"]
    for statement in [f"left = left {symbol} right"] + inplace:
        site = make_site(statement)
        total = 0
        errors = 0
        for _ in range(260):
            make_left, make_right = makers[random(len(makers))], makers[random(len(makers))]
            for _ in range((1, 3, 20, 90)[random(4)]):
                left, right = make_left(), make_right()
                if not is_reasonable(symbol, left, right):
                    continue
                try:
                    outcome = show(site(left, right))
                except Exception as error:
                    outcome = f"{type(error).__name__}: {error} {where(error)}"
                    errors += 1
                total = digest(outcome, total)
        print(statement, errors, total)
