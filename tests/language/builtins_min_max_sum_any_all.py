# min, max, sum, any, all, abs, round, divmod, pow and len over many kinds of arguments.

print(
    min(3, 1, 2), max(3, 1, 2), min([3, 1, 2]), max("hello"), min({5: 0, 2: 1}), max((1, 9), (2, 0)), min("b", "a"),
    max([[1, 2], [1, 3]]), min(iter([4, 2])), max(x * x % 7 for x in range(7))
)
print(
    min([], default="d"), max((), default=None), min([1], default=5), max("aaa", "bb", key=len),
    min(["aaa", "b", "cc"], key=len), max([3, -5, 4], key=abs), min(3, -5, 4, key=lambda x: -x), max([1, 1.0, True]),
    min([1.0, 1, True]), max(0.0, -0.0), min(0.0, -0.0), max(1, 2, key=None)
)
words = ["apple", "fig", "banana", "kiwi"]
print(
    max(words, key=len), min(words, key=len), max(words), sorted(words, key=max),
    max(enumerate(words), key=lambda p: len(p[1])), min(words, key=lambda w: (w[-1], w))
)
print(
    sum([]), sum([1, 2, 3]), sum([1.5, 2]), sum(range(101)), sum([[1], [2]], []), sum(((1,), (2,)), ()),
    sum([1, 2], 10), sum([0.1] * 3), sum([2**62, 2**62]), sum([True, True]), sum(x for x in (1, 2)), sum([1, 2.5, 3]),
    sum([10**20, -(10**20), 1]), sum([1], start=5), sum({1: 2, 3: 4}), sum([-1, 1, 2**63 - 1, 1])
)
print(
    any([]), all([]), any([0, "", None]), any([0, 1]), all([1, "a", [0]]), all([1, 0]), any(x > 3 for x in range(5)),
    all(x < 3 for x in range(5)), any({0: 1}), all("abc"), any(iter([False, True]))
)
log = []


def noted(values):
    for value in values:
        log.append(value)
        yield value


print(any(noted([0, 1, 2])), log)
log.clear()
print(all(noted([1, 0, 2])), log)
print(
    abs(-5), abs(5.5), abs(-0.0), abs(True), abs(-(2**70)), divmod(17, 5), divmod(-17, 5), divmod(17.5, 5),
    pow(2, 10), pow(2, -1), pow(3, 4, 5), round(2.5), round(3.5), round(-2.5), round(2.675, 2), round(1234, -2),
    round(5), len("abc"), len([]), len({1: 2}), len(range(10)), len(b"ab")
)
print(
    hex(255), oct(8), bin(5), hex(-255), bin(-5), oct(0), chr(97), ord("a"), ascii("é"), repr("x"), id(5) == id(5),
    hash(5), hash("a") == hash("a"), callable(len), bool([]), type(5) is int
)


class Number:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    def __gt__(self, other):
        raise RuntimeError("max uses __gt__")

    def __radd__(self, other):
        return f"{other}+{self.n}"

    def __repr__(self):
        return f"N{self.n}"


print(min([Number(3), Number(1)]), min(Number(2), Number(5)), sum([Number(1)], 5))
try:
    max(Number(1), Number(2))
except RuntimeError as error:
    print(error)


class Added:
    def __add__(self, other):
        return f"add {other}"


print(sum([5], Added()), sum([1, 2], 0.5))
for call in (
    "min()", "min(5)", "min([])", "min(1, 'a')", "min([1, 'a'])", "max([], key=len)", "max(1, 2, default=3)",
    "min([1], key=5)", "max(1, key=len)", "sum()", "sum(5)", "sum(['a'])", "sum([1], 'a')", "sum([b'a'], b'')",
    "sum([[1]])", "sum(1, 2)", "sum([1], 2, 3)", "sum('ab')", "any()", "any(5)", "all(None)", "all(1, 2)", "abs('a')",
    "abs()", "abs(1, 2)", "divmod(1)", "divmod('a', 1)", "divmod(1, 0)", "round('a')", "round(1.5, 'a')",
    "round(1.5, 1.5)", "round()", "len()", "len(5)", "chr(1.5)", "ord('')", "hex('a')", "bin(1.5)",
    "any(1 / 0 for _ in [1])", "max(x for x in 5)", "min(key=len)", "sum(x=1)", "sum([1], start='a')", "pow()",
    "max(*[], default=1)", "max(None, None)", "min([None])"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
