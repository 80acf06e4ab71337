# Tuples and lists compare their items by identity, then by ==, and only at the first difference by the operator itself.
import math


class Item:
    def __init__(self, name, equal=True, less=True):
        self.name, self.equal, self.less = name, equal, less

    def __eq__(self, other):
        print(f"{self.name} == {getattr(other, 'name', other)}")
        return self.equal

    def __lt__(self, other):
        print(f"{self.name} < {getattr(other, 'name', other)}")
        return self.less


a, b, c, d = Item("a"), Item("b"), Item("c", equal=False), Item("d", equal=False, less="truthy")
for left, right in [((a,), (b, 1)), ((a, 1), (b,)), ((a,), (a, 1)), ((c, 1), (d, 1)), ((1, c), (1, d)), ((d,), (c,))]:
    print("==", left == right)
    print("!=", left != right)
    print("<", left < right)
    print("list ==", list(left) == list(right))
    print("list <", list(left) < list(right))
# what the items' comparison gives is handed on as it is
print((d,) < (c,), [d] < [c])
nan = math.nan
print((nan,) == (nan,), (nan,) == (float("nan"),), (1, nan) < (1, nan), (nan,) < (float("nan"),))
print((1, 2.0, "x", None) == (True, 2, "x", None), (1, "a") < (1, "b"), (2**70, 1) > (2**70, 0), ((1, 2), 3) < ((1, 3), 0))
print((1, (2, (3, (4,)))) == (1, (2, (3, (4,)))), (1, (2, (3, (4,)))) < (1, (2, (3, (5,)))))
for left, right in [((1,), ("x",)), ((None,), (None, 1)), ((None,), (1,)), ((1, [2]), (1, (2,)))]:
    for operator in ("<", "<=", ">", ">="):
        try:
            print(operator, eval(f"left {operator} right"))
        except TypeError as error:
            print(operator, error)


class Pair(tuple):
    def __eq__(self, other):
        print("Pair.__eq__")
        return NotImplemented

    __hash__ = tuple.__hash__


print(Pair((1, 2)) == (1, 2), (1, 2) == Pair((1, 2)), (Pair((1,)), 2) == ((1,), 2), (1, 2) < Pair((1, 3)))


class Raising:
    def __eq__(self, other):
        raise ValueError("no")


for left, right in [((1, Raising()), (1, 2)), ((Raising(),), ()), ((1, Raising()), (2, 2))]:
    try:
        print(left == right)
    except ValueError as error:
        print("ValueError", error)

deep = ()
for _ in range(100000):
    deep = (deep,)
other = ()
for _ in range(100000):
    other = (other,)
try:
    print(deep == other)
except RecursionError as error:
    print("RecursionError")
while deep:
    deep = deep[0]
while other:
    other = other[0]

# sorting by tuples uses the same rules
items = [(1, "b", 3), (1, "a", 2), (0, "z", 1), (1, "a", 1), (1, "a")]
print(sorted(items), max(items), min(items))
mixed = [(1, 2), (1, "x")]
try:
    sorted(mixed)
except TypeError as error:
    print(error)
print(sorted([(1.5, 2), (1, 3), (2**80, 0), (1.5, 1)]))


class Order:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return [] if self.n >= other.n else [0]


print([x[1].n for x in sorted([(1, Order(3)), (1, Order(1)), (1, Order(2))])])
