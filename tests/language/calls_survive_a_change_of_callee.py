# A place that has called the same thing many times must notice when it is something else: another function, other
# defaults, another __init__, another class. Every loop is long enough for any adaptive interpreter to have settled.

N = 60


def show(label, *values):
    print(label, *values)


def call1(f, x):
    return f(x)


# --- functions ---------------------------------------------------------------------------------------------------------
def first(x):
    return ("first", x)


def second(x, extra="extra"):
    return ("second", x, extra)


def third(*args):
    return ("third", args)


def fourth(x, *, key="k"):
    return ("fourth", x, key)


def generator(x):
    yield x
    yield x + 1


for f in (first, second, third, fourth, generator, lambda x: x, first):
    for i in range(N):
        result = call1(f, i)
    show("callee", f.__name__, list(result) if f is generator else result)


# __code__ replaced
def replaced(x):
    return x + 1


def other(x):
    y = x * 10
    z = y + 1
    return [x, y, z]


total = 0
for i in range(N):
    total += call1(replaced, i)
replaced.__code__ = other.__code__
show("code", total, call1(replaced, 3), call1(replaced, 4))


# __defaults__ and __kwdefaults__ replaced
def defaulted(a, b=1, c=2):
    return a, b, c


def call_default(x):
    return defaulted(x)


for i in range(N):
    result = call_default(i)
show("defaults", result)
for defaults in ((7, 8), (9,), None, (1, 2, 3), (4, 5, 6)):
    defaulted.__defaults__ = defaults
    for i in range(N):
        try:
            result = call_default(i)
        except TypeError as error:
            result = str(error)
    show("defaults", defaults, result)


def keywords(a, b=1, *, c=2, d):
    return a, b, c, d


def call_keywords(x):
    return keywords(x, d=x + 1), keywords(d=x, a=3), keywords(x, b=5, d=1, c=9)


for i in range(N):
    result = call_keywords(i)
show("keywords", result)
for kwdefaults in ({"c": 20}, {"c": 30, "d": 40}, None, {"d": 1}):
    keywords.__kwdefaults__ = kwdefaults
    for i in range(N):
        try:
            result = call_keywords(i)
        except TypeError as error:
            result = str(error)
    show("kwdefaults", kwdefaults, result)


def closures(n):
    def inner(x):
        return x + n

    return inner


show("closures", [call1(closures(i), i) for i in range(N)][-3:])


# --- methods -----------------------------------------------------------------------------------------------------------
class Base:
    def __init__(self, value=0):
        self.value = value

    def method(self, x):
        return self.value + x

    def defaulted(self, x=5):
        return self.value - x

    @classmethod
    def of(cls, value):
        return cls(value)

    @staticmethod
    def plain(x):
        return x * 2


class Derived(Base):
    def method(self, x):
        return super().method(x) * 100


def use(o, x):
    bound = o.method
    return o.method(x), bound(x), o.defaulted(), o.defaulted(1), o.of(3).value, o.plain(x)


for o in (Base(1), Derived(2), Base(3)):
    for i in range(N):
        result = use(o, i)
    show("methods", type(o).__name__, result)
Base.method = lambda self, x: ("patched", x)
show("methods", use(Base(1), 2))
Base.method = len
try:
    use(Base(1), 2)
except TypeError as error:
    show("methods", error)


# --- classes -----------------------------------------------------------------------------------------------------------
class Point:
    def __init__(self, x, y=10):
        self.x = x
        self.y = y


class Slotted:
    __slots__ = ("a", "b")

    def __init__(self, a):
        self.a = a


class Empty:
    pass


def make(cls, *args):
    return cls(*args)


def make1(cls, x):
    return cls(x)


def make2(cls, x):
    return cls(x, 3)


def make0(cls):
    return cls()


for i in range(N):
    p, q, s, e = make1(Point, i), make2(Point, i), make1(Slotted, i), make0(Empty)
show("class", p.x, p.y, q.y, s.a, hasattr(s, "b"), vars(e))
Point.__init__ = lambda self, x, y=20: setattr(self, "z", (x, y))
p, q = make1(Point, 1), make2(Point, 2)
show("init", vars(p), vars(q))


def returns_something(self, x, y=0):
    return x


Point.__init__ = returns_something
for i in range(3):
    try:
        make1(Point, i)
    except TypeError as error:
        show("init", error)
del Point.__init__
for i in range(3):
    try:
        make1(Point, i)
    except TypeError as error:
        show("init", error)


def new(cls, x=None, *rest):
    self = object.__new__(cls)
    self.made = x
    return self


Slotted.__new__ = lambda cls, a: "not an instance"
show("new", make1(Slotted, 1))
Empty.__new__ = staticmethod(new)
show("new", vars(make0(Empty)))


