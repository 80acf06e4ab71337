# Truth of containers by their length, bools among ints and beside each other, and what every class knows of itself:
# places that have seen one kind of operand meet another.
import collections


def while_true(x):
    n = 0
    while x:
        x.pop()
        n += 1
        if n > 50:
            break
    return n


def branch(x):
    return "full" if x else "empty"


def negated(x):
    return "empty" if not x else "full"


def both(x, y):
    return (x and y), (x or y)


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


class Truthy(list):
    def __bool__(self):
        return not len(self)


class Child(set):
    pass


samples = [
    set(), {1}, frozenset(), frozenset({1}), {}, {1: 2}, (), (1,), b"", b"a", "", "a", [], [1], None, 0, 1, 0.0, 1.5,
    True, False, range(0), range(2), bytearray(), bytearray(b"a"), Sized(0), Sized(3), Truthy(), Truthy([1]), Child(),
    Child({1}), collections.deque(), collections.deque([1]), collections.OrderedDict(), collections.OrderedDict(a=1),
    {}.keys(), {1: 1}.items(), object, type,
]
for hot in (set(), {1}, {}, {1: 1}, (), (1,), frozenset({2}), b"x", [1], "s", True):
    for _ in range(30):
        branch(hot), negated(hot), both(hot, 1)
    print([branch(s)[0] + negated(s)[0] for s in samples])
    print(sum(both(s, 7)[0] is s for s in samples), sum(both(s, 7)[1] is s for s in samples))
for make in (lambda: {1, 2, 3}, lambda: [1, 2], lambda: collections.deque(range(4)), lambda: bytearray(b"abc")):
    print([while_true(make()) for _ in range(30)][-1])


def compare(a, b):
    return a == b, a != b


def add(a, b):
    return a + b


def either(a, b):
    return a | b


def show(function, *arguments):
    try:
        result = function(*arguments)
    except Exception as error:
        return type(error).__name__
    return type(result).__name__, result


values = [True, False, 0, 1, -1, 2, 2**61, 2**62 - 1, -(2**62), 2**70, 1.5, -0.0, "a", None, {1}, (1,), [True]]
for hot in ((True, False), (1, True), (False, 3), (1, 2), (True, True), (2**62 - 1, True), (-(2**62), False)):
    for function in (compare, add, either):
        for _ in range(40):
            show(function, *hot)
        results = [show(function, a, b) for a in values for b in values]
        print(function.__name__, [r for r in results if r != "TypeError"][:40])
    print(show(add, *hot), show(either, *hot), show(compare, *hot))


class Meta(type):
    @property
    def described(cls):
        return "described " + cls.__name__


class A(metaclass=Meta):
    pass


class B(A):
    __module__ = "elsewhere"
    described = "not seen"


def names(x):
    return type(x).__name__, x.__class__.__qualname__, type(x).__module__


def of_class(cls):
    return cls.__name__, len(cls.__mro__), cls.__base__, cls.__bases__, cls.__flags__ >= 0


def described(cls):
    return cls.described


for x in [1, "a", A(), B(), None, [], 1, KeyError()] * 8:
    result = names(x)
print([names(x) for x in (1, "a", A(), B(), None, [], KeyError())])
print([of_class(c) for c in [int, A, B, Meta, int, object, bool] * 5][-7:])
print([described(c) for c in [A, B] * 20][-2:])
A.__name__ = "Renamed"
print([names(A()) for _ in range(20)][-1], of_class(A)[0], described(A))


class NamedMeta(type):
    __name__ = property(lambda cls: "from the metaclass")


class C(metaclass=NamedMeta):
    pass


print([of_class(c)[0] for c in [int, C, A] * 10][-3:])


def just_name(cls):
    return cls.__name__


print([just_name(c) for c in [A] * 20 + [C, A, int, C]][-4:])
Meta.__name__ = property(lambda cls: "late")
print([just_name(c) for c in [A, B, int, C] * 5][-4:])
del Meta.__name__
print([just_name(c) for c in [A, B, int, C] * 5][-4:])
try:
    just_name(3)
except AttributeError as error:
    print(error)
