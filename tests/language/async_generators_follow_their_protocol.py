# Asynchronous generators driven by hand: __anext__, asend, athrow and aclose, what each gives and how each ends.
import types


@types.coroutine
def suspend(value):
    return (yield value)


def attempt(label, action):
    try:
        print(label, "->", action())
    except BaseException as error:
        print(label, "!!", repr(error), "from", repr(error.__cause__), "in", repr(error.__context__))


def first(agen):
    """Start a generator that yields at once."""
    try:
        agen.__anext__().send(None)
    except StopIteration as stop:
        return stop.value


async def talk():
    try:
        received = yield "one"
        print("received", received)
        print("resumed with", await suspend("waiting"))
        yield "two"
    except BaseException as error:
        print("caught", repr(error))
        raise
    finally:
        print("finally")


agen = talk()
print(agen.__name__, agen.__qualname__, agen.ag_running, agen.ag_await, agen.ag_code is talk.__code__)
print(repr(agen).startswith("<async_generator object talk at 0x"), agen.__aiter__() is agen, type(agen))
attempt("anext", lambda: agen.__anext__().send(None))
step = agen.asend("a value")
attempt("asend", lambda: step.send(None))
print(agen.ag_running, type(agen.ag_await).__name__, agen.ag_frame.f_locals["received"])
attempt("resumed", lambda: step.send("an answer"))
print(agen.ag_running, agen.ag_await)
attempt("end", lambda: agen.__anext__().send(None))
attempt("after the end", lambda: agen.__anext__().send(None))
attempt("asend after the end", lambda: agen.asend(1).send(None))
attempt("athrow after the end", lambda: agen.athrow(ValueError("late")).send(None))
attempt("aclose after the end", lambda: agen.aclose().send(None))
attempt("throw after the end", lambda: agen.asend(1).throw(ValueError("late")))
print(agen.ag_frame, agen.ag_running)


# What yields give to whoever awaits.
async def values():
    yield None
    yield (1, 2)
    yield StopIteration("an instance")


agen = values()
for _ in range(4):
    attempt("value", lambda: agen.__anext__().send(None))
print(list(values().__anext__()), tuple(values().asend(None)))


# athrow: handled, handled after an await, returned from, turned into other exceptions.
async def robust():
    while True:
        try:
            yield "value"
        except ValueError as error:
            print("awaited", await suspend(f"handling {error}"))
            yield "handled"
        except KeyError:
            return
        except IndexError:
            raise StopAsyncIteration("mine")
        except AttributeError:
            raise StopIteration("mine")
        except LookupError:
            raise GeneratorExit("mine")
        except OSError:
            pass


agen = robust()
first(agen)
step = agen.athrow(ValueError("v"))
attempt("athrow", lambda: step.send(None))
print(agen.ag_running)
attempt("athrow resumed", lambda: step.send("W"))
print(agen.ag_running)
attempt("athrow goes on", lambda: step.send("W"))
for kind in (OSError, KeyError, IndexError, AttributeError, LookupError, GeneratorExit, ArithmeticError):
    agen = robust()
    first(agen)
    step = agen.athrow(kind)
    attempt(kind.__name__, lambda: step.send(None))
    attempt("again", lambda: step.send(None))
    attempt("next", lambda: agen.__anext__().send(None))
    agen = robust()
    first(agen)
    attempt("asend().throw", lambda: agen.asend(1).throw(kind("thrown")))
    agen = robust()
    attempt("not started", lambda: agen.athrow(kind("early")).send(None))
    attempt("next", lambda: agen.__anext__().send(None))
agen = robust()
first(agen)
step = agen.athrow(ValueError("first"))
step.send(None)
attempt("throw into athrow", lambda: step.throw(ValueError("second")))
attempt("afterwards", lambda: step.send(1))
print(agen.ag_running)