class Meta(type):
    pass


class WithMeta(metaclass=Meta):
    def __init__(self, x):
        self.x = x


for i in range(N):
    w = make1(WithMeta, i)
show("metaclass", w.x)
Meta.__call__ = lambda cls, *args: ("called", cls.__name__, args)
show("metaclass", make1(WithMeta, 5))


class Abstract:
    def __init__(self, x):
        self.x = x


for i in range(N):
    a = make1(Abstract, i)
Abstract.__abstractmethods__ = frozenset({"m"})
try:
    make1(Abstract, 1)
except TypeError as error:
    show("abstract", error)
Abstract.__abstractmethods__ = frozenset()
show("abstract", make1(Abstract, 7).x)


class Raising:
    def __init__(self, x):
        if x == N - 1:
            raise ValueError(x)
        self.x = x


def make_raising(x):
    return Raising(x)


for i in range(N):
    try:
        make_raising(i)
    except ValueError as error:
        place = error.__traceback__.tb_next
        show("raised", error, place.tb_lineno, place.tb_next.tb_lineno, place.tb_next.tb_frame.f_code.co_name)

# a class of the same name, again and again
for i in range(N):
    class Again:
        def __init__(self, x):
            self.x = (i, x)

    result = make1(Again, i).x
show("again", result)


# --- built-in classes --------------------------------------------------------------------------------------------------
class MyStr(str):
    pass


class Shown:
    def __str__(self):
        return MyStr("shown")


for cls in (str, int, float, tuple, list, set, bool, range, type, ValueError, MyStr, frozenset, dict, bytes, str):
    for i in range(N):
        try:
            result = make1(cls, "12" if cls not in (range, bytes) else 2)
        except Exception as error:
            result = error
    show("built-in", cls.__name__, sorted(result) if cls in (set, frozenset) else repr(result), type(result).__name__)
text = Shown()
show("str", type(make1(str, text)).__name__, make1(str, text), make1(str, MyStr("x")), type(make1(str, MyStr("x"))).__name__)
same = (1, 2)
show("tuple", make1(tuple, same) is same, make1(tuple, [1, 2]))


# --- constructors in C++ with an __init__ in Python --------------------------------------------------------------------
class Failed(Exception):
    def __init__(self, code, detail="none"):
        super().__init__(code)
        self.code = code
        self.detail = detail


class Stack(list):
    def __init__(self, *items):
        super().__init__(items)
        self.pushed = len(items)


class Number(int):
    def __init__(self, value):
        self.source = value


class Plain(Exception):
    pass


for cls in (Failed, Stack, Number, Plain, Failed):
    for i in range(N):
        made = make1(cls, i)
    show("native", cls.__name__, repr(made), sorted(vars(made).items()))


def raise_failed(i):
    try:
        raise Failed(i, detail="d")
    except Failed as error:
        return error.code, error.args, error.detail, error.__traceback__.tb_lineno


for i in range(N):
    result = raise_failed(i)
show("native", result)
for broken in (lambda self: None, returns_something, lambda self, *args: self.update(args), 5):
    Failed.__init__ = broken
    try:
        show("native", repr(make1(Failed, 3)))
    except (TypeError, AttributeError) as error:
        show("native", type(error).__name__, error)
del Failed.__init__
show("native", repr(make1(Failed, 3)))


class Replaces:
    def __int__(self):
        Number.__init__ = lambda self, value: setattr(self, "source", "replaced meanwhile")
        return 9


show("native", make1(Number, Replaces()).source)


# --- one function after another at one place ---------------------------------------------------------------------------
class Cat:
    def sound(self, times):
        return "meow" * times


class Dog:
    def sound(self, times=1):
        return "woof" * times


class Cow:
    def __init__(self):
        self.sound = lambda times: "moo" * times


class Fish:
    def sound(self, *times):
        return times


animals = [Cat(), Dog(), Cow(), Fish(), Cat(), Cat(), Dog()]
heard = [animal.sound(1 + i % 3) for i in range(400) for animal in animals]
show("animals", len(heard), heard[:14], heard[-7:])


def apply(functions, x):
    for f in functions:
        x = f(x)
    return x


made = [lambda x, n=n: x + n for n in range(5)] + [lambda x: x * 2 for n in range(5)]
show("functions", [apply(made, i) for i in range(80)][-3:])


def nested(n):
    def inner(x):
        return x + n

    def counting(x):
        nonlocal n
        n += 1
        return inner(x)

    return inner, counting


for i in range(200):
    inner, counting = nested(i)
    result = call1(inner, 1), call1(counting, 1), call1(inner, 1)
show("functions", result)
