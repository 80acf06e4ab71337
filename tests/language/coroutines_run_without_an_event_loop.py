# async def, await, async for, async with, async comprehensions and async generators, driven by hand with send().

log = []


class Suspend:
    def __init__(self, value):
        self.value = value

    def __await__(self):
        received = yield self.value
        return f"resumed with {received}"


def drive(coroutine, *answers):
    """Run a coroutine to its end, answering each suspension in turn."""
    seen, answers = [], list(answers)
    try:
        value = coroutine.send(None)
        while True:
            seen.append(value)
            value = coroutine.send(answers.pop(0) if answers else None)
    except StopIteration as stop:
        return seen, stop.value


async def simple():
    return 5


async def awaiting():
    first = await Suspend("one")
    second = await Suspend("two")
    return first, second, await simple()


async def failing():
    try:
        await Suspend("before")
        raise ValueError("inside")
    except ValueError as error:
        await Suspend("in handler")
        return str(error)
    finally:
        log.append("finally")


print(drive(simple()), drive(awaiting(), "a", "b"), drive(failing()), log)


class Manager:
    async def __aenter__(self):
        await Suspend("entering")
        return "managed"

    async def __aexit__(self, kind, value, traceback):
        log.append(kind.__name__ if kind else None)
        await Suspend("exiting")
        return kind is KeyError


class Count:
    def __init__(self, limit):
        self.n, self.limit = 0, limit

    def __aiter__(self):
        return self

    async def __anext__(self):
        if self.n >= self.limit:
            raise StopAsyncIteration
        self.n += 1
        await Suspend(f"next {self.n}")
        return self.n


async def with_statement(error):
    async with Manager() as m:
        if error:
            raise error
        return m
    return "suppressed"


async def loop():
    total = []
    async for x in Count(3):
        if x == 2:
            continue
        total.append(x)
    else:
        total.append("else")
    return total


async def agen(n):
    try:
        for i in range(n):
            received = yield i
            if received:
                log.append(received)
            await Suspend(f"agen {i}")
    finally:
        log.append("agen finally")


async def comprehensions():
    return [x async for x in Count(2)], {x: 1 async for x in agen(2)}, [y for x in [1] if await simple() for y in [x, x]], {await simple() for _ in range(2)}, [x async for x in (z * 2 async for z in Count(2))]


async def async_generator_methods():
    g = agen(5)
    values = [await g.__anext__(), await g.asend("sent")]
    try:
        await g.athrow(KeyError("thrown"))
    except KeyError as error:
        values.append(repr(error))
    h = agen(3)
    await h.__anext__()
    values.append(await h.aclose())
    values.append([x async for x in h])
    try:
        await h.__anext__()
    except StopAsyncIteration:
        values.append("exhausted")
    return values


log.clear()
print(drive(with_statement(None)), drive(with_statement(KeyError())), log)
try:
    drive(with_statement(OSError("escapes")))
except OSError as error:
    print(error)
log.clear()
print(drive(loop()), drive(comprehensions()), log)
log.clear()
print(drive(async_generator_methods()), log)


async def nested(n):
    return n if n == 0 else 1 + await nested(n - 1)


print(drive(nested(50)), type(agen(1)).__name__, simple.__code__.co_flags & 0x80, agen.__code__.co_flags & 0x200)


async def wrong(kind):
    if kind == "await":
        return await 5
    if kind == "for":
        async for x in [1]:
            pass
    if kind == "with":
        async with 5:
            pass
    if kind == "aiter":
        async for x in BadAiter():
            pass
    if kind == "await iterator":
        return await BadAwait()
    if kind == "stop":
        raise StopIteration("escapes")
    if kind == "anext":
        return [x async for x in Count("a")]


class BadAiter:
    def __aiter__(self):
        return 5


class BadAwait:
    def __await__(self):
        return 5


for kind in ("await", "for", "with", "aiter", "await iterator", "stop", "anext"):
    try:
        print(drive(wrong(kind)))
    except Exception as error:
        print(kind, type(error).__name__, error)
c = awaiting()
print(c.send(None), c.cr_running, c.cr_frame is not None, c.cr_code.co_name, c.__name__, c.__qualname__)
try:
    c.send(None), c.throw(LookupError("thrown into the coroutine"))
except LookupError as error:
    print(error)
for action in (lambda: c.send(None), lambda: drive(c)):
    try:
        action()
    except RuntimeError as error:
        print(error)
d = awaiting()
try:
    d.send("not None")
except TypeError as error:
    print(error)
print(d.close(), d.cr_frame)
e = failing()
e.send(None)
e.close()
print(log[-1])
for use in (iter, list, next, len, lambda x: x()):
    coroutine = simple()
    try:
        use(coroutine)
    except TypeError as error:
        print(error)
    coroutine.close()
for source in (
    "await x", "def f(): await x", "async def f(): yield from x", "async def f():\n    yield 1\n    return 2",
    "def f():\n    async with a: pass", "async for x in y: pass", "[x async for x in y]",
    "async def f(): [x async for x in y]", "async lambda: 1", "async def f():\n    def g():\n        await x",
    "async def f(): return (await x for x in y)", "def f(): return (x async for x in y)",
    "async def f(): [[x async for x in y] for z in w]", "await = 1", "async = 1", "class C: await x"
):
    try:
        compile(source, "<s>", "exec")
        print(repr(source), "compiles")
    except SyntaxError as error:
        print(repr(source), "->", error.msg)
