# append, extend, insert, pop, remove, index, count, reverse, copy, clear, and sort.

x = [3, 1, 2]
print(
    x.append(4), x, x.extend("ab"), x, x.extend(x), x, x.insert(0, "first"), x.insert(100, "last"),
    x.insert(-1, "before"), x
)
print(
    x.pop(), x.pop(0), x.pop(-2), x.pop(2), x, x.remove("a"), x, x.index("b"), x.count("a"), x.count(99), x.reverse(),
    x, x.clear(), x
)
y = [1, 2, 1, 3, 1.0, True, 1]
print(
    y.count(1), y.index(1, 1), y.index(1, -2), y.index(3, 0, 4), y.remove(1), y, y.copy(), y.copy() is y,
    y.copy() == y, len(y), y.__len__(), y.__contains__(3)
)
for call in (
    "[].pop()", "[1].pop(5)", "[1].pop(-2)", "[1].pop('a')", "[1].pop(1, 2)", "[1].remove(2)", "[1].index(2)",
    "[1, 2].index(2, 0, 1)", "[1].insert(1)", "[1].insert('a', 1)", "[1].append()", "[1].append(1, 2)",
    "[1].extend(5)", "[1].extend()", "[1].nope()", "list(5)", "list(1, 2)", "list(x=1)", "[1].sort(5)",
    "[1].sort(cmp=1)", "[1, 'a'].sort()", "[3, None].sort()", "[1].index()", "[1].copy(1)", "[2, 1].sort(key=5)",
    "[2, 1].sort(reverse='x')", "[2, 1].sort(reverse=None)", "[[1], {}].sort()", "[1].count()", "[1].reverse(1)"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
words = ["banana", "Apple", "cherry", "apple", "Banana", "date", "fig", "Elder"]
words.sort()
print(words)
words.sort(key=str.lower)
print(words)
words.sort(key=len, reverse=True)
print(words)
words.sort(key=lambda word: (len(word), word.lower()))
print(words)
pairs = [(i % 3, i) for i in range(12)]
pairs.sort(key=lambda pair: pair[0])
print(pairs)
pairs.sort(key=lambda pair: pair[0], reverse=True)
print(pairs)
numbers = [(i * 7919) % 1009 for i in range(1000)]
expected = []
for n in range(1009):
    expected += [n] * numbers.count(n)
numbers.sort()
print(
    numbers == expected, numbers[:5], sorted(range(20), key=lambda i: i % 5), sorted([0.5, 2**70, -1, True, 1e100]),
    sorted([[2, 1], [1, 5], [1]]), sorted("hello world"), sorted({3: 0, 1: 0}), sorted((2, 1), reverse=True)
)


class Ordered:
    comparisons = 0

    def __init__(self, value):
        self.value = value

    def __lt__(self, other):
        Ordered.comparisons += 1
        return self.value < other.value

    def __repr__(self):
        return f"O{self.value}"


objects = [Ordered(i) for i in (5, 2, 8, 1, 9, 3)]
print(sorted(objects), min(objects), max(objects, key=lambda o: o.value), Ordered.comparisons > 0)


class Explodes:
    def __lt__(self, other):
        raise ValueError("cannot compare")


values = [Explodes(), Explodes(), 1]
try:
    values.sort()
except ValueError as error:
    print(error, len(values))
mutated = [3, 2, 1]
try:
    mutated.sort(key=lambda item: mutated.append(item) or item)
except ValueError as error:
    print(error)
grown = [1, 2, 3]
for item in grown:
    if len(grown) < 8:
        grown.append(item * 10)
print(grown)
shrunk = list(range(10))
for item in shrunk:
    shrunk.remove(item)
print(shrunk)
iterator = iter([1, 2, 3])
print(
    next(iterator), list(iterator), list(iterator), next(iterator, "done"), iterator.__length_hint__(),
    list(reversed([1, 2, 3])), [1, 2, 3].__reversed__().__next__()
)
print(
    x.__class__, list.__name__, [].__doc__ is not None, list.append([], 1), list.__add__([1], [2]), [1].__eq__(5),
    [1].__mul__(2), [].__iadd__("ab"), type([]) is list
)
