"""What dis shows as specialised once code is warm: Krait has a form wherever CPython has one. Run by run.py."""

import dis
import io
import math
import re
import types


def adds(a, b):
    return a + b


def subtracts(a, b):
    return a - b


def multiplies(a, b):
    return a * b


def divides(a, b):
    return a / b


def item(a, i):
    return a[i]


def put(a, i, v):
    a[i] = v


class Plain:
    def __init__(self):
        self.x = 1

    def method(self):
        return self.x

    def __getitem__(self, i):
        return i


class Slots:
    __slots__ = ("x", )

    def __init__(self):
        self.x = 1


def attribute(o):
    return o.x


def store(o, v):
    o.x = v


def method(o):
    return o.method()


def global_name():
    return Plain


def builtin_name():
    return len


def calls():
    return adds(1, 2)


def defaults(a=1):
    return a


def calls_with_defaults():
    return defaults()


def less(a, b):
    if a < b:
        return 1


def same(a, b):
    if a == b:
        return 1


def compared(a, b):
    return a < b


def two(t):
    a, b = t
    return a


def three(t):
    a, b, c = t
    return a


def length(x):
    return len(x)


def is_int(x):
    return isinstance(x, int)


def appends(x):
    x.append(1)


def text(x):
    return str(x)


def kind(x):
    return type(x)


def as_tuple(x):
    return tuple(x)


def upper(s):
    return s.upper()


def splits(s):
    return s.split(sep=",")


def constructs():
    return Plain()


def of_module():
    return math.pi


def method_of_module(x):
    return math.floor(x)


def loops(n):
    total = 0
    for i in range(n):
        total += i
    return total


def joins(parts):
    s = ""
    for part in parts:
        s += part
    return s


RUNS = (
    (adds, 1, 2), (adds, 1.5, 2.5), (adds, "a", "b"), (adds, [1], [2]), (subtracts, 1, 2), (subtracts, 1.5, 2.5),
    (multiplies, 2, 3), (multiplies, 2.5, 3.5), (divides, 1, 2), (item, [1, 2], 0), (item, (1, 2), 0),
    (item, {0: 1}, 0), (item, Plain(), 0), (item, "text", 0), (put, [1, 2], 0, 3), (put, {}, 0, 3),
    (attribute, Plain()), (attribute, Slots()), (store, Plain(), 5), (store, Slots(), 5), (method, Plain()),
    (global_name, ), (builtin_name, ), (calls, ), (calls_with_defaults, ), (less, 1, 2), (less, 1.5, 2.5),
    (less, (), ()), (same, "a", "b"), (compared, 1, 2), (two, (1, 2)), (two, [1, 2]), (three, (1, 2, 3)),
    (three, [1, 2, 3]), (length, []), (is_int, 1), (appends, []), (text, 1), (kind, 1), (as_tuple, []), (upper, "a"),
    (splits, "a,b"), (constructs, ), (of_module, ), (method_of_module, 2.5), (loops, 50), (joins, ["a", "b"])
)


def names(function):
    return [instruction.opname for instruction in dis.get_instructions(function, adaptive=True)]


for function, *arguments in RUNS:
    fresh = types.FunctionType(
        function.__code__.replace(), globals(), function.__name__, function.__defaults__, function.__closure__
    )
    cold = names(fresh)
    for _ in range(200):
        fresh(*arguments)
    print(function.__name__, *arguments[:0], *names(fresh))
    assert cold == [instruction.opname for instruction in dis.get_instructions(fresh)], cold
out = io.StringIO()
dis.dis(loops, adaptive=True, file=out)
print(out.getvalue())
out = io.StringIO()
for _ in range(200):
    adds(1, 2)
dis.dis(adds, adaptive=True, file=out)
print(out.getvalue())
print(dis.Bytecode(adds, adaptive=True).dis(), len(adds.__code__._co_code_adaptive) == len(adds.__code__.co_code))
print(re.sub("0x.*,", "", dis.Bytecode(loops, adaptive=True).dis()), loops.__code__.co_code.hex())
