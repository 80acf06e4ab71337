# Places that make instances with keywords, and places that read attributes of classes whose metaclass is Python's,
# stay right when the class, its __init__, its defaults or its metaclass change in mid-run.
import enum


def show(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__ + ": " + str(error)


class Point:
    def __init__(self, x, y=2, *, z=3, name="p"):
        self.all = (x, y, z, name)


def make(n, cls):
    return cls(n, z=n + 1).all


def make_all(n, cls):
    return cls(name="all", z=1, y=n, x=n).all


def make_unknown(n, cls):
    return cls(n, unknown=n).all


def make_twice(n, cls):
    return cls(n, x=n).all


def run(label, cls, rounds=40):
    for function in (make, make_all, make_unknown, make_twice):
        results = {}
        for n in range(rounds):
            result = show(lambda: function(n, cls))
            # By parts, so that nothing is replaced inside the address of what a changed program shows.
            parts = result if isinstance(result, tuple) else (result,)
            results[str(tuple("N" if part == n else part for part in parts))] = result
        print(label, function.__name__, len(results), sorted(results)[0], sorted(results)[-1])


run("plain", Point)
Point.__init__.__defaults__ = (20,)
run("other defaults", Point)
Point.__init__.__kwdefaults__ = {"z": 30, "name": "q"}
run("other keyword defaults", Point)
Point.__init__.__kwdefaults__ = None
run("no keyword defaults", Point)


def init(self, x, z, y=0, name="new"):
    self.all = ("new", x, z, y, name)


Point.__init__ = init
run("another __init__", Point)


def returns(self, x, z, y=0, name=""):
    self.all = (x,)
    return x


Point.__init__ = returns
run("__init__ returns", Point)
Point.__init__ = init


class Below(Point):
    pass


run("subclass", Below)
Below.__new__ = lambda cls, *arguments, **keywords: object.__new__(cls)
run("__new__ appears", Below)
del Below.__new__


class Slotted:
    __slots__ = ("all", "more")

    def __init__(self, x, y=5, z=6, name="slotted"):
        self.all = (x, y, z, name)


run("slots", Slotted)


class Deleted:
    count = 0

    def __init__(self, x, y=5, z=6, name="deleted"):
        self.all = (x, y, z, name)

    def __del__(self):
        Deleted.count += 1


run("with __del__", Deleted)


class Meta(type):
    def __call__(cls, *arguments, **keywords):
        made = super().__call__(*arguments, **keywords)
        made.all += ("meta",)
        return made


class WithMeta(metaclass=Meta):
    def __init__(self, x, y=5, z=6, name="meta"):
        self.all = (x, y, z, name)


run("metaclass call", WithMeta)


class Many:
    def __init__(self, a, b, c, d, e, f, g, h, i, j=0, k=1):
        self.all = (a, b, c, d, e, f, g, h, i, j, k)


def many(n):
    return Many(k=n, a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8, i=9).all


def fewer(n):
    return Many(1, 2, 3, k=n, d=4, e=5, f=6, g=7, h=8, i=9).all


print([many(n) for n in range(30)][-1], [fewer(n) for n in range(30)][-1])


class Fails:
    def __init__(self, x, y=1):
        if x == 25:
            raise ValueError(x)
        self.x = x


def fails(n):
    return Fails(x=n).x


print([show(lambda: fails(n)) for n in range(23, 28)], [show(lambda: fails(n)) for n in range(30)][25])


# --- attributes of classes with metaclasses ----------------------------------------------------------------------------
class Kind(enum.Enum):
    FIRST = 1
    SECOND = "two"


class Plain(type):
    meta_only = "meta"

    def __getattr__(cls, name):
        return "missing " + name


class Thing(metaclass=Plain):
    value = 1

    def method(self):
        return "method"

    @staticmethod
    def static(n):
        return ("static", n)

    @classmethod
    def klass(cls, n):
        return (cls.__name__, n)


def read(cls):
    return cls.value


def read_method(cls):
    return cls.method(None), cls.static(1), cls.klass(2), cls.meta_only, cls.nowhere


def read_kinds():
    return Kind.FIRST.name, Kind.SECOND.value, Kind.FIRST is Kind(1)


def hot(function, *arguments):
    results = [show(lambda: function(*arguments)) for _ in range(30)]
    print(function.__name__, results[0], all(r == results[0] for r in results))


hot(read, Thing)
hot(read_method, Thing)
hot(read_kinds)
Thing.value = 2
hot(read, Thing)
Plain.value = property(lambda cls: "from the metaclass")
hot(read, Thing)
del Plain.value
hot(read, Thing)
Plain.value = "plain on the metaclass"
hot(read, Thing)
Plain.__getattribute__ = lambda cls, name: "intercepted " + name
hot(read, Thing)
del Plain.__getattribute__
hot(read, Thing)
del Thing.value
hot(read, Thing)
del Plain.value
hot(read, Thing)


class Other(type):
    value = property(lambda cls: "other metaclass")


class Movable(metaclass=Plain):
    value = "its own"


hot(read, Movable)
Movable.__class__ = Other
hot(read, Movable)


class Base(type):
    pass


class Derived(Base):
    pass


class Leaf(metaclass=Derived):
    value = "leaf"


hot(read, Leaf)
Base.value = property(lambda cls: "base metaclass")
hot(read, Leaf)
del Base.value
hot(read, Leaf)
for cls in (Thing, Leaf, Movable, Kind, Thing, Leaf):
    hot(read, cls)
