# defaultdict, the attributes of namedtuples, and counting.
from _collections import _count_elements, _tuplegetter, defaultdict

words = "the quick brown fox jumps over the lazy dog and the quick cat".split()
counts, places = defaultdict(int), defaultdict(list)
for i, word in enumerate(words):
    counts[word] += 1
    places[word].append(i)
print(counts, places, dict(counts) == counts)
d = defaultdict(lambda: defaultdict(set))
for a, b, c in [(1, 2, 3), (1, 2, 4), (2, 1, 1)]:
    d[a][b].add(c)
print({k: dict(v) for k, v in d.items()}, d.get(9), 9 in d, d.pop(1), len(d))
d = defaultdict(list, {1: [2]}, x=3)
d.default_factory = None
try:
    d["missing"]
except KeyError as error:
    print("KeyError", error)
d.default_factory = int
print(d["new"], d, d.copy(), type(d | {}).__name__)
d |= {"q": 1}
print(d)
del d.default_factory
print(d.default_factory, d)


class Recording(defaultdict):
    def __missing__(self, key):
        value = self[key] = "made " + repr(key)
        return value


class Noted(defaultdict):
    __slots__ = ("note", "other")


r = Recording(int, a=1)
r.attribute = 5
print(r["b"], r, r.attribute, r.__dict__, type(r.copy()).__name__, r.default_factory)
n = Noted(list)
n.note = "n"
n[1].append(2)
print(n, n.note, hasattr(n, "other"), n.default_factory)


class Failing(dict):
    def __missing__(self, key):
        raise LookupError(key)


try:
    Failing()[3]
except LookupError as error:
    print(type(error).__name__, error)


class Point(tuple):
    __slots__ = ()
    x = _tuplegetter(0, "The x.")
    y = _tuplegetter(1, "The y.")


p = Point((3, 4))
total = 0
for i in range(200):
    total += p.x * i + p.y
print(total, Point.x, Point.x.__doc__, [q.y for q in [p, Point("ab")]])
for act in (lambda: setattr(p, "x", 1), lambda: delattr(p, "x"), lambda: Point(()).x, lambda: Point.x.__get__(5)):
    try:
        act()
    except Exception as error:
        print(type(error).__name__, error)

for mapping in ({}, defaultdict(int), {"a": 5}):
    _count_elements(mapping, "abracadabra")
    print(mapping)


class Loud(dict):
    def __setitem__(self, key, value):
        print(key, value, end="; ")
        super().__setitem__(key, value)


_count_elements(Loud(), "aab")
print()
