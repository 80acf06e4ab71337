# Hot str.upper(s), object.__setattr__(x, ...), with statements, comparisons of built-in containers: types change, errors.

import sys
import traceback


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


# --- methods of built-in classes called with their object as an argument
def upper(s):
    return str.upper(s)


def put(x, name, value):
    object.__setattr__(x, name, value)
    return object.__getattribute__(x, name)


def get(d, key):
    return dict.get(d, key, "none")


def add(items, value):
    list.append(items, value)
    return list.index(items, value), list.__len__(items), items


def replaced(s):
    return str.replace(s, "a", "b", 1), str.split(s), str.join(s, ["x", "y"]), str.__contains__(s, "a")


class Text(str):
    def upper(self):
        return "Text.upper"


class Items(list):
    def append(self, value):
        raise RuntimeError("never called")


class Plain:
    pass


class Slotted:
    __slots__ = ("a",)


class Frozen:
    def __setattr__(self, name, value):
        raise TypeError("frozen")


for _ in range(60):
    results = upper("abc"), put(Plain(), "a", 1), get({1: 2}, 1), add([1], 2), replaced("banana")
print(results)
print(upper(Text("abc")), attempt(upper, b"abc"), attempt(upper, 5), attempt(upper, None))
print(put(Frozen(), "a", 2), put(Slotted(), "a", 3), attempt(put, Slotted(), "b", 3), attempt(put, 5, "a", 3), attempt(put, Plain(), 5, 3))
print(attempt(put, Plain, "a", 3), attempt(put, "text", "a", 3))
print(get({}, 1), attempt(get, {}, []), attempt(get, [], 1), add(Items([1]), 2), attempt(add, (1,), 2))
for subject in (Text("banana"), "an", 5):
    for _ in range(30):
        result = attempt(replaced, subject)
    print(result)


def wrong(s):
    return str.upper(s, s), 1


def nothing():
    return str.upper()


for _ in range(30):
    result = attempt(wrong, "abc"), attempt(nothing)
print(result)


class Shadow:
    @staticmethod
    def upper(s):
        return f"Shadow {s}"


keep = str
for _ in range(30):
    result = upper("x")
str = Shadow
print(upper("x"), result)
str = keep
print(upper("x"))


class Base:
    def __init__(self, value):
        object.__init__(self)
        object.__setattr__(self, "value", value)

    def __repr__(self):
        return object.__repr__(self)[:10]

    def __eq__(self, other):
        return object.__eq__(self, other)

    __hash__ = object.__hash__


for _ in range(40):
    base = Base(_)
    result = base.value, repr(base), base == base, base == 1, hash(base) == object.__hash__(base)
print(result)
Base.value = property(lambda self: "read only")
print(attempt(Base, 3))


# --- with statements
class Manager:
    def __init__(self, log, swallow=False):
        self.log = log
        self.swallow = swallow

    def __enter__(self):
        self.log.append("enter")
        return self

    def __exit__(self, kind, value, trace):
        self.log.append(kind and kind.__name__)
        if kind is KeyError:
            raise LookupError("out of exit")
        self = None
        return True


class Lenient:
    def __enter__(self):
        return 5

    def __exit__(self, *details):
        return len(details) == 3


class Defaults:
    def __enter__(self):
        return 6

    def __exit__(self, kind, value=None, trace=None, more="default"):
        return more == "default"


class Static:
    __enter__ = staticmethod(lambda: 7)
    __exit__ = staticmethod(lambda kind, value, trace: kind is None)


class Native(list):
    __enter__ = list.copy

    def __exit__(self, kind, value, trace):
        self.append(kind)


class Failing:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        raise ZeroDivisionError("exit")


def use(manager, error=None):
    with manager as value:
        if error is not None:
            raise error
    return value


log = []
for _ in range(60):
    use(Manager(log))
