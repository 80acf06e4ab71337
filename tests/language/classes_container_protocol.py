# __len__, __getitem__, __setitem__, __delitem__, __contains__, __iter__, __missing__, __call__ and __bool__ of classes.


class Grid:
    def __init__(self, width, height):
        self.width, self.cells = width, {}
        self.log = []

    def __len__(self):
        return len(self.cells)

    def __getitem__(self, key):
        self.log.append(("get", key))
        return self.cells.get(key, ".")

    def __setitem__(self, key, value):
        self.log.append(("set", key, value))
        self.cells[key if not isinstance(key, slice) else str(key)] = value

    def __delitem__(self, key):
        self.log.append(("del", key))
        del self.cells[key]

    def __contains__(self, key):
        self.log.append(("in", key))
        return "truthy" if key in self.cells else []

    def __iter__(self):
        return iter(sorted(self.cells))

    def __reversed__(self):
        return reversed(sorted(self.cells))

    def __call__(self, *args, **kwargs):
        return args, kwargs

    def __length_hint__(self):
        return 100


g = Grid(2, 2)
g[0, 1] = "a"
g[1, 0] = "b"
g[0, 1] += "c"
print(
    len(g), g[0, 1], g[9, 9], (0, 1) in g, (5, 5) in g, (5, 5) not in g, list(g), list(reversed(g)), bool(g),
    g(1, x=2), [*g], sorted(g, reverse=True)
)
del g[0, 1]
print(g.log, bool(g), len(g), max(g), dict.fromkeys(g), set(g), tuple(g), *g)
del g[1, 0]
print(bool(g), not g, "empty" if not g else "full", list(g))


class OnlyGetItem:
    def __getitem__(self, i):
        if i > 3:
            raise IndexError
        return i * 10


class OnlyIter:
    def __iter__(self):
        yield from "abc"


class ContainsNone:
    __contains__ = None

    def __iter__(self):
        return iter([1])


class ContainsRaises:
    def __contains__(self, item):
        raise LookupError(f"asked for {item}")


class Equal:
    def __eq__(self, other):
        return other == "b"


o = OnlyGetItem()
print(
    20 in o, 25 in o, list(o), o[2], "b" in OnlyIter(), Equal() in OnlyIter(), Equal() in ["x", "b"],
    Equal() in ("x",), "c" not in OnlyIter()
)
for test in (
    lambda: 1 in ContainsNone(), lambda: 1 in ContainsRaises(), lambda: 1 in object(), lambda: len(object()),
    lambda: object()[0], lambda: iter(object()), lambda: reversed(object()), lambda: object()()
):
    try:
        print(test())
    except Exception as error:
        print(type(error).__name__, error)


class Lengths:
    def __init__(self, value):
        self.value = value

    def __len__(self):
        return self.value


for value in (0, 5, -1, 2**70, "x", 1.5, None, True, 2**63 - 1):
    for function in (len, bool):
        try:
            print(value, function.__name__, function(Lengths(value)))
        except Exception as error:
            print(value, function.__name__, type(error).__name__, error)


class Callable:
    def __call__(self):
        return "called"


class CallableAttribute:
    __call__ = Callable()


class CallsClass:
    __call__ = int


print(
    Callable()(), CallableAttribute()(), callable(Callable()), callable(Callable), callable(5), callable(len),
    callable(lambda: 0), Callable.__call__(Callable()), Callable().__call__(), Callable().__call__.__call__(),
    CallsClass()("12")
)


class MyList(list):
    def __getitem__(self, index):
        return f"item {super().__getitem__(index)}"

    def __len__(self):
        return 99

    def __contains__(self, item):
        return item == "special"

    def append(self, item):
        super().append(item * 2)


m = MyList([1, 2, 3])
m.append(5)
print(
    m[0], m, len(m), list.__len__(m), "special" in m, 1 in m, [x for x in m], m[1:3], m == [1, 2, 3, 10],
    type(m + [1]).__name__, sum(m), list(m), max(m), m.index(2), bool(MyList()), sorted(m, reverse=True)
)


class MyDict(dict):
    def __getitem__(self, key):
        return f"value of {key}"

    def __setitem__(self, key, value):
        super().__setitem__(key, (value, "stored"))

    def __iter__(self):
        return iter(["custom iteration"])


d = MyDict(a=1)
d["b"] = 2
d.update(c=3)
print(
    d["zzz"], d.get("a"), d, list(d), list(d.keys()), dict(d), {**d}, "a" in d, d.pop("b"), d.setdefault("q", 5),
    len(d), "%(anything)s" % d, "{x}".format_map(d)
)


class MyStr(str):
    def __len__(self):
        return 50

    def __getitem__(self, i):
        return "?"

    def upper(self):
        return "own upper"

    def __str__(self):
        return "own str"

    def __format__(self, spec):
        return f"own format {spec}"

    def __hash__(self):
        return 7

    def __eq__(self, other):
        return str.__eq__(self, other)


s = MyStr("text")
print(
    len(s), s[0], s.upper(), s.lower(), str(s), f"{s}", f"{s:>5}", "%s" % s, s + "!", type(s + "!").__name__,
    s.__class__.__name__, "".join([s]), repr(s), hash(s), {s: 1}.get("text"), s == "text", "text" == s,
    [c for c in s], s.join("ab"), print(s)
)


class MyInt(int):
    def __str__(self):
        return "own int str"

    def __index__(self):
        return 100

    def __bool__(self):
        return False


i = MyInt(3)
print(
    i, i + 1, [10, 20, 30, 40][i], repr(i), f"{i}", f"{i:d}", "%d" % i, "%s" % i, bool(i), not i, i == 3, range(i),
    type(i * 2).__name__, int(i), {3: "three"}[i], "abcd"[i], [0] * i, hex(i)
)
