# zip, map, filter, enumerate, reversed, iter and next: laziness, unequal lengths, strict, state and errors.

print(
    list(zip()), list(zip("ab")), list(zip("abc", [1, 2])), list(zip(range(3), "xyz", [True] * 3)),
    list(zip(*[[1, 2], [3, 4]])), dict(zip("ab", range(2))), list(zip([1, 2], [3, 4], strict=True))
)
for arguments in (([1], []), ([1, 2], [1]), ([], [1]), ([1, 2], [1, 2], [1]), ([1], [1], [1, 2])):
    try:
        print(list(zip(*arguments, strict=True)))
    except ValueError as error:
        print(error)
print(
    list(map(str, [1, 2])), list(map(lambda a, b: a * b, [1, 2, 3], [4, 5])), list(map(max, "ad", "bc")),
    list(map(int, "123")), list(map(lambda *a: a, "ab", "cd", "ef")), sum(map(len, ["a", "bb"])),
    list(map(bool, [0, 1]))
)
print(
    list(filter(None, [0, 1, "", "a", [], [0]])), list(filter(lambda x: x % 2, range(6))),
    list(filter(str.isdigit, "a1b2")), list(filter(bool, [0, 1])), "".join(filter(lambda c: c > "b", "abcd"))
)
print(
    list(enumerate("ab")), list(enumerate("ab", 5)), list(enumerate([], 1)), list(enumerate("ab", start=-1)),
    list(enumerate("a", 10**20)), list(enumerate("ab", 2**63 - 1)), next(enumerate("x", True))
)
print(
    list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed(range(5))), list(reversed((1,))),
    list(reversed({1: 2, 3: 4})), list(reversed([]))
)
log = []


def noted(name, values):
    for value in values:
        log.append(f"{name}{value}")
        yield value


z = zip(noted("a", range(3)), noted("b", range(2)))
print(next(z), log, list(z), log)
log.clear()
m = map(lambda x: log.append(f"map{x}") or x * 10, noted("m", range(3)))
print(log, next(m), log, list(m))
log.clear()
f = filter(lambda x: log.append(f"test{x}") or x == 2, noted("f", range(4)))
print(next(f), log)
shared = iter(range(6))
print(list(zip(shared, shared)), list(shared))
source = iter([1, 2, 3])
print(list(zip(source, [10])), list(source))
source = iter([1, 2, 3])
print(list(zip([10], source)), list(source))
e = enumerate(noted("e", "xy"))
print(next(e), next(e), next(e, "end"), next(e, "end"))


def fails(x):
    if x == 2:
        raise ValueError(f"refused {x}")
    return x


m = map(fails, [1, 2, 3])
print(next(m))
try:
    next(m)
except ValueError as error:
    print(error)
print(next(m), next(m, "end"))


def stops(x):
    if x == 2:
        raise StopIteration
    return x


print(list(map(stops, [1, 2, 3])), list(filter(stops, [1, 2, 3])))
for call in (
    "zip(5)", "zip([1], 5)", "zip([1], nope=1)", "map()", "map(len)", "map(len, 5)", "list(map(5, [1]))",
    "list(map(len, [5]))", "list(map(lambda: 0, [1]))", "filter()", "filter(None)", "filter(None, 5)",
    "list(filter(5, [1]))", "list(filter(len, [5]))", "filter(None, [], [])", "enumerate()", "enumerate(5)",
    "enumerate([], 'a')", "enumerate([], 1, 2)", "enumerate(iterable=[1])", "list(enumerate(start=5, iterable='a'))",
    "enumerate([], 1.5)", "reversed()", "reversed(5)", "reversed(iter([]))", "reversed({1})", "reversed([], [])",
    "iter()", "iter(5)", "iter(5, 5)", "next()", "next(5)", "next([])", "next(iter([]))", "next(iter([]), 1, 2)",
    "map(function=len, iterable=[])", "filter(function=None, iterable=[])", "zip(strict=True)", "reversed(x=1)",
    "iter(len, 5, 5)"
):
    try:
        value = eval(call)
        print(call, "=", value if not hasattr(value, "__next__") else type(value).__name__)
    except Exception as error:
        print(call, "->", type(error).__name__, error)


class Pred:
    def __call__(self, x):
        return x > 1


class Reversible:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        return f"r{i}"


print(
    list(filter(Pred(), [1, 2, 3])), list(map(Pred(), [1, 2])), list(reversed(Reversible())),
    list(map(list, zip("ab", "cd"))), [list(g) for g in map(range, [1, 2])], list(map(str.upper, ["a"])),
    list(map("{}-{}".format, "ab", "cd")), list(map([10, 20].__getitem__, [1, 0])), list(map(dict.get, [{1: 2}], [1]))
)
print(*map(lambda kv: f"{kv[0]}={kv[1]}", {"a": 1, "b": 2}.items()), *zip("ab", "cd"), *enumerate("z"), sep="|")
chained = map(str, filter(lambda n: n % 2, map(lambda n: n * 3, range(6))))
print(
    next(chained), list(chained), max(map(len, ["a", "abc"])), all(map(str.isalpha, "ab")), set(map(abs, [-1, 1])),
    tuple(zip("ab")), sorted(map(lambda x: -x, range(3)))
)
r = reversed([1, 2, 3])
print(
    r.__length_hint__(), next(r), r.__length_hint__(), iter(range(5)).__length_hint__(),
    iter([1, 2]).__length_hint__()
)
