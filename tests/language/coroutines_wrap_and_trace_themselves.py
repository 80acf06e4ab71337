# Coroutine objects: members, coroutine_wrapper, misuse, awaits of every kind, origins, generator-based coroutines.
import sys
import types


@types.coroutine
def suspend(value):
    return (yield value)


def attempt(label, action):
    try:
        print(label, "->", action())
    except BaseException as error:
        print(label, "!!", type(error).__name__, error.args, type(error.__cause__).__name__)


async def worker():
    try:
        print("resumed with", await suspend("waiting"))
        return "done"
    finally:
        print("finally")


def members(coroutine):
    return (
        coroutine.cr_running, coroutine.cr_suspended, type(coroutine.cr_await).__name__, coroutine.cr_origin,
        coroutine.cr_frame is not None, coroutine.cr_code.co_name
    )


# coroutine_wrapper
coroutine = worker()
wrapper = coroutine.__await__()
print(type(wrapper), type(wrapper).__doc__, sorted(set(dir(wrapper)) - set(dir(object))))
print(repr(wrapper).split(" at ")[0], iter(wrapper) is wrapper, wrapper is coroutine.__await__())
attempt("new", lambda: type(wrapper)())
attempt("subclass", lambda: type("S", (type(wrapper),), {}))
print(members(coroutine))
attempt("next", lambda: next(wrapper))
print(members(coroutine))
attempt("send", lambda: wrapper.send("v"))
print(members(coroutine))
for name, use in {
    "send": lambda: wrapper.send(None),
    "next": lambda: next(wrapper),
    "throw": lambda: wrapper.throw(KeyError),
    "close": lambda: wrapper.close(),
    "coroutine.send": lambda: coroutine.send(None),
    "coroutine.throw": lambda: coroutine.throw(KeyError),
    "coroutine.close": lambda: coroutine.close(),
}.items():
    attempt(name, use)
for arguments in ((), (1, 2)):
    attempt("send", lambda: wrapper.send(*arguments))
    attempt("coroutine.send", lambda: coroutine.send(*arguments))
attempt("close", lambda: coroutine.close(1))
attempt("throw", lambda: coroutine.throw())
attempt("throw", lambda: coroutine.throw(1, 2, 3, 4))
attempt("throw", lambda: coroutine.throw(type=KeyError))
coroutine = worker()
attempt("not None", lambda: coroutine.send(1))
attempt("not None", lambda: coroutine.__await__().send(1))
attempt("throw", lambda: coroutine.__await__().throw(ValueError("early")))
attempt("afterwards", lambda: coroutine.send(None))
coroutine = worker()
coroutine.send(None)
attempt("throw", lambda: coroutine.__await__().throw(ValueError, "late"))
coroutine = worker()
coroutine.send(None)
attempt("close", lambda: coroutine.__await__().close())
attempt("closed", lambda: coroutine.__await__().send(None))

# Members that cannot be set, and those that can.
for name in ("cr_frame", "cr_running", "cr_code", "cr_await", "cr_origin", "cr_suspended"):
    attempt(name, lambda: setattr(coroutine, name, 1))
generator = (i for i in "ab")
for name in ("gi_frame", "gi_running", "gi_code", "gi_yieldfrom", "gi_suspended"):
    attempt(name, lambda: setattr(generator, name, 1))
for name in ("__name__", "__qualname__"):
    attempt(name, lambda: setattr(coroutine, name, 1))
coroutine.__name__, coroutine.__qualname__ = "renamed", "quite.renamed"
print(coroutine.__name__, repr(coroutine).split(" at ")[0])
for use in (iter, next, list, anext, aiter, lambda c: c(), lambda c: [*c]):
    attempt("use", lambda: use(coroutine))


# Running: it cannot be resumed, thrown into or closed.
async def selfish():
    print(members(me), me.cr_frame is sys._getframe())
    for use in (lambda: me.send(None), lambda: me.throw(KeyError), me.close, lambda: next(me.__await__())):
        attempt("inside", use)


me = selfish()
attempt("selfish", lambda: me.send(None))


