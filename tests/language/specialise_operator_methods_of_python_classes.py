# A hot operator whose method is a Python function: NotImplemented, reflected methods, subclasses, errors, class changes.

import sys


class Number:
    def __init__(self, value):
        self.value = value

    def __add__(self, other):
        if isinstance(other, Number):
            return Number(self.value + other.value)
        if isinstance(other, int):
            return Number(self.value + other)
        return NotImplemented

    def __radd__(self, other):
        return Number(other * 100 + self.value)

    def __truediv__(self, other):
        return self.value / other.value

    def __lt__(self, other):
        return self.value < other.value

    def __repr__(self):
        return f"Number({self.value})"


class Special(Number):
    def __radd__(self, other):
        return f"Special first, {other}"


class Other:
    def __radd__(self, other):
        return f"Other after {other}"


class Silent:
    def __radd__(self, other):
        return NotImplemented


def add(a, b):
    return a + b


def add_in_place(a, b):
    a += b
    return a


for function in (add, add_in_place):
    for _ in range(100):
        result = function(Number(1), Number(2))
    print(function(Number(1), Number(2)), function(Number(1), 5), function(Number(1), Special(5)))
    print(function(Number(1), Other()))
    for right in ("text", 1.5, None, Silent(), [1]):
        try:
            print(function(Number(1), right))
        except TypeError as error:
            print(error)
    for _ in range(100):
        result = function(3, Number(4))
    print(result, function(2.5, Number(1)), function(True, Number(1)), function(2**80, Number(1)))


class Counter:
    def __init__(self):
        self.n = 0

    def __iadd__(self, other):
        if other == "stop":
            return NotImplemented
        self.n += other
        return self

    def __add__(self, other):
        return f"plain add of {other}"


counter = Counter()
for i in range(100):
    counter += i
print(counter.n)
counter += "stop"
print(counter)


# The traceback goes through the method's frame, and the site's line is the operator's.
def divide(pairs):
    total = 0
    for a, b in pairs:
        total += (
            a
            / b
        )
    return total


print(divide([(Number(i), Number(2)) for i in range(100)]))
try:
    divide([(Number(1), Number(1))] * 80 + [(Number(1), Number(0))])
except ZeroDivisionError as error:
    trace = error.__traceback__
    while trace is not None:
        print(trace.tb_frame.f_code.co_name, trace.tb_lineno - trace.tb_frame.f_code.co_firstlineno)
        trace = trace.tb_next
    print(error)


# The method sees its caller, and may change its own operands without harm.
class Nosy:
    def __add__(self, other):
        caller = sys._getframe(1).f_code.co_name
        self = other = None
        return NotImplemented if caller == "refused" else caller

    def __lt__(self, other):
        other = self = None
        return NotImplemented

    def __gt__(self, other):
        return ("gt", type(other).__name__)


def accepted():
    result = None
    for _ in range(100):
        result = Nosy() + 1
    return result


def refused():
    result = []
    for _ in range(100):
        try:
            Nosy() + 1
        except TypeError as error:
            result.append(str(error))
    return len(result), result[-1]


print(accepted(), refused())
for _ in range(100):
    result = Nosy() < Nosy()
print(result)


# The class changes under the hot site.
class Changing:
    def __add__(self, other):
        return "first"

    def __eq__(self, other):
        return "equal"

    def __getitem__(self, key):
        return ("get", key)

    def __setitem__(self, key, value):
        log.append(("set", key, value))
        return "ignored"


def use(c):
    c[1] = 2
    return c + 1, c == 1, c["k"]


log = []
for i in range(300):
    if i == 100:
        Changing.__add__ = lambda self, other: "second"
        Changing.__eq__ = lambda self, other: "changed"
    if i == 150:
        Changing.__getitem__ = lambda self, key, default=3: ("default", key, default)
        Changing.__setitem__ = lambda self, *parts: log.append(parts)
    if i == 200:
        Changing.__getitem__ = lambda self, key: ("third", key)
        del Changing.__eq__
    if i == 250:
        Changing.__add__ = lambda self, other: NotImplemented
    try:
        outcome = use(Changing())
    except TypeError as error:
        outcome = error
    if i % 25 == 0:
        print(i, outcome, log[-1])


# Methods that are generators, have defaults, closures, or recurse without end.
class Odd:
    def __add__(self, other):
        yield other
        yield self.__class__.__name__

    def __mul__(self, other, scale=10):
        return other * scale

    def __sub__(self, *others):
        return others

    def __matmul__(self, other):
        return self @ other

    def __getitem__(self, key):
        return self[key + 1]


odd = Odd()
for _ in range(100):
    results = list(odd + 1), odd * 2, odd - 3
print(results)
for expression in (lambda: odd @ odd, lambda: odd[0]):
    for _ in range(3):
        try:
            expression()
        except RecursionError:
            print("RecursionError")


# Deep, but not too deep: no native recursion is needed for it.
class Deep:
    def __init__(self, depth):
        self.depth = depth

    def __add__(self, other):
        return other if self.depth == 0 else Deep(self.depth - 1) + (other + 1)


for _ in range(20):
    result = Deep(300) + 0
print(result)
