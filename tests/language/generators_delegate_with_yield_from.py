# yield from passes values, sends, throws, closes and results through any depth and any iterable.


def inner():
    log.append("inner starts")
    try:
        received = yield "first"
        log.append(f"received {received}")
        received = yield "second"
        log.append(f"received {received}")
    except ValueError as error:
        log.append(f"inner caught {error}")
        yield "after error"
    finally:
        log.append("inner finally")
    return "inner result"


def outer():
    result = yield from inner()
    log.append(f"result {result}")
    yield "outer"
    return "outer result"


log = []
print(list(outer()), log)
log.clear()
g = outer()
print(next(g), g.send("A"), g.send("B"), log)
log.clear()
g = outer()
print(next(g), g.throw(ValueError("thrown")), next(g), next(g, "end"), log)
log.clear()
g = outer()
next(g)
g.close()
print(log)
log.clear()
g = outer()
next(g)
try:
    g.throw(KeyError("not caught"))
except KeyError as error:
    print(repr(error), log)


def over(iterable):
    result = yield from iterable
    return result


print(
    list(over([1, 2])), list(over("ab")), list(over(range(2))), list(over({1: 2})), list(over(x * 2 for x in (1, 2))),
    list(over(())), list(over(over(over([5]))))
)


def results():
    values = [(yield from over([])), (yield from returning(1)), (yield from returning(2))]
    return sum(v for v in values if v)


def returning(value):
    yield f"from {value}"
    return value


g = results()
collected = []
try:
    while True:
        collected.append(next(g))
except StopIteration as stop:
    print(collected, stop.value)


class Iterator:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 3:
            raise StopIteration("iterator result")
        return self.n


class WithSend(Iterator):
    def send(self, value):
        return f"sent {value}"

    def throw(self, *args):
        return f"thrown {args[0] if isinstance(args[0], type) else type(args[0])}"

    def close(self):
        log.append("closed")


def wrap(iterator):
    result = yield from iterator
    yield f"result {result}"


print(list(wrap(Iterator())))
g = wrap(Iterator())
next(g)
try:
    g.send("x")
except AttributeError as error:
    print(error)
g = wrap(Iterator())
next(g)
try:
    g.throw(KeyError("no throw method"))
except KeyError as error:
    print(repr(error))
log.clear()
g = wrap(WithSend())
print(next(g), g.send("x"), g.throw(ValueError), next(g), g.close(), log)
for bad in (5, None, object()):
    try:
        list(over(bad))
    except TypeError as error:
        print(error)


class BadIter:
    def __iter__(self):
        return 5


try:
    list(over(BadIter()))
except TypeError as error:
    print(error)


def count_down(n):
    if n > 0:
        yield n
        yield from count_down(n - 1)


print(list(count_down(8)), sum(count_down(200)))


def flatten(items):
    for item in items:
        if isinstance(item, list):
            yield from flatten(item)
        else:
            yield item


print(list(flatten([1, [2, [3, [4, []]], 5], [[6]]])))


def hanoi(n, a, b, c):
    if n:
        yield from hanoi(n - 1, a, c, b)
        yield a + b
        yield from hanoi(n - 1, c, b, a)


print(" ".join(hanoi(3, "A", "B", "C")))
g = outer()
next(g)
print(g.gi_yieldfrom.__name__, g.gi_yieldfrom.gi_yieldfrom, g.gi_running, g.gi_frame is not None)


def stops():
    raise StopIteration("in subgenerator")
    yield


try:
    list(over(stops()))
except RuntimeError as error:
    print(error, repr(error.__cause__))


def catches():
    try:
        yield from over(failing())
    except LookupError as error:
        yield f"caught {error}"


def failing():
    yield 1
    raise LookupError("from the innermost")


print(list(catches()))


def shared():
    first, second = over(source), over(source)
    yield from first
    yield from second


source = iter(range(4))
print(list(shared()))
try:
    recursive = over(None)
    def self_delegating():
        yield from recursive
    recursive = self_delegating()
    next(recursive)
except ValueError as error:
    print(error)