# What can be awaited, and what is said of the rest.
async def awaiting(awaitable):
    return await awaitable


class Awaitable:
    def __init__(self, iterator):
        self.iterator = iterator

    def __await__(self):
        return self.iterator


class Raising:
    def __await__(self):
        raise KeyError("in __await__")


class Never:
    __await__ = None


def plain():
    yield 1


@types.coroutine
def delegating():
    return (yield from worker())


idle = worker()
for awaitable in (
    5, None, plain(), object(), Never(), Raising(), Awaitable(5), Awaitable(None), Awaitable(idle), Awaitable(delegating()),
    Awaitable(plain()), Awaitable(iter([1]))
):
    attempt(type(awaitable).__name__, lambda: awaiting(awaitable).send(None))
idle.close()
coroutine = awaiting(delegating())
attempt("delegating", lambda: coroutine.send(None))
print(type(coroutine.cr_await).__name__, type(coroutine.cr_await.gi_yieldfrom).__name__)
attempt("delegating", lambda: coroutine.send(7))
coroutine = awaiting(Awaitable(worker().__await__()))
attempt("wrapper", lambda: coroutine.send(None))
attempt("wrapper", lambda: coroutine.throw(KeyError("through the wrapper")))


def not_a_coroutine():
    yield from idle


attempt("yield from", lambda: next(not_a_coroutine()))
shared = worker()
one, two = awaiting(shared), awaiting(shared)
attempt("one", lambda: one.send(None))
attempt("two", lambda: two.send(None))
attempt("directly", lambda: shared.send("direct"))
attempt("one", lambda: one.send(None))


# StopIteration may not leave the body; StopAsyncIteration may.
async def leaky(error):
    raise error


@types.coroutine
def leaky_generator(error):
    yield
    raise error


for error in (StopIteration(1), StopAsyncIteration(2), GeneratorExit(3)):
    attempt("leaky", lambda: leaky(error).send(None))
    old = leaky_generator(error)
    old.send(None)
    attempt("leaky", lambda: old.send(None))

# throw() makes the exception, and passes on what it was given.
class FailingError(ValueError):
    def __init__(self, *arguments):
        raise KeyError("constructor")


class OddError(ValueError):
    def __new__(cls, *arguments):
        return 5


class Derived(ValueError):
    pass


def catching():
    try:
        yield "started"
    except Exception as error:
        yield repr(error)


for arguments in (
    (FailingError,), (OddError,), (ValueError, KeyError("k")), (ValueError, Derived("d")), (ValueError, (1, 2)),
    (ValueError("v"), None), (ValueError("v"), 1), (5,), (ValueError, "v", 5)
):
    caught = catching()
    next(caught)
    attempt("throw", lambda: caught.throw(*arguments))


class Recorder:
    def __iter__(self):
        return self

    def __next__(self):
        return "next"

    def throw(self, *arguments):
        return arguments


def recording():
    yield from Recorder()


for arguments in ((KeyError,), (KeyError, "v"), (KeyError, "v", None), (5,)):
    recorded = recording()
    next(recorded)
    attempt("recorded", lambda: recorded.throw(*arguments))


# Where a coroutine was made.
def show_origin(coroutine):
    origin = coroutine.cr_origin
    print(origin if origin is None else [(file == __file__, line, name) for file, line, name in origin])
    coroutine.close()


def make():
    return worker()


async def making():
    return make()


print(sys.get_coroutine_origin_tracking_depth())
show_origin(make())
for depth in (1, 2, 5):
    sys.set_coroutine_origin_tracking_depth(depth)
    show_origin(make())
    maker = making()
    try:
        maker.send(None)
    except StopIteration as stop:
        show_origin(stop.value)
    show_origin(maker)
sys.set_coroutine_origin_tracking_depth(0)
show_origin(make())
attempt("depth", lambda: sys.set_coroutine_origin_tracking_depth(-1))
attempt("depth", lambda: sys.set_coroutine_origin_tracking_depth("a"))
print(types.coroutine(worker) is worker, hex(suspend.__code__.co_flags), hex(worker.__code__.co_flags))
attempt("types.coroutine", lambda: types.coroutine(5))
