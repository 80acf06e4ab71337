# __slots__: no __dict__, descriptors, inheritance, defaults, deletion and layout conflicts.


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Point3(Point):
    __slots__ = ("z",)


class Open(Point):
    pass


class WithDict:
    __slots__ = ["a", "__dict__"]


class Single:
    __slots__ = "only"


class Empty:
    __slots__ = ()


class Documented:
    __slots__ = {"field": "its documentation"}


class Private:
    __slots__ = ("__hidden",)

    def __init__(self):
        self.__hidden = "mangled slot"


p = Point(1, 2)
p.x += 10
print(
    p.x, p.y, hasattr(p, "__dict__"), Point.__slots__, type(Point.x).__name__, Point.x.__get__(p), repr(Point.x),
    Point.x.__name__
)
Point.x.__set__(p, "set")
print(p.x)
del p.x
for statement in (
    "p.x", "del p.x", "p.z = 1", "p.nope", "p.__dict__", "Point.x.__get__(5)", "Point.x.__set__(5, 1)",
    "Empty().a = 1", "vars(p)", "Point3(1, 2).z", "Point3(1, 2).w = 1", "Single().on"
):
    try:
        exec(statement)
        print(statement, "fine")
    except (AttributeError, TypeError) as error:
        print(statement, "->", type(error).__name__, error)
q = Point3(1, 2)
q.z = 3
o = Open(1, 2)
o.extra = 5
w = WithDict()
w.a, w.b = 1, 2
s = Single()
s.only = 1
print(
    q.x, q.z, hasattr(q, "__dict__"), o.__dict__, o.x, w.__dict__, w.a, s.only, Documented.__slots__,
    Private()._Private__hidden
)
for source in (
    "class X:\n    __slots__ = ('a',)\n    a = 1", "class X:\n    __slots__ = ('1a',)",
    "class X:\n    __slots__ = (5,)", "class X:\n    __slots__ = 5", "class X(int):\n    __slots__ = ('a',)",
    "class X(int):\n    __slots__ = ()\nprint(X(5))", "class X(tuple):\n    __slots__ = ('a',)",
    "class X(Point, Single): pass", "class X(Point, Empty): __slots__ = ()\nprint(X.__mro__[1].__name__)",
    "class X:\n    __slots__ = ('__dict__', '__dict__')", "class X(Open):\n    __slots__ = ('__dict__',)",
    "class X:\n    __slots__ = ('a', 'a')\nprint('duplicates allowed')",
    "class X(Exception):\n    __slots__ = ('a',)\nx = X(1)\nx.a = 2\nprint(x.a, x.args)",
    "class X(dict):\n    __slots__ = ('a',)\nx = X(k=1)\nx.a = 2\nprint(x, x.a)",
    "class X(str):\n    __slots__ = ('a',)\nx = X('text')\nx.a = 1\nprint(x, x.a)"
):
    try:
        exec(source)
    except (TypeError, ValueError) as error:
        print(source.replace("\n", " "), "->", type(error).__name__, error)


class Layered(Point):
    __slots__ = ("x",)


l = Layered(1, 2)
print(
    l.x, Point.x.__get__(l) if hasattr(l, "q") else "base slot hidden",
    sorted(k for k in Layered.__dict__ if not k.startswith("_"))
)
try:
    Point.x.__get__(l)
except AttributeError as error:
    print(error)


class Same1:
    __slots__ = ("a",)


class Same2:
    __slots__ = ("a",)


class Different:
    __slots__ = ("b", "c")


class Free:
    pass


one = Same1()
one.a = 7
one.__class__ = Same2
print(type(one).__name__, one.a)
for target in (Different, Free, Point, int, 5):
    try:
        one.__class__ = target
        print("fine")
    except TypeError as error:
        print(error)
free = Free()
free.x = 1


class Free2:
    y = "class 2"


free.__class__ = Free2
print(free.x, free.y, type(free).__name__)
for value, target in ((5, Free), (free, int), ([], Free), (Free, 5), (free, "x")):
    try:
        value.__class__ = target
        print("fine")
    except TypeError as error:
        print(error)


class Access:
    __slots__ = ("value", "log")

    def __init__(self):
        object.__setattr__(self, "log", [])

    def __setattr__(self, name, value):
        self.log.append(name)
        object.__setattr__(self, name, value)

    def __getattr__(self, name):
        return f"missing {name}"


a = Access()
print(a.value, a.other)
a.value = 1
print(a.value, a.log)
instances = [Point(i, -i) for i in range(100)]
print(sum(i.x - i.y for i in instances), sorted((i.y, i.x) for i in instances[:3]))


class ManySlots:
    __slots__ = tuple(f"s{i}" for i in range(50))


many = ManySlots()
for i in range(0, 50, 2):
    setattr(many, f"s{i}", i)
print(
    [name for name in ManySlots.__slots__ if not hasattr(many, name)][:4],
    sum(getattr(many, f"s{i}", 0) for i in range(50))
)
