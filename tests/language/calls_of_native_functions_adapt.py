# Built-in functions and methods at places that have settled on one of them: other arguments, other types of self,
# shadowed names, wrong counts.

import builtins

N = 60


def show(label, *values):
    print(label, *values)


def attempt(f, *args):
    try:
        return f(*args)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def length(x):
    return len(x)


class Sized:
    def __len__(self):
        return 42


class SizedList(list):
    def __len__(self):
        return -5


for x in ([1, 2], (1,), "abc", {1: 2}, {1, 2, 3}, b"12345", frozenset((1,)), range(7), Sized(), "x"):
    for i in range(N):
        result = length(x)
    show("len", type(x).__name__, result)
show("len", attempt(length, SizedList()), attempt(length, 5), attempt(length, None))


def is_int(x):
    return isinstance(x, int)


def is_a(x, cls):
    return isinstance(x, cls)


class Proxy:
    def __init__(self, claimed):
        self.claimed = claimed

    @property
    def __class__(self):
        return self.claimed


class Meta(type):
    def __instancecheck__(cls, instance):
        return instance == 7


class Odd(metaclass=Meta):
    pass


class Root:
    pass


class A(Root):
    pass


class B(A):
    pass


class C(Root):
    pass


for x in (1, True, "s", 1.5, None, A(), 1 << 80, Proxy(int), Proxy(str)):
    for i in range(N):
        result = is_int(x)
    show("isinstance", result)
for i in range(N):
    result = is_a(B(), A), is_a(A(), B), is_a(B(), B), is_a(C(), A)
show("isinstance", result)
for cls in (Odd, (A, int), int | str, A, 5):
    show("isinstance", attempt(is_a, 7, cls), attempt(is_a, B(), cls))
C.__bases__ = (A,)
show("isinstance", is_a(C(), A))


def small(x, y):
    return min(x, y), max(x, y), abs(x)


for x, y in ((1, 2), (2, 1), (1.5, 2), (-7, True), (1 << 70, -(1 << 70)), (-(1 << 62), 0), ((1 << 62) - 1, 1)):
    for i in range(N):
        result = small(x, y)
    show("min", result)
show("min", attempt(small, "a", 1))


def character(c):
    return ord(c)


for c in ("a", "é", "€", "𝄞", b"z"):
    for i in range(N):
        result = character(c)
    show("ord", result)
show("ord", attempt(character, "ab"), attempt(character, ""), attempt(character, 5))


def append(target, x):
    target.append(x)
    return target


class Collector:
    def __init__(self):
        self.items = []

    def append(self, x):
        self.items.append(x)


class MyList(list):
    def append(self, x):
        super().append((x, x))


collected = []
for i in range(1000):
    append(collected, i)
show("append", len(collected), sum(collected))
for target in (MyList(), bytearray(), Collector(), []):
    for i in range(N):
        append(target, i)
    show("append", type(target).__name__, len(target) if not isinstance(target, Collector) else len(target.items))


def text_methods(s):
    return s.upper(), s.strip("x"), s.replace("a", "b"), s.split(), s.startswith("a"), s.find("b"), s.find("b", 1), s.join(["1", "2"])


class MyStr(str):
    def upper(self):
        return "my upper"


for s in ("abc", "xax", MyStr("axb"), "abc", "äöü a"):
    for i in range(N):
        result = text_methods(s)
    show("str methods", result)
show("str methods", attempt(text_methods, b"abc"))


def unbound(method, x):
    return method(x)


for method, x in ((str.upper, "a"), (list.copy, [1]), (set.copy, {1}), (frozenset.copy, frozenset((2,))), (dict.copy, {1: 2})):
    for i in range(N):
        result = unbound(method, x)
    show("descriptor", result)
show("descriptor", attempt(unbound, set.copy, frozenset()), attempt(unbound, frozenset.copy, set()))


def dictionary(d):
    return d.get("k"), d.get("k", 1), d.setdefault("k", 5), d.pop("k", None), sorted(d.items()), list(d.keys())


class MyDict(dict):
    def get(self, *args):
        return args


for d in ({"a": 1}, {}, MyDict(), {"k": 3}):
    for i in range(N):
        result = dictionary(d)
    show("dict", result)


def with_keywords(items):
    items.sort(key=lambda x: -x)
    return sorted(items, key=abs, reverse=True), max(items, default=None), dict(a=1, b=items[0]), int("12", base=7)


for items in ([1, -2, 3], [5, 4], [1.5, -9]):
    for i in range(N):
        result = with_keywords(items)
    show("keywords", result)


def pushes(push, x):
    return push(x)


target, other, text = [], set(), "abc"
for push in (target.append, other.add, text.count, text.startswith, target.index, [].append, MyList().append, print):
    for i in range(N):
        result = attempt(pushes, push, "a" if i % 2 else "b")
    show("bound", result, len(target), sorted(other))
show("bound", attempt(pushes, target.append, 1), target[-1], attempt(pushes, text.count, 5), attempt(pushes, target.pop, 0))


# --- wrong counts of arguments -----------------------------------------------------------------------------------------
def wrong(which, o):
    if which == 0:
        return len(o, o)
    if which == 1:
        return len()
    if which == 2:
        return o.append()
    if which == 3:
        return o.append(1, 2)
    if which == 4:
        return isinstance(o)
    if which == 5:
        return ord("a", "b")
    if which == 6:
        return len(o, key=1)
    return getattr(o, "append", 1, 2)


for which in range(8):
    for i in range(N):
        result = attempt(wrong, which, [])
    show("count", which, result)

# --- shadowed ----------------------------------------------------------------------------------------------------------
def shadowed(x):
    return len(x), abs(-3)


for i in range(N):
    result = shadowed("abc")
show("shadowed", result)
len = lambda x: "my len"
show("shadowed", shadowed("abc"))
del len
show("shadowed", shadowed("abc"))
original = builtins.abs
builtins.abs = lambda x: "their abs"
show("shadowed", shadowed("abc"))
builtins.abs = original
for i in range(N):
    result = shadowed("abc")
show("shadowed", result)


# --- callbacks and recursion -------------------------------------------------------------------------------------------
class Deep:
    def __len__(self):
        return len(self)

    def __repr__(self):
        return repr(self)

    def __call__(self, x):
        return self(x)


def depth(f):
    try:
        f()
    except RecursionError as error:
        return type(error).__name__
    return "no error"


deep = Deep()
show("recursion", depth(lambda: len(deep)), depth(lambda: repr(deep)), depth(lambda: deep(1)))


def recurse(n):
    return recurse(n + 1)


class RecursiveInit:
    def __init__(self):
        self.inner = RecursiveInit()


show("recursion", depth(lambda: recurse(0)), depth(RecursiveInit))
