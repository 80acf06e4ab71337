# Awaitables of asynchronous generators used twice, while the generator runs, from inside it, or with wrong arguments.
import sys
import types


@types.coroutine
def suspend(value):
    return (yield value)


def attempt(label, action):
    try:
        print(label, "->", action())
    except BaseException as error:
        print(label, "!!", type(error).__name__, error.args)


async def numbers():
    yield 1
    await suspend("waiting")
    yield 2


async def pause():
    await suspend("pause")
    yield 1


kinds = {
    "anext": lambda agen: agen.__anext__(),
    "asend": lambda agen: agen.asend(None),
    "athrow": lambda agen: agen.athrow(KeyError("thrown")),
    "aclose": lambda agen: agen.aclose(),
}
for name, make in kinds.items():
    print(name, type(make(numbers())), sorted(set(dir(make(numbers()))) - set(dir(object))))
    step = make(numbers())
    print(iter(step) is step, step.__await__() is step)
    attempt("first", lambda: next(step))
    attempt("second", lambda: step.send(None))
    attempt("throw", lambda: step.throw(ValueError))
    attempt("close", lambda: step.close())
    step = make(numbers())
    attempt("close", lambda: step.close())
    attempt("closed", lambda: step.send(None))
    attempt("throw closed", lambda: step.throw(ValueError))
    step = make(numbers())
    attempt("not None", lambda: step.send(5))
    attempt("then", lambda: step.send(None))
    for arguments in ((), (1, 2)):
        attempt("send", lambda: make(numbers()).send(*arguments))
    attempt("close", lambda: make(numbers()).close(1))
    attempt("throw", lambda: make(numbers()).throw(type=KeyError))
    attempt("new", lambda: type(step)())
    attempt("subclass", lambda: type("S", (type(step),), {}))
attempt("asend a value first", lambda: numbers().asend(5).send(None))

# While one awaitable is under way, the others must wait.
for name, make in kinds.items():
    agen = numbers()
    attempt("start", lambda: agen.__anext__().send(None))
    current = agen.__anext__()
    attempt("wait", lambda: current.send(None))
    step = make(agen)
    attempt(name, lambda: step.send(None))
    attempt(name, lambda: step.send(None))
    attempt("after all", lambda: current.send(None))
    attempt("again", lambda: current.send(None))
    agen = numbers()
    attempt("start", lambda: agen.__anext__().send(None))
    current = agen.__anext__()
    current.send(None)
    attempt("throw past it", lambda: make(agen).throw(KeyError("past")))
    print(agen.ag_running, agen.ag_frame)
    attempt("the first", lambda: current.send(None))
    # An awaitable that was given up leaves the generator running for ever.
    agen = pause()
    current = agen.__anext__()
    current.send(None)
    current.close()
    attempt("given up", lambda: make(agen).send(None))
    print(agen.ag_running, agen.ag_frame is None)


# From inside.
async def introspective():
    print(me.ag_running, me.ag_frame is sys._getframe(), me.ag_frame.f_code.co_name)
    for name, make in kinds.items():
        attempt(name, lambda: make(me).send(None))
        attempt(name + ".throw", lambda: make(me).throw(OSError))
    yield 1


me = introspective()
attempt("inside", lambda: me.__anext__().send(None))


# Through a coroutine that awaits the awaitable.
async def awaiting(awaitable):
    return await awaitable


agen = pause()
step = agen.__anext__()
outer = awaiting(step)
attempt("outer", lambda: outer.send(None))
print(outer.cr_await is step, agen.ag_running, type(agen.ag_await).__name__)
attempt("thrown", lambda: outer.throw(KeyError("through")))
print(agen.ag_running, agen.ag_frame)
agen = pause()
outer = awaiting(agen.__anext__())
outer.send(None)
attempt("outer closed", lambda: outer.close())
print(agen.ag_running)
for name, make in kinds.items():
    attempt(name, lambda: awaiting(make(numbers())).send(None))

# Members.
agen = numbers()
for name in ("ag_frame", "ag_running", "ag_code", "ag_await"):
    attempt(name, lambda: setattr(agen, name, 1))
for name in ("__name__", "__qualname__"):
    attempt(name, lambda: setattr(agen, name, 1))
    attempt(name, lambda: delattr(agen, name))
agen.__name__, agen.__qualname__ = "renamed", "quite.renamed"
print(agen.__name__, repr(agen).split(" at ")[0], type(agen)[int, str])
for use in (iter, next, list, len, lambda a: a(), lambda a: a.send(1), lambda a: a.close(), lambda a: a.throw(KeyError)):
    attempt("use", lambda: use(agen))
attempt("await", lambda: awaiting(agen).send(None))
for arguments in ((), (1, 2)):
    attempt("asend", lambda: agen.asend(*arguments))
attempt("athrow", lambda: agen.athrow(typ=ValueError))
attempt("aclose", lambda: agen.aclose(1))
attempt("__anext__", lambda: agen.__anext__(1))
attempt("self", lambda: types.AsyncGeneratorType.asend(1, 2))
attempt("new", lambda: types.AsyncGeneratorType())


# sys.set_asyncgen_hooks: firstiter hears of each generator once, before its first awaitable exists.
def known(agen):
    print("first iteration of", agen.__name__)


def finalizer(agen):
    pass


def failing(agen):
    raise KeyError("hook")


print(sys.get_asyncgen_hooks(), type(sys.get_asyncgen_hooks()))
sys.set_asyncgen_hooks(known, finalizer)
print(sys.get_asyncgen_hooks().firstiter is known, sys.get_asyncgen_hooks()[1] is finalizer)
for make in kinds.values():
    agen = numbers()
    make(agen)
    print("made")
    make(agen)
sys.set_asyncgen_hooks(firstiter=failing, finalizer=None)
for make in kinds.values():
    agen = numbers()
    attempt("failing", lambda: make(agen))
    attempt("but only once", lambda: agen.__anext__().send(None))
for arguments in ((5,), (None, 5), (known, 5), (5, finalizer), (1, 2, 3), (None,), ()):
    attempt("hooks", lambda: sys.set_asyncgen_hooks(*arguments))
attempt("hooks", lambda: sys.set_asyncgen_hooks(x=1))
print(sys.get_asyncgen_hooks().finalizer is finalizer)
