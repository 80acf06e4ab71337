# Dict construction, order, lookup, update, deletion, merge, comparison and iteration.

d = {"b": 1, "a": 2, 3: "c", (1, 2): None}
print(d, len(d), list(d), d["b"], d[3], d[1, 2], "a" in d, "z" in d, 3.0 in d, d.get("a"), d.get("z"), d.get("z", 0))
d["b"] = 10
d["new"] = 5
del d["a"]
d["a"] = "again"
print(d, list(d.keys()), list(d.values()), list(d.items()))
print(d.pop("new"), d.pop("nope", "default"), d.popitem(), d.setdefault("b", 0), d.setdefault("s", []), d)
d["s"].append(1)
print(d, d.copy(), d.copy() == d, d.copy() is d, d.clear(), d)
print(
    dict(), dict(a=1, b=2), dict([("x", 1), ("y", 2)]), dict({"k": "v"}, z=3), dict(zip("abc", range(3))),
    dict([[1, 2], "ab", (3, 4)]), dict.fromkeys("abc"), dict.fromkeys([1, 2], "v"), {**{"a": 1}, "b": 2, **{"a": 3}},
    {1: "int", 1.0: "float", True: "bool"}
)
u = {"a": 1, "b": 2}
u.update({"b": 3, "c": 4})
u.update([("d", 5)], e=6)
u.update(f=7)
u.update()
print(u, u | {"a": 0, "z": 9}, {"x": 1} | u, u)
u |= {"g": 8}
u |= [("h", 9)]
print(u, {} == {}, {1: 2, 3: 4} == {3: 4, 1: 2}, {1: 2} != {1: 3}, {1: 2} == [(1, 2)], {"a": 1} == {"a": 1.0})
for call in (
    "{}['x']", "{}[[1]]", "{[1]: 2}", "{}.pop('x')", "{}.popitem()", "dict([1])", "dict([(1, 2, 3)])",
    "dict(['abc'])", "dict(5)", "dict(1, 2)", "{}.update(5)", "{}.update([1])", "{} | 5", "{} < {}", "{}.get()",
    "{}.get([1])", "{}.setdefault()", "{}.fromkeys(5)", "{}.nope", "{} + {}", "hash({})", "dict(**{1: 2})",
    "dict(a=1, **{'a': 2})", "{(1, []): 2}", "{}.pop()", "{**5}", "{**[1]}", "{'k': 1}['kk']", "{1: 1}[(2, 3)]",
    "{}.update(1, 2)", "{}.copy(1)", "[] in {}"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error, repr(error))
big = {}
for i in range(1000):
    big[i * 7 % 1009] = i
for i in range(0, 1000, 3):
    big.pop(i * 7 % 1009)
for i in range(0, 1000, 6):
    big[i * 7 % 1009] = -i
print(
    len(big), list(big)[:10], list(big)[-5:], sum(big.values()), sum(k * v for k, v in big.items()),
    all(big[k] == v for k, v in big.items())
)
changing = {1: 1, 2: 2}
for attempt in ("changing[3] = 3", "del changing[1]", "changing.clear()"):
    changing = {1: 1, 2: 2}
    try:
        for key in changing:
            exec(attempt)
        print("completed")
    except RuntimeError as error:
        print(attempt, error)
changing = {1: 1, 2: 2, 3: 3}
for key in changing:
    changing[key] = key * 10
print(changing)
try:
    for key in changing:
        del changing[key]
        changing[key + 10] = 0
except RuntimeError as error:
    print(error)
nested = {"a": {"b": {"c": 1}}}
nested["a"]["b"]["c"] += 5
nested["a"]["x"] = nested["a"]["b"]
nested["self"] = nested
print(nested)