print(len(log), log[-2:])
for manager in (Lenient(), Defaults(), Static(), Native([1]), Manager(log), Failing(), 5, Plain()):
    for _ in range(20):
        results = [attempt(use, manager, error) for error in (None, ValueError("v"), KeyError("k"))]
    print(type(manager).__name__, [r if not isinstance(r, Manager) else "manager" for r in results])


def nested(log):
    for i in range(4):
        with Manager(log) as a, Manager(log) as b:
            if i == 1:
                continue
            if i == 3:
                return a is not b
            log.append(i)


for _ in range(30):
    log = []
    result = nested(log)
print(result, log)


def lines(manager):
    with manager:
        pass
    return sys._getframe().f_lineno


try:
    for manager in [Manager([])] * 40 + [Failing()]:
        lines(manager)
except ZeroDivisionError:
    traceback.print_exc(file=sys.stdout)
Manager.__exit__ = lambda self, kind, value, trace: self.log.append("another exit")
log = []
lines(Manager(log))
print(log)


class Deep:
    depth = 0

    def __enter__(self):
        Deep.depth += 1

    def __exit__(self, kind, value, trace):
        if Deep.depth < 300:
            with self:
                pass


for _ in range(30):
    with Lenient():
        pass
with Deep():
    pass
print(Deep.depth)


# --- comparisons of what is of one built-in class
def compare(a, b):
    return a < b, a <= b, a == b, a != b, a > b, a >= b


def equal(a, b):
    return a == b, a != b


class Loud:
    def __eq__(self, other):
        raise ValueError("compared")


recursive = []
recursive.append(recursive)
pairs = [((1, 2), (1, 3)), ([1], [1, 2]), ({1, 2}, {1, 2, 3}), (frozenset({1, 2}), frozenset({2})), (b"ab", b"b"),
         (bytearray(b"x"), bytearray(b"y")), ((), ()), ((1,), [1]), ([1, "a"], [1, 2]), ((None,), (None,)), (1.5, (1,))]
for a, b in pairs:
    for _ in range(20):
        results = attempt(compare, a, b), attempt(compare, b, a), attempt(equal, a, b)
    print(a, b, results)
others = [({1: 2}, {1: 2}), (range(3), range(0, 3)), (slice(1, 2), slice(1, 3)), (1j, 1j), (memoryview(b"a"), memoryview(b"a")),
          (print, print), (len, print), (int, str), ({}.keys(), {}.keys()), ((Loud(),), (Loud(),)), ([Loud()], [Loud()]),
          (recursive, [recursive]), (object(), object()), (iter(()), iter(()))]
for a, b in others:
    for _ in range(20):
        results = attempt(equal, a, b), attempt(lambda: a < b).__class__.__name__
    print(type(a).__name__, results)
left, right = [], []
left.append(right)
right.append(left)
print(attempt(equal, left, right))


class Pair(tuple):
    def __eq__(self, other):
        return "Pair.__eq__"

    def __lt__(self, other):
        return "Pair.__lt__"


for a, b in (((1,), (2,)), (Pair((1,)), (2,)), ((1,), Pair((2,))), (Pair("a"), Pair("b")), ((3,), (2,))):
    for _ in range(20):
        results = equal(a, b), attempt(lambda: a < b), attempt(lambda: a > b)
    print(results)


# --- text repeated by a truth, and every second character
def repeat(text, n):
    return text * n


def stepped(text, start, stop, step):
    return text[start:stop:step]


for n in (True, False, 3, -1, 2.0, None, True):
    for _ in range(20):
        results = attempt(repeat, "ab", n), attempt(repeat, [1], n), attempt(repeat, (1,), n)
    print(results)
for bounds in ((None, None, 2), (None, None, -1), (1, -1, 3), (5, 0, -2), (0, 3, None), (0, 3, 1), (None, None, 0), (0, 3, "x"), (None, 2**70, 2)):
    for text in ("abcdefgh", "äbcdéfgh", "a\u20acb\u20acc", ""):
        for _ in range(12):
            result = attempt(stepped, text, *bounds)
        print(ascii(result), end=" ")
    print()
