# Generators, coroutines and asynchronous generators that nobody will resume: their finally clauses and withs run.
import gc
import sys
import warnings

log = []


def flush(title):
    gc.collect()
    print(title, log)
    log.clear()


def simple():
    try:
        yield 1
        yield 2
    finally:
        log.append("finally")


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *exc):
        log.append(("exit", exc[0].__name__ if exc[0] else None))


def with_manager():
    with Manager():
        yield 1


def catching():
    try:
        yield 1
    except GeneratorExit:
        log.append("GeneratorExit")
        raise


def not_in_try():
    yield 1
    try:
        yield 2
    finally:
        log.append("not reached")


def nested():
    try:
        yield from simple()
    finally:
        log.append("outer finally")


def start(make, steps=1):
    g = make()
    for i in range(steps):
        next(g)


start(simple)
flush("simple")
start(simple, 0)
flush("never started")
start(with_manager)
flush("with")
start(catching)
flush("except")
start(not_in_try)
flush("not in try")
start(nested)
flush("nested")
g = simple()
list(g)
del g
flush("exhausted")
g = simple()
next(g)
flush("held")
g.close()
flush("closed by hand")
del g
flush("and gone")


# for, zip, tuple unpacking and others leave them behind.
def breaks():
    for x in simple():
        break


breaks()
flush("break")
list(zip([1], simple()))
flush("zip")
next(map(str, simple()))
flush("map")
any(x for x in simple())
flush("any")

# In cycles, and on objects that are finalised themselves.
def cyclic():
    me = yield
    try:
        yield me
    finally:
        log.append(("cyclic", me is not None))


c = cyclic()
next(c)
c.send(c)
del c
flush("cycle")


class Owner:
    def __init__(self):
        self.g = simple()
        next(self.g)

    def __del__(self):
        log.append("owner goes first")


Owner()
flush("owner")

# Errors and yields while being closed.
reports = []
sys.unraisablehook = lambda a: reports.append((a.exc_type.__name__, str(a.exc_value), a.err_msg, a.object.__name__))


def failing():
    try:
        yield
    finally:
        raise KeyError("while closing")


def stubborn():
    try:
        yield
    except GeneratorExit:
        yield "no"


start(failing)
start(stubborn)
gc.collect()
gc.collect()
print(reports)
reports.clear()

# Coroutines.
class Awaitable:
    def __await__(self):
        yield "waiting"


async def waiting():
    try:
        await Awaitable()
    finally:
        log.append("coroutine's finally")


def run_one(make):
    make().send(None)


run_one(waiting)
flush("coroutine")


async def never():
    pass


with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    never()
    gc.collect()
    c = never()
    c.close()
    del c
    gc.collect()
print([(w.category.__name__, str(w.message)) for w in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    never()
    gc.collect()
print(reports)
reports.clear()
sys.unraisablehook = sys.__unraisablehook__

# Asynchronous generators: an event loop's hooks are told.
async def agen():
    try:
        yield 1
        yield 2
    finally:
        log.append("agen's finally")


def step(ag):
    try:
        ag.__anext__().send(None)
    except StopIteration as e:
        return e.value


def iterate_and_leave():
    return step(agen())


print(iterate_and_leave())
flush("without hooks")
hooks = sys.get_asyncgen_hooks()
sys.set_asyncgen_hooks(firstiter=lambda ag: log.append(("first", ag.__name__)),
                       finalizer=lambda ag: log.append(("last", ag.__name__)))
print(iterate_and_leave())
flush("with hooks")
agen()
flush("never iterated")
a = agen()
step(a)
sys.set_asyncgen_hooks(*hooks)
del a
flush("hooks of the first iteration")


async def use():
    async for x in agen():
        log.append(x)
        return


try:
    use().send(None)
except StopIteration:
    pass
flush("async for")

# At exit.
def at_exit():
    try:
        yield
    finally:
        print("finally at exit")


left = at_exit()
next(left)
