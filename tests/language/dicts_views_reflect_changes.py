# keys(), values() and items() are live views with set operations; reversed and iterators of dicts.

d = {"a": 1, "b": 2, "c": 3}
keys, values, items = d.keys(), d.values(), d.items()
print(
    keys, values, items, len(keys), len(values), len(items), type(keys).__name__, type(values).__name__,
    type(items).__name__
)
d["d"] = 4
del d["a"]
print(keys, values, items, "d" in keys, 4 in values, ("d", 4) in items, ("d", 5) in items, "d" in items, list(keys))
print(
    sorted(keys & {"b", "x"}), sorted(keys | {"x"}), sorted(keys - {"b"}), sorted(keys ^ {"b", "x"}),
    sorted({"b", "z"} - keys), sorted(keys & ["b", "b"]), sorted(items & {("b", 2), ("b", 3)})
)
print(
    keys == {"b", "c", "d"}, keys == ["b", "c", "d"], keys < {"b", "c", "d", "e"}, keys >= {"b"},
    keys.isdisjoint(["x"]), keys.isdisjoint("b"), items == {("b", 2), ("c", 3), ("d", 4)},
    {1: 2}.keys() == {1: 3}.keys(), {1: 2}.values() == {1: 2}.values()
)
print(
    list(reversed(d)), list(reversed(d.keys())), list(reversed(d.values())), list(reversed(d.items())),
    d.keys().mapping, next(iter(d)), next(reversed(d.items()))
)
for call in (
    "keys[0]", "keys + keys", "keys.append(1)", "values & values", "items | 5", "keys < [1]", "hash(keys)",
    "d.keys(1)", "keys & 5", "next(iter({}))", "[1] in keys", "values == values", "keys.mapping['zz']"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
for view in (d.keys(), d.values(), d.items()):
    iterator = iter(view)
    print(
        type(iterator).__name__, iterator.__length_hint__(), next(iterator), iterator.__length_hint__(),
        list(iterator), next(iterator, "end")
    )
iterator = iter(d)
next(iterator)
d["e"] = 5
try:
    next(iterator)
except RuntimeError as error:
    print(error)
iterator = iter(d.items())
next(iterator)
d.pop("e")
d["f"] = 6
print(list(iterator))
for method in ("keys", "values", "items"):
    print(method, [entry for entry in getattr({2: "two", 1: "one"}, method)()])


class Missing(dict):
    def __missing__(self, key):
        self[key] = value = f"made {key}"
        return value


m = Missing(a=1)
print(m["a"], m["z"], m, m.get("q"), "q" in m, type(m.copy()).__name__, m | {"k": 1}, type(m | {}).__name__)


class BadMissing(dict):
    __missing__ = None


try:
    BadMissing()["x"]
except TypeError as error:
    print(error)


class Key:
    def __init__(self, name, code):
        self.name, self.code = name, code

    def __hash__(self):
        return self.code

    def __eq__(self, other):
        return isinstance(other, Key) and self.name == other.name

    def __repr__(self):
        return f"Key({self.name})"


collide = {Key(name, 7): name for name in "abcdef"}
print(collide, collide[Key("d", 7)], Key("d", 8) in collide, collide.pop(Key("c", 7)), list(collide))


class BadEq:
    def __hash__(self):
        return 1

    def __eq__(self, other):
        raise ValueError("no comparing")


bad = {BadEq(): 1}
for action in (
    lambda: bad[BadEq()], lambda: BadEq() in bad, lambda: bad.get(BadEq()), lambda: bad.update({BadEq(): 2})
):
    try:
        print(action())
    except ValueError as error:
        print(error)
print(
    {k: v for v, k in enumerate("hello")}, dict(sorted({"z": 1, "a": 2}.items())),
    max({"a": 5, "b": 9}, key={"a": 5, "b": 9}.get), dict(map(lambda i: (i, i * i), range(4))), {**{}},
    dict({}.items())
)
