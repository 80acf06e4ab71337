# __new__ and __init__: arguments, returning other types, immutable subclasses, class bodies and class attributes.

log = []


class Traced:
    def __new__(cls, *args, **kwargs):
        log.append(f"new {cls.__name__} {args} {kwargs}")
        return super().__new__(cls)

    def __init__(self, *args, **kwargs):
        log.append(f"init {args} {kwargs}")


class Sub(Traced):
    def __init__(self, only):
        super().__init__("from sub", key=only)


class Other:
    def __new__(cls):
        return 42

    def __init__(self):
        log.append("never called")


class Subclass(Traced):
    def __new__(cls, *args):
        return Sub("inner") if args == ("sub",) else super().__new__(cls, *args)


Traced(1, k=2)
Sub(3)
print(Other(), log)
log.clear()
try:
    Subclass("sub")
except TypeError as error:
    print(error)
print(log, type(Subclass("x")).__name__)


class Inch(float):
    def __new__(cls, value, unit="in"):
        self = super().__new__(cls, value * (12 if unit == "ft" else 1))
        self.unit = unit
        return self


class Pair(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    first = property(lambda self: self[0])


class Upper(str):
    def __new__(cls, text):
        return super().__new__(cls, text.upper())


class Frozen(frozenset):
    def __init__(self, items):
        self.count = len(items)


class Stack(list):
    def __init__(self, *items):
        super().__init__(items)
        self.pushes = len(items)


class Config(dict):
    def __init__(self, **options):
        super().__init__(options, fixed=True)


class Error(Exception):
    def __new__(cls, *args):
        self = super().__new__(cls, "args from __new__")
        return self

    def __init__(self, *args):
        pass


print(
    Inch(2, "ft"), Inch(3).unit, Pair(1, 2), Pair(1, 2).first, Upper("abc"), sorted(Frozen([1, 2])),
    Frozen([1, 1]).count, Stack(1, 2), Stack(1).pushes, Config(a=1), Error(5).args
)


class InitReturns:
    def __init__(self, value):
        return value


class NoSuperNew:
    def __new__(cls):
        pass


class InitOnly:
    def __init__(self, a):
        self.a = a


class NewOnly:
    def __new__(cls, a):
        return super().__new__(cls)


class Neither:
    pass


class Abstracted:
    __init__ = None


for call in (
    "InitReturns(None)", "InitReturns(5)", "NoSuperNew()", "InitOnly()", "InitOnly(1, 2)", "NewOnly()", "NewOnly(1)",
    "NewOnly(1, 2)", "Neither(1)", "Neither(x=1)", "Abstracted()", "object(1)", "object.__new__()",
    "object.__new__(5)", "object.__new__(int)", "object.__new__(Neither, 1)", "object.__new__(InitOnly, 1)",
    "int.__new__(str)", "int.__new__(Neither)", "tuple.__new__(list)", "str.__new__(int)", "type.__new__(type)",
    "Neither.__new__()", "Neither.__init__()", "Neither().__init__(1)", "InitOnly.__new__(InitOnly)",
    "list.__new__(list, 1, 2)", "bool.__new__(int)", "int.__new__()", "type(None)()", "type(...)()",
    "type(lambda: 0)()", "type(None)(1)", "type(len)()", "type((x for x in ()))()", "range.__new__(range)"
):
    try:
        print(call, "=", repr(eval(call)).split(" at ")[0])
    except Exception as error:
        print(call, "->", type(error).__name__, error)
i = InitOnly.__new__(InitOnly)
print(hasattr(i, "a"), i.__init__(7), i.a)


class Body:
    x = 1
    y = x + 1
    items = [x for x in range(3)]
    for loop_variable in range(2):
        pass
    if x:
        conditional = "defined"
    else:
        other = "not defined"
    try:
        1 / 0
    except ZeroDivisionError:
        handled = True
    with_lambda = lambda self: self.x
    del y
    __private = "private"

    def method(self):
        return self.x

    alias = method
    print("in the body", __name__, __qualname__, x, sorted(k for k in locals() if not k.startswith("__")))


print(
    sorted(k for k in vars(Body) if not k.startswith("__")), Body().alias(), Body().with_lambda(), Body.__doc__,
    Body.__module__, Body.__dict__["__module__"]
)


def factory(base, value):
    class Made(base):
        "Made by a factory."
        attribute = value

        def get(self):
            return value, self.attribute, __class__.__name__

    return Made


First, Second = factory(object, 1), factory(int, 2)
print(First().get(), Second(5).get(), Second(5) + 1, First is factory(object, 1), First.__qualname__, First.__doc__)


class Counter:
    instances = 0
    shared = []

    def __init__(self):
        Counter.instances += 1
        self.instances_seen = self.instances
        self.shared.append(self.instances)


Counter(), Counter(), Counter()
c = Counter()
c.instances += 10
print(Counter.instances, c.instances, c.shared, c.__dict__, Counter.shared is c.shared)


class Annotated:
    a: int
    b: str = "default"
    c: "forward" = None
    (d): int = 3


print(Annotated.__annotations__, hasattr(Annotated, "a"), Annotated.b, Annotated.d)
