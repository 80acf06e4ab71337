# range objects (also huge ones) and slice objects: attributes, indexing, slicing, comparison, hashing and errors.

for r in (
    range(5), range(2, 8), range(0, 10, 3), range(10, 0, -3), range(0), range(5, 5), range(5, 0), range(-3, 3),
    range(0, -10, -2)
):
    print(
        r, len(r), list(r), r.start, r.stop, r.step, bool(r), list(reversed(r)), r[::-1], r[1:], r[:2], r[::2], sum(r)
    )
r = range(0, 20, 3)
print(
    r[0], r[-1], r[2:5], r[5:2], 9 in r, 10 in r, 9.0 in r, "a" in r, True in r, r.index(9), r.count(9), r.count(10),
    r == range(0, 21, 3), r == range(0, 19, 3), hash(r) == hash(range(0, 21, 3)), range(0) == range(5, 5),
    r != list(r), r[True]
)
big = range(10**20, 10**20 + 10, 4)
print(
    big, list(big), len(big), big[1], 10**20 + 4 in big, 10**20 + 5 in big, range(2**62, 2**62 + 3)[2],
    list(range(2**61 - 1, 2**61 + 2)), range(-(2**63), 2**63 - 1)[0], list(range(2**64, 2**64 - 4, -2)),
    sum(range(10**6))
)
for call in (
    "range()", "range(1, 2, 0)", "range(1.5)", "range('a')", "range(1, 2, 3, 4)", "range(5)[5]", "range(5)[-6]",
    "range(5)['a']", "range(5).index(9)", "range(5) + range(5)", "range(5)[0:5:0]", "len(range(10**30))",
    "range(5) < range(6)", "range(None)", "range(stop=5)", "next(range(5))", "range(5).start.x",
    "range(10**30)[10**30]", "range(5).index('a')", "range(2**63).__len__()"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
for statement in ("r[0] = 1", "r.start = 5", "del r[0]"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


class Index:
    def __index__(self):
        return 4


print(
    list(range(Index())), range(Index()), range(10)[Index()], range(True), list(range(False, True)),
    range(1, 10, Index())
)
iterator = iter(range(3))
print(
    type(iterator).__name__, next(iterator), iterator.__length_hint__(), list(iterator), next(iterator, "end"),
    type(iter(range(10**30))).__name__, next(iter(range(10**30, 10**31)))
)
total = 0
for i in range(10, 0, -2):
    total = total * 10 + i
    i = 100
print(total, i)
s = slice(1, 10, 2)
print(
    s, slice(5), slice(1, 2), s.start, s.stop, s.step, s.indices(5), s.indices(100), slice(None).indices(4),
    slice(None, None, -1).indices(4), slice(-3, None).indices(5), slice(10, -10, -2).indices(6), s == slice(1, 10, 2),
    s != slice(1), slice(1, 2) < slice(1, 3), slice("a", None)
)
for call in (
    "slice()", "slice(1, 2, 3, 4)", "hash(slice(1))", "slice(1).indices('a')", "slice('a').indices(5)",
    "slice(0, 5, 0).indices(5)", "slice(1).indices(-1)", "slice(1)[0]", "slice(1).start.x"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)


class Shows:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        print("set", key, value)

    def __delitem__(self, key):
        print("del", key)


show = Shows()
print(
    show[1], show[1:2], show[1:2:3], show[:], show[::], show[1, 2], show[1:2, ...], show[()], show[..., None],
    show[1:2, 3:4], show[*[1, 2], 3], show["a":"b"]
)
show[1:2] = 3
show[1, 2:3] = "x"
del show[5], show[::2]
show[0] += (1,) if isinstance(show[0], tuple) else 1
print("abc"[slice(1)], [1, 2, 3][slice(None, None, -1)], (1, 2, 3)[slice(-2, None)], b"abc"[slice(0, 2)])
