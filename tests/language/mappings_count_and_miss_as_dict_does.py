# Dict subclasses by item: own and inherited __getitem__, __missing__, __setitem__; Counter's counting.
from collections import Counter, OrderedDict, defaultdict


class Missing(dict):
    def __missing__(self, key):
        return f"no {key}"


class Reading(dict):
    def __getitem__(self, key):
        return ("read", dict.get(self, key))


class Writing(dict):
    def __setitem__(self, key, value):
        dict.__setitem__(self, key, [value])


class Plain(dict):
    pass


for kind in (dict, Plain, Missing, Reading, Writing, OrderedDict, Counter):
    d = kind(a=1)
    d["b"] = 2
    d[3] = d["a"]
    for key in ("a", "b", 3, 3.0, True, "zz", (1, 2), []):
        try:
            print(kind.__name__, key, d[key])
        except Exception as error:
            print(kind.__name__, key, type(error).__name__, error)
    print(list(d.items()))

groups = defaultdict(list)
for word in "a bb cc ddd e".split():
    groups[len(word)].append(word)
print(groups, groups[9], len(groups))
try:
    defaultdict()[1]
except KeyError as error:
    print("KeyError", error)
Plain.__missing__ = lambda self, key: key * 2
p = Plain()
print(p[4], p["x"], len(p))
del Plain.__missing__
try:
    p[4]
except KeyError as error:
    print("KeyError", error)
Plain.__getitem__ = lambda self, key: "patched"
print(p[4])
del Plain.__getitem__
Plain.__setitem__ = lambda self, key, value: dict.__setitem__(self, key, "patched")
p[4] = 1
print(p[4])


class Same:
    def __init__(self, number):
        self.number = number

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        return other == self.number


print(Counter([1, 1.0, True, 2, "1", (1,), Same(2), 2, -1, -2, -1, 2**70, 2**70]))
print({1: "a", Same(2): "b"}[2], {2: "c"}[Same(2)], {2.0: "d"}.get(2), {-1: "e", -2: "f"}[-2], {True: "g"}[1], 3 in {1: 1})
c = Counter({"x": True, "y": 1.5, "z": 2**62, "w": 2**47 - 1})
c.update(["x", "y", "z", "w", "w", "v"])
print(c, type(c["x"]))
c["s"] = "text"
try:
    c.update(["s"])
except TypeError as error:
    print(error)


class Loud(Counter):
    def __setitem__(self, key, value):
        print("set", key, value)
        super().__setitem__(key, value)


print(Loud("abca"))
ints = {i: i * i for i in range(100)}
for i in range(0, 100, 2):
    del ints[i]
print(ints.get(50), ints.get(51), ints.pop(51), ints.get(51), len(ints), sum(ints))
