# Sets and frozensets: operators, methods, comparison, and the iteration order of small integers.

s = {3, 1, 2, 1}
print(
    s, len(s), 2 in s, 5 in s, set(), {*()}, set("a"), set([1, 2, 2]), frozenset([1, 2]), frozenset(), {1, 1.0, True},
    {x % 3 for x in range(10)}
)
print(
    {5, 1, 9, 3}, {8, 16, 24, 0}, {-1, -2, 0, 1}, {100, 7, 33, 64, 65}, set(range(20)), set(range(0, 100, 7)),
    {2**61 - 1, 5}, set(range(50, 30, -1)), {1 << i for i in range(12)}
)
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(
    a | b, a & b, a - b, b - a, a ^ b, a.union(b, [9]), a.intersection(b, (3,)), a.difference([1], [2]),
    a.symmetric_difference([1, 9]), a.union(), a.union("") == a
)
print(
    a < b, a <= a, a < a, {1} < a, a > {1}, a >= {1, 9}, a == {4, 3, 2, 1}, a != b, a == frozenset(a),
    a == [1, 2, 3, 4], a.issubset(range(10)), a.issuperset([1]), a.isdisjoint([9]), a.isdisjoint(b)
)
c = set(a)
print(
    c.add(9), c.add(9), c, c.discard(9), c.discard(99), c, c.remove(1), c, c.update([7], (8,), {7}), c,
    c.pop() in (2, 3, 4, 7, 8), len(c), c.clear(), c
)
for statement in (
    "c |= {5, 6}", "c &= {2, 3, 9}", "c -= {3}", "c ^= {3, 10}", "c.intersection_update([2, 3])",
    "c.difference_update([1], [2])", "c.symmetric_difference_update([3, 7])"
):
    c = {1, 2, 3}
    exec(statement)
    print(statement, sorted(c))
for call in (
    "{1}.remove(2)", "set().pop()", "{[1]}", "{1} | [2]", "{1} & 5", "{1} + {2}", "{1} < [1]", "set(5)", "set(1, 2)",
    "{1}.add([1])", "{1}.add()", "hash({1})", "[1] in {1}", "{1}.update(5)", "{1}.union(5)", "frozenset([1]).add(2)",
    "set(x=1)", "{1}.remove([2])", "{1} - 'a'", "{1}.issubset(5)", "frozenset(1)", "{{1}}", "{1} >= 2"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
f = frozenset([1, 2, 3])
print(
    f, f | {9}, {9} | f, type(f | {9}).__name__, type({9} | f).__name__, hash(f) == hash(frozenset([3, 2, 1])),
    {f: "key"}[frozenset([1, 2, 3])], f in {f}, {1, 2, 3} in {f}, f.copy() is f, frozenset(f) is f, hash(frozenset()),
    hash(frozenset([1, 2])), hash(frozenset(range(10)))
)
g = f
g |= {4}
print(f, g, repr({frozenset([1])}), set([frozenset()]), {None}, {()}, {"x"})
changing = {1, 2, 3}
try:
    for item in changing:
        changing.add(item + 10)
except RuntimeError as error:
    print(error)
big = set()
for i in range(3000):
    big.add(i * i % 1013)
for i in range(0, 1013, 2):
    big.discard(i)
print(len(big), sum(big), list(big)[:10], list(big)[-5:], min(big), max(big))
iterator = iter({1, 2, 3})
print(
    type(iterator).__name__, iterator.__length_hint__(), next(iterator), iterator.__length_hint__(), list(iterator),
    sorted({3, 1, 2}, reverse=True), sum({1, 2}), max({4, 7}), sorted({"b", "a"}), [*{1}], (*{2, 1},)
)


class MySet(set):
    def __repr__(self):
        return "My" + repr(sorted(self))


m = MySet([1, 2])
print(
    m, m | {3}, type(m | {3}).__name__, type(m.copy()).__name__, m == {1, 2}, MySet() == set(), type({3} | m).__name__
)
h = hash(frozenset([frozenset(), 5]))
print(
    h == hash(frozenset([5, frozenset()])), {1, 2}.__contains__(1), {1}.__or__([2]), {1}.__eq__([1]),
    {1}.__sub__({1}), {frozenset([1]), frozenset([1])} == {frozenset([1])}, frozenset([1]) in {frozenset([1])},
    {1} in [frozenset([1])]
)