# throw() and athrow() take an instance or a class with its arguments.
for arguments in (
    (), (5,), (int,), ("s",), (ValueError, 1, 2), (ValueError("x"), 1), (ValueError, (1, 2)), (ValueError, None, None),
    (ValueError, 1, None, 3), (ValueError, KeyError("k")), (LookupError, KeyError("k"))
):
    attempt(f"athrow{arguments}", lambda: robust().athrow(*arguments).send(None))
    attempt(f"asend().throw{arguments}", lambda: robust().asend(None).throw(*arguments))
    attempt(f"aclose().throw{arguments}", lambda: robust().aclose().throw(*arguments))


# aclose: not started, suspended, awaiting while it cleans up, refusing.
async def cleaning():
    try:
        yield 1
    finally:
        print("cleaned", await suspend("cleaning"))


agen = talk()
attempt("close unstarted", lambda: agen.aclose().send(None))
attempt("next", lambda: agen.__anext__().send(None))
agen = talk()
first(agen)
step = agen.aclose()
attempt("close", lambda: step.send(None))
attempt("close twice", lambda: agen.aclose().send(None))
attempt("next", lambda: agen.__anext__().send(None))
attempt("athrow", lambda: agen.athrow(ValueError).send(None))
agen = cleaning()
first(agen)
step = agen.aclose()
attempt("close", lambda: step.send(None))
print(agen.ag_running, type(agen.ag_await).__name__)
attempt("closed", lambda: step.send("R"))
print(agen.ag_running, agen.ag_frame)
for thrown in (ValueError("thrown"), GeneratorExit(), StopAsyncIteration(), StopIteration()):
    agen = cleaning()
    first(agen)
    step = agen.aclose()
    step.send(None)
    attempt("throw into aclose", lambda: step.throw(thrown))
    attempt("afterwards", lambda: step.send(None))
    agen = talk()
    attempt("throw into a new aclose", lambda: agen.aclose().throw(thrown))
refuse = True


async def refusing():
    while True:
        try:
            yield 1
        except GeneratorExit:
            if not refuse:
                raise


agen = refusing()
first(agen)
attempt("refused", lambda: agen.aclose().send(None))
attempt("goes on", lambda: agen.__anext__().send(None))
attempt("close again", lambda: agen.aclose().send(None))
attempt("athrow", lambda: agen.athrow(ValueError).send(None))
step = refusing().aclose()
attempt("never started", lambda: step.send(None))
other = refusing()
first(other)
attempt("refused in throw", lambda: other.aclose().throw(GeneratorExit))
refuse = False


# StopIteration and StopAsyncIteration may not leave the body.
async def leaky(kind):
    yield 1
    if kind == "next":
        next(iter([]))
    if kind == "await":
        await leaky("nothing").asend(None)
        await values().athrow(StopAsyncIteration("inner"))
    raise {"si": StopIteration(3), "sai": StopAsyncIteration(4), "ge": GeneratorExit(5)}.get(kind, KeyError(kind))


async def collect(source):
    async for item in source:
        print("item", item)


for kind in ("si", "sai", "ge", "next", "await", "other"):
    attempt(kind, lambda: collect(leaky(kind)).send(None))


# An awaited object sees throw() and close() as they were given.
class Recorder:
    def __await__(self):
        return self

    def __next__(self):
        return "next"

    def send(self, value):
        return f"sent {value}"

    def throw(self, *arguments):
        print("throw", arguments)
        raise arguments[0]

    def close(self):
        print("close")


async def recording():
    yield 0
    try:
        await Recorder()
    finally:
        await Recorder()


for arguments in ((KeyError,), (KeyError, "v"), (KeyError, "v", None), (5,), (GeneratorExit,)):
    agen = recording()
    first(agen)
    step = agen.__anext__()
    attempt("wait", lambda: step.send(None))
    attempt("send", lambda: step.send("q"))
    attempt("throw", lambda: step.throw(*arguments))
    attempt("and again", lambda: step.throw(KeyError("last")))
    attempt("finish", lambda: agen.aclose().throw(OSError("last")))
