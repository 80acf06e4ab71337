# The built-in functions aiter() and anext(), with and without a default, and what `async for` requires.
import types


@types.coroutine
def suspend(value):
    return (yield value)


def attempt(label, action):
    try:
        print(label, "->", action())
    except BaseException as error:
        print(label, "!!", type(error).__name__, error.args, type(error.__cause__).__name__, error.__suppress_context__)


async def numbers(n=2):
    for i in range(n):
        yield i


class Source:
    def __init__(self, awaitable):
        self.awaitable = awaitable

    def __aiter__(self):
        return self

    def __anext__(self):
        return self.awaitable


class Awaitable:
    def __init__(self, iterator):
        self.iterator = iterator

    def __await__(self):
        return self.iterator


class BadAiter:
    def __aiter__(self):
        return 5


class NoneAiter:
    __aiter__ = None


class NoneAnext:
    __anext__ = None

    def __aiter__(self):
        return self


class RaisingAnext(Source):
    def __anext__(self):
        raise KeyError("in __anext__")


class RaisingAwait:
    def __await__(self):
        raise KeyError("in __await__")


class Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        return "from __next__"


async def coroutine():
    return await suspend("in the coroutine")


async def stopping():
    raise StopAsyncIteration


def generator():
    yield 1


print(aiter, anext)
agen = numbers()
print(aiter(agen) is agen, type(anext(agen)))
for arguments in ((), (5,), (1, 2), (BadAiter(),), (NoneAiter(),), (iter([]),)):
    attempt("aiter", lambda: aiter(*arguments))
attempt("aiter", lambda: aiter(async_iterable=agen))
for arguments in ((), (5,), (5, 6), (agen, 6, 7), (iter([]), 1), (NoneAnext(),)):
    attempt("anext", lambda: anext(*arguments))
attempt("anext", lambda: anext(agen, default=1))

# With a default.
awaitable = anext(numbers(1), "default")
print(type(awaitable), repr(awaitable).split(" at ")[0], sorted(set(dir(awaitable)) - set(dir(object))))
print(iter(awaitable) is awaitable, awaitable.__await__() is awaitable)
attempt("new", lambda: type(awaitable)())
attempt("a value", lambda: awaitable.send(None))
attempt("again", lambda: awaitable.send(None))
for default in ("default", None):
    awaitable = anext(numbers(0), default)
    attempt("the default", lambda: awaitable.send(None))
    attempt("again", lambda: next(awaitable))
    attempt("throw", lambda: awaitable.throw(StopAsyncIteration))
    attempt("close", lambda: awaitable.close())
    awaitable = anext(numbers(0), default)
    attempt("next", lambda: next(awaitable))
    for thrown in (ValueError("v"), StopAsyncIteration("s"), GeneratorExit()):
        awaitable = anext(numbers(1), default)
        attempt("throw", lambda: awaitable.throw(thrown))
attempt("throw", lambda: anext(numbers(1), 1).throw())
attempt("throw", lambda: anext(numbers(1), 1).throw(KeyError, "v", None))
attempt("send", lambda: anext(numbers(1), 1).send())

for iterator in (5, None, iter([1]), Iterator()):
    awaitable = anext(Source(Awaitable(iterator)), 1)
    attempt("send", lambda: awaitable.send(None))
    attempt("next", lambda: next(awaitable))
    attempt("close", lambda: awaitable.close())
    attempt("throw", lambda: awaitable.throw(ValueError("q")))
awaitable = anext(Source(5), 1)
for name, use in {"send": lambda: awaitable.send(None), "next": lambda: next(awaitable), "close": awaitable.close}.items():
    attempt(name, use)
awaitable = anext(Source(coroutine()), 1)
attempt("coroutine", lambda: awaitable.send(None))
attempt("coroutine", lambda: awaitable.send("x"))
attempt("coroutine", lambda: awaitable.send("x"))
attempt("stopping", lambda: anext(Source(stopping()), 1).send(None))
for thrown in (ValueError("c"), StopAsyncIteration("c")):
    awaitable = anext(Source(coroutine()), 1)
    attempt("coroutine", lambda: awaitable.send(None))
    attempt("throw", lambda: awaitable.throw(thrown))
awaitable = anext(Source(coroutine()), 1)
attempt("coroutine", lambda: awaitable.send(None))
attempt("close", lambda: awaitable.close())
attempt("closed", lambda: awaitable.send(None))
awaitable = anext(Source(suspend(1)), 1)
attempt("suspend", lambda: awaitable.send(None))
attempt("suspend", lambda: awaitable.send(None))
attempt("a generator", lambda: anext(Source(generator()), 1).send(None))


async def with_default():
    agen = numbers(1)
    return [await anext(agen, "d"), await anext(agen, "d"), await anext(agen, "d")]


async def without():
    agen = numbers(1)
    return [await anext(agen), await anext(agen)]


attempt("awaited", lambda: with_default().send(None))
attempt("awaited", lambda: without().send(None))


# async for over the same.
async def loop(source):
    async for item in source:
        print("item", item)
    else:
        return "ended"


async def comprehend(source):
    return [item async for item in source]


for source in (
    5, BadAiter(), NoneAiter(), NoneAnext(), Source(5), Source(None), Source(Awaitable(5)), Source(generator()),
    RaisingAnext(1), Source(RaisingAwait()), Source(stopping()), numbers(), [1]
):
    attempt(f"{type(source).__name__}", lambda: loop(source).send(None))
for source in (5, Source(5), Source(stopping()), numbers(3)):
    attempt(f"{type(source).__name__}", lambda: comprehend(source).send(None))


# Asynchronous comprehensions and generator expressions of every kind, over generators that await.
async def pausing(n):
    for i in range(n):
        await suspend(f"pause {i}")
        yield i


async def comprehensions():
    squares = (i * i async for i in pausing(3) if i != 1)
    print(type(squares).__name__, squares.__name__, repr(squares).split(" at ")[0])
    print([i async for i in squares], {i async for i in pausing(2)}, {i: -i async for i in pausing(2)})
    print([(i, j) async for i in pausing(2) for j in range(2)], [[j async for j in pausing(i)] for i in range(3)])
    print([await suspend(i) for i in range(2)], [i for i in [await suspend("first")] if await suspend("second")])
    nested = (i + await suspend("plus") for i in range(2))
    print(type(nested).__name__, [i async for i in nested])


running, sent = comprehensions(), None
try:
    while True:
        asked = running.send(sent)
        print("asked", asked)
        sent = len(str(asked))
except StopIteration as stop:
    print("returned", stop.value)
