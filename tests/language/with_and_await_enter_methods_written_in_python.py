# __enter__, __aenter__, __await__ and __anext__ in Python: values, errors, tracebacks, callers, depth, tracing.

import sys
import traceback
import types


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        cause = error.__cause__
        return f"{type(error).__name__}: {error}" + (f" from {type(cause).__name__}: {cause}" if cause else "")


def run(coroutine, answers=()):
    answers = list(answers)
    requests = []
    answer = None
    while True:
        try:
            requests.append(coroutine.send(answer))
        except StopIteration as stop:
            return requests, stop.value
        answer = answers.pop(0) if answers else None


# --- with
class Manager:
    def __init__(self, enters, exits=None):
        self.enters = enters
        self.exits = exits

    def __enter__(self, extra="default"):
        caller = sys._getframe(1)
        if isinstance(self.enters, Exception):
            raise self.enters
        self = None
        return caller.f_code.co_name, caller.f_lineno - caller.f_code.co_firstlineno, extra

    def __exit__(self, *details):
        return self.exits


class Generated:
    def __enter__(self):
        yield "generated"

    def __exit__(self, *details):
        pass


class TwoParameters:
    def __enter__(self, needed):
        pass

    def __exit__(self, *details):
        pass


class OnlyEnter:
    def __enter__(self):
        pass


class OnlyExit:
    def __exit__(self, *details):
        pass


def use(manager):
    with manager as entered:
        return entered


def use_two(first, second):
    with first as a, second as b:
        pass
    return a, b


for manager in (Manager(1), Manager(ValueError("enter")), TwoParameters(), OnlyEnter(), OnlyExit(), 5):
    for _ in range(20):
        result = attempt(use, manager), attempt(use_two, Manager(2), manager)
    print(type(manager).__name__, result)
print([next(use(Generated())) for _ in range(20)][-1])
try:
    use_two(Manager(1), Manager(KeyError("second")))
except KeyError:
    traceback.print_exc(file=sys.stdout)
print(use_two(Manager(1, True), Manager(2)))


def swallow():
    result = "before"
    with Manager(1, True):
        with Manager(KeyError("inner"), True):
            result = "never"
        result = "never, either"
    return result


print([swallow() for _ in range(20)][-1])


class Nest:
    def __init__(self, depth):
        self.depth = depth

    def __enter__(self):
        if self.depth == 0:
            return 0
        with Nest(self.depth - 1) as below:
            return below + 1

    def __exit__(self, *details):
        pass


print(use(Nest(10)), use(Nest(700)), attempt(use, Nest(1500)).split(":")[0])
sys.setrecursionlimit(12000)
print(use(Nest(9000)))
sys.setrecursionlimit(1000)


# --- await
class Awaitable:
    def __init__(self, gives):
        self.gives = gives

    def __await__(self):
        if isinstance(self.gives, Exception):
            raise self.gives
        return self.gives


class Generator:
    def __await__(self):
        caller = sys._getframe(1).f_code.co_name
        answer = yield caller
        self = None
        return answer


class Iterator:
    def __init__(self):
        self.left = 3

    def __iter__(self):
        return self

    def __next__(self):
        self.left -= 1
        if self.left < 0:
            raise StopIteration("done")
        return self.left


async def wait(awaitable):
    return await awaitable


async def nothing():
    return "nothing"


@types.coroutine
def old_style():
    answer = yield "old style"
    return answer


def silently(coroutine):
    coroutine.close()
    return coroutine


for _ in range(20):
    results = [run(wait(Generator()), ["answer"]), run(wait(Awaitable(iter([1, 2])))), run(wait(Awaitable(Iterator()))),
               run(wait(nothing())), run(wait(old_style()), ["new"]), run(wait(wait(Generator())), [5])]
print(results)
for gives in (5, True, None, "text", [1], ValueError("await"), StopIteration("await"), silently(nothing()), silently(old_style())):
    for _ in range(20):
        result = attempt(lambda: run(wait(Awaitable(gives))))
    print(type(gives).__name__, result)
print(attempt(lambda: run(wait(5))), attempt(lambda: run(wait(object))))
try:
    run(wait(Awaitable(LookupError("traceback"))))
except LookupError as error:
    print([(f.name, f.line) for f in traceback.extract_tb(error.__traceback__)])


class Chain:
    def __init__(self, depth):
        self.depth = depth

    def __await__(self):
        if self.depth == 0:
            return (yield "bottom")
        return (yield from Chain(self.depth - 1).__await__())


async def deep(n):
    if n == 0:
        return await Chain(20)
    return await deep(n - 1)


print(run(deep(300), ["up"]), attempt(lambda: run(deep(2000))).split(":")[0])


# --- async with, async for
class AsyncManager:
    def __init__(self, log, gives=None):
        self.log = log
        self.gives = gives

    async def __aenter__(self):
        self.log.append(await Generator())
        return "entered"

    async def __aexit__(self, kind, value, trace):
        self.log.append(kind)
        return kind is KeyError


class Plain:
    def __aenter__(self):
        return 5

    def __aexit__(self, *details):
        return Generator()


class Wrong:
    def __aenter__(self):
        return Generator()

    def __aexit__(self, *details):
        return 5


async def use_async(manager, error=None):
    with_result = None
    async with manager as with_result:
        if error is not None:
            raise error
    return with_result


for _ in range(20):
    log = []
    results = run(use_async(AsyncManager(log)), ["a"]), attempt(lambda: run(use_async(AsyncManager(log), KeyError(1)), ["b"]))
print(results, log)
for manager in (Plain(), Wrong(), Manager(1), AsyncManager([])):
    for error in (None, ValueError("body")):
        print(type(manager).__name__, attempt(lambda: run(use_async(manager, error), ["x"])))


class Stream:
    def __init__(self, items):
        self.items = list(items)

    def __aiter__(self):
        return self

    def __anext__(self):
        if not self.items:
            raise StopAsyncIteration
        item = self.items.pop(0)
        return item() if callable(item) else item


class AsyncStream(Stream):
    async def __anext__(self):
        caller = sys._getframe(1).f_code.co_name
        if not self.items:
            raise StopAsyncIteration
        return caller, self.items.pop(0), await Generator()


async def over(stream):
    values = []
    async for value in stream:
        values.append(value)
    return values


for _ in range(20):
    results = [run(over(AsyncStream("ab")), [1, 2]), run(over(Stream([nothing, Generator, old_style])), "xy")]
print(results)
for item in (5, True, None, lambda: Awaitable(7), lambda: Awaitable(ValueError("await")), lambda: Awaitable(iter("q"))):
    for _ in range(20):
        result = attempt(lambda: run(over(Stream([item]))))
    print(result)


async def produced(n):
    for i in range(n):
        yield i, await Generator()


print(run(over(produced(3)), "abc"))


class Boom(Stream):
    def __anext__(self):
        raise LookupError("next")


try:
    run(over(Boom("a")))
except LookupError as error:
    print([(f.name, f.line) for f in traceback.extract_tb(error.__traceback__)])


# --- trace functions
events = []


def tracer(frame, event, argument):
    if frame.f_code.co_filename == __file__ and frame.f_code.co_name not in ("run", "attempt"):
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer
    return None


sys.settrace(tracer)
use_two(Manager(1), Nest(1))
log = []
run(use_async(AsyncManager(log)), ["a"])
run(over(AsyncStream("a")), [1])
sys.settrace(None)
for event in events:
    print(*event)
