# Generators: laziness, state between yields, return values, exhaustion, and every statement around a yield.

log = []


def simple():
    log.append("start")
    yield 1
    log.append("middle")
    yield 2
    log.append("end")


g = simple()
print(log, next(g), log, next(g), log, next(g, "exhausted"), log, next(g, "still"))


def returns():
    yield 1
    return "value"


g = returns()
next(g)
try:
    next(g)
except StopIteration as stop:
    print(stop.value, stop.args)
try:
    next(g)
except StopIteration as stop:
    print(stop.value, stop.args)


def never():
    return "only"
    yield


def countdown(n):
    while n:
        received = yield n
        if received is not None:
            n = received
        else:
            n -= 1


def fibonacci():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


def primes(limit):
    found = []
    for n in range(2, limit):
        if all(n % p for p in found):
            found.append(n)
            yield n


def zipped(*iterables):
    iterators = [iter(i) for i in iterables]
    while True:
        row = []
        for iterator in iterators:
            try:
                row.append(next(iterator))
            except StopIteration:
                return
        yield tuple(row)


def tree(node):
    if node:
        left, value, right = node
        yield from tree(left)
        yield value
        yield from tree(right)


print(
    list(never()), list(countdown(3)), [n for n, _ in zip(fibonacci(), range(10))], list(primes(40)),
    list(zipped("abc", range(5))), list(tree((((None, 1, None), 2, (None, 3, None)), 4, (None, 5, None))))
)


def expressions():
    x = (yield 1) + (yield 2)
    y = [(yield 3), (yield 4)]
    z = {(yield 5): (yield 6)}
    w = (yield 7) if (yield 8) else (yield 9)
    f = f"{(yield 10)}"
    print("got", x, y, z, w, f)
    return (yield)


g = expressions()
value = next(g)
sent = []
try:
    while True:
        sent.append(value)
        value = g.send((value or 0) * 10)
except StopIteration as stop:
    print(sent, stop.value)


def in_statements():
    for i in (yield "iterable"):
        with Manager((yield i)) as m:
            try:
                if (yield m):
                    continue
            finally:
                yield "finally"
    del i
    assert (yield "assert")
    lambda: (yield)
    raise ValueError((yield "raise"))


class Manager:
    def __init__(self, value):
        self.value = value

    def __enter__(self):
        return f"entered {self.value}"

    def __exit__(self, *details):
        log.append(details[0])


g = in_statements()
print(next(g), g.send([1, 2]), g.send("a"), g.send(True), next(g), g.send("b"), g.send(False), next(g), g.send(1))
try:
    print(g.send("text"))
except ValueError as error:
    print(repr(error))
print(log[-2:])


def many_locals():
    a = 1; b = "two"; c = [3]; d = {4: 4}
    yield a
    a, b = b, a
    yield a, b, c, d
    c.append(d)
    yield c


print(list(many_locals()))
generators = [countdown(i) for i in range(5)]
print([next(g, None) for g in generators], [sum(g) for g in generators])
g = (x * x for x in range(5))
print(
    next(g), 4 in g, list(g), type(g).__name__, sum(x for x in range(10) if x % 2),
    max((len(w), w) for w in ["a", "bbb", "cc"]), "".join(c.upper() for c in "abc"),
    dict((k, v) for k, v in [(1, 2)]), sorted(-x for x in range(3)), tuple(x for x in ())
)
print(
    iter(g) is g, hasattr(g, "__next__"), g.__name__, countdown(1).__qualname__,
    [len(list(countdown(i))) for i in range(4)]
)


def infinite():
    n = 0
    while True:
        n += 1
        yield n


total = 0
for n in infinite():
    if n > 1000:
        break
    total += n
print(total)
a, b, *rest = countdown(6)
print(
    a, b, rest, *countdown(3), [*countdown(2)], {**{k: 1 for k in countdown(2)}}, max(countdown(4)), 3 in countdown(5)
)
source = iter(range(6))
print([(x, next(source)) for x in source], list(zip(*[iter(range(6))] * 2)))
try:
    next(simple)
except TypeError as error:
    print(error)
n = 10
lazy = (x + n for x in range(3))
n = 100
print(list(lazy), list(x + y for x in range(2) for y in range(x, 2)))
eager = ["evaluated now"]
lazy = (x for x in eager)
eager = ["too late"]
print(list(lazy))
