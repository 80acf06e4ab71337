# Random sequences of asend, athrow, aclose, anext, throw and close on generators that nest, await, catch and refuse.
#
# Every object is kept until the end, so that nothing is finalised while its output counts.
import sys
import types

ERRORS = [ValueError, KeyError, GeneratorExit, StopAsyncIteration, StopIteration, OSError]
state, quiet, kept = 0, False, []


def random(n):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
    return (state >> 33) % n


def log(*parts):
    if not quiet:
        print(*parts)


def keep(x):
    kept.append(x)
    return x


@types.coroutine
def suspend(value):
    return (yield value)


async def body(name, depth):
    for i in range(4):
        try:
            choice = random(9)
            if choice < 3:
                log("  received", repr((yield name, i)))
            elif choice < 5:
                log("  awaited", repr(await suspend(("suspended", name, i))))
            elif choice == 5 and depth:
                async for x in keep(body(name + 10, depth - 1)):
                    log("  inner", x)
                    yield x
            elif choice == 6 and depth:
                inner = keep(body(name + 20, depth - 1))
                log("  first", await anext(inner, "none"))
                try:
                    await inner.athrow(ERRORS[random(6)]("inner"))
                except (ValueError, KeyError, OSError, StopAsyncIteration) as error:
                    log("  from inside", repr(error))
                await inner.aclose()
            elif choice == 7:
                raise ERRORS[random(6)]("raised")
            else:
                return
        except (ValueError, KeyError) as error:
            log("  caught", repr(error), repr(error.__context__))
            if random(3) == 0:
                yield "from the handler"
        except GeneratorExit:
            log("  exiting")
            if random(4) == 0:
                yield "refused"
            if random(4) == 0:
                await suspend("on the way out")
            raise
        finally:
            if random(5) == 0:
                log("  finally", await suspend("in finally"))


async def awaiting(step):
    return "awaited", await step


def attempt(label, action):
    try:
        log(label, "->", action())
    except BaseException as error:
        log(label, "!!", repr(error), "from", repr(error.__cause__), "in", repr(error.__context__))


def use(step):
    choice = random(10)
    if choice < 6:
        attempt("send", lambda: step.send(None))
    elif choice == 6:
        attempt("send a value", lambda: step.send("value"))
    elif choice == 7:
        attempt("throw", lambda: step.throw(ERRORS[random(6)]("thrown")))
    elif choice == 8:
        attempt("throw a class", lambda: step.throw(ERRORS[random(6)], "value"))
    else:
        attempt("close", step.close)


def play(seed, length):
    global state
    state = seed
    generators, steps = [], []
    for n in range(length):
        choice = random(12)
        if choice == 0 or not generators:
            generators.append(keep(body(n, 2)))
        agen = generators[random(len(generators))] if random(3) else generators[-1]
        step = None
        if 1 <= choice <= 3:
            step = agen.__anext__()
        elif choice == 4:
            step = agen.asend("sent")
        elif choice == 5:
            step = agen.athrow(ERRORS[random(6)]("athrow"))
        elif choice == 6:
            step = agen.aclose()
        elif choice == 7:
            step = anext(agen, "default")
        if step is not None:
            steps.append(keep(awaiting(step) if random(4) == 0 else step))
            use(steps[-1])
            while random(3):
                use(steps[-1])
        elif steps:
            use(steps[random(len(steps))] if random(2) else steps[-1])
        log("state", agen.ag_running, agen.ag_frame is None, type(agen.ag_await).__name__)


for seed in range(1, 9):
    log("seed", seed)
    play(seed, 150)
quiet, sys.unraisablehook = True, lambda unraisable: None
for thing in kept:
    if isinstance(thing, types.CoroutineType):
        attempt("close", thing.close)
kept.clear()
