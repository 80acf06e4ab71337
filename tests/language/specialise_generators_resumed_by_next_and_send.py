# Hot next() and send(): values in and out, returns, errors, exhausted and running generators, frames, coroutines, tracing.

import sys
import traceback


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except BaseException as error:
        return f"{type(error).__name__}: {error.args}"


def advance(generator):
    return next(generator)


def give(generator, value):
    return generator.send(value)


def count(limit):
    total = 0
    for i in range(limit):
        got = yield total
        total += i if got is None else got
    return total


def collect(generator, method, *arguments):
    values = []
    while True:
        try:
            values.append(method(generator, *arguments))
        except StopIteration as stop:
            return values, stop.value, stop.args


for _ in range(20):
    by_next = collect(count(6), advance)
    started = count(6)
    next(started)
    by_send = collect(started, give, 10)
print(by_next)
print(by_send)


# --- what a generator returns
def returning(value):
    yield 1
    return value


for value in (None, 0, (), (1, 2), ValueError("returned"), StopIteration(3), [1]):
    generator = returning(value)
    print(advance(generator), attempt(advance, generator), attempt(advance, generator), attempt(give, generator, 1))
    generator = returning(value)
    print(give(generator, None), attempt(give, generator, 5), attempt(give, generator, None))
    try:
        give(returning(value), "too early")
    except TypeError as error:
        print(error)


# --- errors out of the generator, StopIteration inside it, and itself
def failing(where):
    yield 0
    if where == "stop":
        raise StopIteration("inside")
    if where == "next":
        next(iter(()))
    if where == "itself":
        next(me)
    if where == "send itself":
        me.send(None)
    raise KeyError(where)


for where in ("plain", "stop", "next", "itself", "send itself"):
    for method in (advance, lambda generator: generator.send(None)):
        me = failing(where)
        method(me)
        try:
            method(me)
        except Exception as error:
            print(type(error).__name__, error, type(error.__cause__).__name__, [f.name for f in traceback.extract_tb(error.__traceback__)])
        print(attempt(method, me), me.gi_frame)


def handled():
    try:
        yield "first"
    except ValueError as error:
        seen = yield f"caught {error}", sys.exc_info()[0]
        yield seen, sys.exc_info()[0]
    yield sys.exc_info()[0]


for _ in range(30):
    generator = handled()
    try:
        raise OSError("outside")
    except OSError:
        result = [next(generator), generator.throw(ValueError("thrown")), give(generator, "sent"), advance(generator), sys.exc_info()[0]]
print(result)


# --- other callees and receivers at the same places
class Sender:
    def __init__(self):
        self.values = []

    def send(self, value):
        self.values.append(value)
        return len(self.values)

    def __next__(self):
        return "next of Sender"


class Raising:
    def __next__(self):
        raise LookupError("no more")


sender = Sender()
for receiver in (count(3), sender, count(100), iter([1, 2]), map(str, "ab"), 5, None, Raising(), count(2)):
    for _ in range(20):
        results = attempt(advance, receiver), attempt(give, receiver, None)
    print(type(receiver).__name__, results)
print(len(sender.values))
keep = next
for _ in range(30):
    result = advance(count(3))
next = lambda iterator: "mine"
print(advance(count(1)), result)
next = keep
print(advance(count(1)), [keep(count(1), "default"), keep(iter(()), "default")])


# --- generators that drive generators: no native recursion
def nested(depth):
    if depth == 0:
        got = yield "bottom"
        return got
    inner = nested(depth - 1)
    value = next(inner)
    while True:
        got = yield value
        try:
            value = inner.send(got)
        except StopIteration as stop:
            return depth, stop.value


for _ in range(30):
    generator = nested(3)
    first = next(generator)
    try:
        generator.send("up")
    except StopIteration as stop:
        result = first, stop.value
print(result)
generator = nested(400)
print(next(generator))
try:
    generator.send("deep")
except StopIteration as stop:
    value, depth = stop.value, 0
    while isinstance(value, tuple):
        depth, value = depth + 1, value[1]
    print(depth, value)
print(attempt(next, nested(2000)).split(":")[0])
sys.setrecursionlimit(12000)
generator = nested(5000)
print(next(generator))
generator.close()
sys.setrecursionlimit(1000)


def forever():
    yield from forever()


print(attempt(next, forever()).split(":")[0])


# --- frames: callers are seen, and a frame that somebody holds keeps its locals
def nosy():
    while True:
        caller = sys._getframe(1)
        yield caller.f_code.co_name, caller.f_lineno - caller.f_code.co_firstlineno


def look(generator):
    first = next(generator)
    second = generator.send(
        None
    )
    return first, second


generator = nosy()
for _ in range(30):
    result = look(generator)
print(result)
generator = count(5)
frame = generator.gi_frame
values = [next(generator) for _ in range(3)]
print(values, frame.f_locals["total"], frame.f_lineno - frame.f_code.co_firstlineno, generator.gi_running)
print(collect(generator, advance), frame.f_locals)


# --- coroutines: values through a chain of awaits
class Suspend:
    def __init__(self, request):
        self.request = request

    def __await__(self):
        answer = yield self.request
        return answer


async def leaf(n):
    got = await Suspend(("leaf", n))
    if got == "fail":
        raise LookupError(n)
    return got, n


async def middle(n):
    try:
        return await leaf(n)
    except LookupError as error:
        return "handled", error.args


async def top(rounds):
    results = []
    for n in range(rounds):
        results.append(await middle(n))
    return results


def drive(coroutine, answers):
    requests = []
    answer = None
    try:
        while True:
            requests.append(coroutine.send(answer))
            answer = answers[len(requests) % len(answers)]
    except StopIteration as stop:
        return requests, stop.value


for _ in range(20):
    result = drive(top(4), ["a", None, "fail"])
print(result)
coroutine = leaf(1)
coroutine.send(None)
print(attempt(coroutine.send, "x"), attempt(coroutine.send, None), attempt(coroutine.throw, ValueError))
coroutine = top(1)
print(attempt(give, coroutine, 1), give(coroutine, None), coroutine.cr_await is not None, attempt(give, coroutine, "fail"), coroutine.cr_frame)


async def twice(awaitable):
    await awaitable
    await awaitable


print(attempt(drive, twice(leaf(1)), [None]))


async def waits(task):
    return await task


first = leaf(3)
holder = waits(first)
holder.send(None)
print(attempt(drive, waits(first), [None]))
print(attempt(give, holder, "end"))


def chain(limit):
    result = yield from part(limit)
    yield result


def part(limit):
    got = []
    for i in range(limit):
        got.append((yield i))
    return got


for _ in range(30):
    generator = chain(3)
    result = [next(generator), generator.send("a"), generator.send("b"), generator.send("c"), attempt(next, generator)]
print(result)


# --- trace and profile functions
def traced():
    generator = count(2)
    total = next(generator)
    total += generator.send(5)
    for value in part(2):
        total += value
    try:
        generator.send(1)
    except StopIteration as stop:
        total += stop.value
    return total


for _ in range(30):
    result = traced()
events = []


def tracer(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno, type(argument).__name__))
        return tracer
    return None


sys.settrace(tracer)
result = traced()
sys.settrace(None)
print(result, len(events))
for event in events:
    print(*event)
calls = []
sys.setprofile(lambda frame, event, argument: calls.append((frame.f_code.co_name, event, getattr(argument, "__name__", argument))))
result = traced()
sys.setprofile(None)
print(result, calls)
