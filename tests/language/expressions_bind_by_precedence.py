# Operator precedence and associativity: generated expressions equal their fully parenthesised forms.

LEVELS = [["or"], ["and"], ["<", "==", "in"], ["|"], ["^"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "//", "%"], ["**"]]


class Term:
    def __init__(self, text):
        self.text = text

    def __repr__(self):
        return self.text

    def __bool__(self):
        return True

    def __contains__(self, other):
        return True


def define(name, symbol):
    setattr(Term, f"__{name}__", lambda self, other: Term(f"({self}{symbol}{other})"))


for name, symbol in (
    ("add", "+"), ("sub", "-"), ("mul", "*"), ("floordiv", "//"), ("mod", "%"), ("pow", "**"), ("lshift", "<<"),
    ("rshift", ">>"), ("and", "&"), ("or", "|"), ("xor", "^"), ("matmul", "@"), ("truediv", "/")
):
    define(name, symbol)
for name, symbol in (("neg", "-"), ("pos", "+"), ("invert", "~")):
    setattr(Term, f"__{name}__", lambda self, symbol=symbol: Term(f"({symbol}{self})"))
a, b, c, d, e = map(Term, "abcde")
for expression in (
    "a+b*c", "a*b+c", "a-b-c", "a**b**c", "-a**b", "a**-b", "~a+b", "-a*b", "a*-b", "a<<b+c", "a+b<<c", "a&b|c^d",
    "a|b&c", "a^b|c", "a//b%c*d/e", "a@b*c", "-a-b", "+-~a", "a**b*c", "a*b**c", "-a**-b**-c", "a>>b<<c", "(a+b)*c",
    "a+(b+c)", "a%b+c", "a&b<<c", "a-b+c-d", "a*(b-c)**d", "~a**b", "a<<b<<c", "a/b/c", "a-(b-c)"
):
    print(expression, "=", eval(expression))
values = {"a": 6, "b": 3, "c": 2, "d": 5, "e": 0}
seed = 7


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % limit


def generate(level, depth):
    if level == len(LEVELS) or depth == 0:
        kind = random(6)
        if kind == 0:
            return f"({generate(0, depth - 1)})" if depth > 0 else "b"
        if kind == 1 and level < len(LEVELS):
            return random(2) * "-" + "c"
        return "abcde"[random(5)]
    if random(3) == 0:
        return generate(level + 1, depth)
    operator = LEVELS[level][random(len(LEVELS[level]))]
    if operator == "in":
        return f"{generate(level + 1, depth - 1)} in (1, 2, {generate(0, depth - 1)})"
    left, right = generate(level + 1, depth - 1), generate(level + 1, depth - 1)
    if operator == "**":
        return f"{'abcde'[random(5)]} ** {'bcde'[random(4)]}"
    if operator in ("<<", ">>"):
        return f"{left} {operator} ({right}) % 7"
    return f"{left} {operator} {right}"


checksum = evaluated = 0
for _ in range(600):
    expression = generate(0, 4)
    try:
        value = eval(expression, {}, values)
    except (ZeroDivisionError, TypeError, ValueError, OverflowError) as error:
        value = len(type(error).__name__)
    evaluated += 1
    checksum = (checksum * 31 + int(value) % 1000003) % 1000000007
print(evaluated, checksum)
print(
    not 1 == 2, not 1 in [2], -2**2, (-2)**2, 2**-1, 2**3**2, not not 0, 1 + 2 == 3 and 4, 1 if 0 else 2 if 0 else 3,
    5 - 3 - 1, 2 * 3 % 4, 7 // 2 * 2, -7 // 2, ~5 & 3, 1 << 2 + 1, 1 | 2 == 2, 3 & 2 == 2, 1 < 2 == True,
    lambda_ if (lambda_ := 3) > 2 else 0, [1, 2][0] + 1, -[1, 2][1], not [] or 5, 1 or 0 and 0, (1 or 0) and 0,
    await_ if (await_ := 0) else 1
)
print(
    1 if True else 2, (lambda: 1 if 0 else 2)(), [x if x else -1 for x in (0, 1)], {1 if 1 else 2: 3 if 0 else 4},
    *(1, 2) if 1 else (3,), 2 ** -2 ** 2, - - 5, + - + 5, ~ ~ 5, not - 5, 1 .real, 1.0.real, 1..is_integer(),
    "a" "b" * 2, "%d" % 5 + "x", "%d" % (5 + 1), 10 - 2 ** 2 * 2, 1 < 2 < 3 > 2, 1 == 1 != 2, 3 in [3] == True,
    (3 in [3]) == True
)
