# partial, reduce, cmp_to_key and the cache at work: nested, keyworded, recursive, re-entered, as methods.
from _functools import _lru_cache_wrapper, cmp_to_key, partial, reduce
from _operator import attrgetter, itemgetter, methodcaller


def show(*args, **kwargs):
    return args, kwargs


for p in (partial(show), partial(show, 1), partial(show, a=1), partial(partial(show, 1, a=1), 2, b=2, a=3)):
    print(p(), p(5), p(5, 6, a=7), p(b=8, c=9), p(*[1, 2], **{"z": 0}), p.args, p.keywords)
print(list(map(partial(pow, 2), range(6))), sorted("bAc", key=partial(str.lower)), partial(int, base=2)("101"))


class Thing:
    def method(self, *args):
        return type(self).__name__, args

    bound_later = partial(method, 1)
    size = 5

    def __init__(self, value=0):
        self.value = value

    def __repr__(self):
        return f"Thing({self.value})"


t = Thing(3)
print(partial(t.method, 4)(5), Thing.bound_later(2), t.bound_later(6), partial(Thing, 8)())
total = 0
add = partial(lambda a, b, *, c=1: a + b * c, 10)
for i in range(500):
    total += add(i) + add(i, c=2) + add(b=i)
print(total)
deep = show
for i in range(30):
    deep = partial(deep, i)
print(deep("end"))
chain = len
for i in range(30):
    chain = partial(lambda g, x: g(x), chain)
print(chain("four"))
p = partial(show, 1)
p.keywords["k"] = 2
p.note = "n"
print(p(), p.__dict__, p.note)
try:
    p.keywords[3] = 4
    p()
except TypeError as error:
    print(error)

print(reduce(lambda a, b: a * b, range(1, 20)), reduce(lambda a, b: (a, b), "abcd"), reduce(max, [], 3))


def fail(a, b):
    raise KeyError(b)


try:
    reduce(fail, [1, 2, 3])
except KeyError as error:
    print("KeyError", error)
print(sorted([5, 2, 8, 1], key=cmp_to_key(lambda a, b: b - a)), min("ba", key=cmp_to_key(lambda a, b: ord(a) - ord(b))))


def cached(size, typed=False):
    return lambda f: _lru_cache_wrapper(f, size, typed, lambda *info: info)


calls = []


@cached(3)
def square(x, *rest, **named):
    calls.append(x)
    return x * x


print([square(x) for x in (1, 2, 1, 3, 4, 1, 2, 2)], calls, square.cache_info())
square(1.0), square(True), square(1, k=2), square(1, k=2), square(x=1)
print(calls, square.cache_info())
square.cache_clear()
print(square.cache_info(), hasattr(square, "x"))
square.x = 1
print(square.x, square.__dict__)


@cached(None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(150), fib.cache_info())


@cached(None, True)
def kind(x):
    return type(x).__name__


print(kind(1), kind(1.0), kind(True), kind("1"), kind(x=1), kind.cache_info())


@cached(0)
def never(x):
    return x


print(never(1), never(1), never.cache_info())


@cached(2)
def reentrant(n):
    return n if n == 0 else reentrant(n - 1) + 1


print(reentrant(20), reentrant.cache_info(), reentrant(20), reentrant.cache_info())


@cached(2)
def raising(x):
    raise ValueError(x)


for _ in range(2):
    try:
        raising(1)
    except ValueError as error:
        print("ValueError", error, raising.cache_info())


class Holder:
    @cached(8)
    def compute(self, x):
        calls.append(("compute", x))
        return x + 1


h = Holder()
print(h.compute(1), h.compute(1), Holder.compute(h, 1), calls[-2:], Holder.compute.cache_info())
model, order = {}, []


@cached(16)
def mixed(x):
    return x * 3


for i in range(3000):
    x = i * i % 37 if i % 3 else i % 19
    mixed(x)
    if x in order:
        order.remove(x)
    order.append(x)
    del order[:-16]
hits = mixed.cache_info()
for x in order:
    mixed(x)
print(hits, mixed.cache_info()[0] - hits[0])

people = [{"name": "b", "age": 3}, {"name": "a", "age": 3}, {"name": "c", "age": 1}]
print(sorted(people, key=itemgetter("age", "name")), [itemgetter(1, -1)(s) for s in ("abc", [1, 2])])
t.inner = Thing(9)
print(attrgetter("value")(t), attrgetter("inner.value", "size")(t), methodcaller("method", 1, 2)(t))
print(methodcaller("format", 1, a=2)("{} {a}"), [attrgetter("real")(x) for x in (1, 2.5, True)])
print(itemgetter(slice(1, 3))("abcdef"), itemgetter(0)({0: "zero"}), repr(itemgetter(1, "x")), repr(attrgetter("a.b")))
print(repr(methodcaller("m", 1, k=2)))
for key, value in ((itemgetter(5), []), (itemgetter("x"), {}), (attrgetter("nope"), 1), (methodcaller("nope"), 1)):
    try:
        key(value)
    except Exception as error:
        print(type(error).__name__, error)
