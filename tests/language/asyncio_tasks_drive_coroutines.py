"""_asyncio.Task: steps by hand, what a coroutine may yield, cancelling, names, stacks, nesting, misuse."""
import asyncio
import _asyncio
import contextvars
import gc
import re
import sys
import types

Future, Task = _asyncio.Future, _asyncio.Task


def show(v):
    return re.sub(r"0x[0-9a-f]+|asyncio_tasks[^ :>]*py|/[^ >]*/|:\d+", "", str(v))


def attempt(what, f, *arguments, **keywords):
    try:
        print(what, "->", show(repr(f(*arguments, **keywords))))
    except BaseException as error:
        print(what, "!!", type(error).__name__, show(error.args))


class Loop:
    def __init__(self):
        self.ready = []

    def get_debug(self):
        return False

    def call_soon(self, callback, *arguments, context=None):
        self.ready.append((callback, arguments, context))

    def call_exception_handler(self, report):
        print("handler:", {key: value if key == "message" else type(value).__name__ for key, value in report.items()})

    def run(self, times=1):
        for _ in range(times):
            ready, self.ready = self.ready, []
            for callback, arguments, context in ready:
                context.run(callback, *arguments)


loop = Loop()


@types.coroutine
def yields(value):
    try:
        return (yield value)
    except BaseException as error:
        print("inside:", show(repr(error)))
        raise


# One step after the other.
async def simple():
    print("current:", show(_asyncio._current_tasks), _asyncio._current_tasks[loop] is task)
    await yields(None)
    return 5


task = Task(simple(), loop=loop, name="simple")
print(show(task), task._fut_waiter, task._must_cancel, task.get_name(), task.get_coro() is task._coro)
callback, arguments, context = loop.ready[0]
print(type(callback).__name__, callback.__self__ is task, arguments, type(context).__name__)
attempt("positional", callback, 1)
attempt("keyword", callback, x=1)
loop.run()
print(show(task), _asyncio._current_tasks)
loop.run()
print(show(task), task.result(), task.done(), task.cancelled())
attempt("done already", callback)


# What may be yielded and what not.
def drive(value, times=4):
    async def outer():
        return await yields(value)

    task = Task(outer(), loop=loop, name="N")
    loop.run(times)
    print(task._state, show(repr(task._exception)))
    task.done() and task.exception()
    return task


drive(None)
drive(1)
drive("text")
drive(x for x in ())
drive(Future(loop=loop))
other = Future(loop=Loop())
other._asyncio_future_blocking = True
drive(other)


class Like:
    """Claims to be a future."""

    _asyncio_future_blocking = True

    def __init__(self, loop):
        self._loop = loop

    def add_done_callback(self, callback, *, context):
        print("add", type(callback).__name__, callback.__name__, type(context).__name__)
        self.callback = callback

    def result(self):
        return 4

    def cancel(self, msg=None):
        print("cancel", msg)
        return self.answer

    answer = True

    def __repr__(self):
        return "Like()"


drive(Like(Loop()))
unblocked = Like(loop)
unblocked._asyncio_future_blocking = False
drive(unblocked)
nothing = Like(loop)
nothing._asyncio_future_blocking = None
drive(nothing)
like = Like(loop)
task = drive(like)
print(show(task), task._fut_waiter, like._asyncio_future_blocking)
print(task.cancel("zz"), task._must_cancel, task.cancelling(), task.uncancel(), task.uncancel())
like.answer = False
print(task.cancel("yy"), task._must_cancel, show(task))
wake = like.callback
print(wake.__name__, wake.__qualname__, wake.__self__ is task, wake.__module__)
attempt("wake", wake)
attempt("wake", wake, 1, 2)
attempt("wake", wake, x=1)
wake(like)
print(show(task))
attempt("wake", wake, like)

# Futures.
f = Future(loop=loop)


async def waits():
    return await f


first, second = Task(waits(), loop=loop, name=5), Task(waits(), loop=loop, name="6")
loop.run()
print(show(first), show(f))
f.set_result("r")
loop.run()
print(show(first), show(second))


async def waits_for_itself():
    await me


me = Task(waits_for_itself(), loop=loop, name="me")
loop.run(3)
print(show(me))
me.exception()

# Exceptions.
for error in (ValueError(1), KeyboardInterrupt(2), SystemExit(3), asyncio.CancelledError("abc"), asyncio.CancelledError(),
              StopAsyncIteration(4), GeneratorExit(5), RecursionError(6)):
    async def fails():
        raise error

    task = Task(fails(), loop=loop, name="fails")
    attempt("run", loop.run)
    print(show(task), task._cancel_message, task._log_traceback)
    attempt("result", task.result)
    attempt("result", task.result)
    task._log_traceback = False


async def stops():
    raise StopIteration(7)


task = Task(stops(), loop=loop, name="stops")
loop.run()
print(show(task), type(task.exception().__cause__).__name__)


# Cancelling.
async def patient(swallow):
    for _ in range(3):
        try:
            await yields(None)
        except asyncio.CancelledError as error:
            print("caught", error.args)
            if not swallow:
                raise
    return "survived"


for swallow in (False, True):
    task = Task(patient(swallow), loop=loop, name="patient")
    loop.run()
    print(task.cancel("one"), task.cancel("two"), task.cancelling(), task._must_cancel, show(task))
    loop.run(5)
    print(show(task), task.cancel(), task.cancelling())
    attempt("result", task.result)


async def cancels_itself():
    asyncio.current_task(loop).cancel("x")
    return 5


task = Task(cancels_itself(), loop=loop, name="itself")
loop.run()
attempt("result", task.result)


async def cancels_and_waits():
    asyncio.current_task(loop).cancel("y")
    await Future(loop=loop)


task = Task(cancels_and_waits(), loop=loop, name="waits")
loop.run()
print(show(task), task._must_cancel)
loop.run()
attempt("result", task.result)


async def chain(n):
    if n == 0:
        await Future(loop=loop)
    await Task(chain(n - 1), loop=loop, name=str(n))


task = Task(chain(3), loop=loop, name="top")
loop.run(6)
print(task.cancel("deep"))
loop.run(8)
print(show(task))
attempt("result", task.result)

# Contexts.
variable = contextvars.ContextVar("variable", default=0)


async def counts():
    for _ in range(3):
        variable.set(variable.get() + 1)
        await yields(None)
    return variable.get()


shared = contextvars.copy_context()
one, two, own = Task(counts(), loop=loop, context=shared), Task(counts(), loop=loop, context=shared), Task(counts(), loop=loop)
loop.run(5)
print(one.result(), two.result(), own.result(), variable.get(), shared[variable])


# Objects that are like coroutines.
class Coroutine(asyncio.coroutines.collections.abc.Coroutine):
    def __init__(self):
        self.steps = 0

    def send(self, value):
        self.steps += 1
        print("send", value)
        if self.steps == 3:
            raise StopIteration("done")

    def throw(self, kind, value=None, traceback=None):
        print("throw", repr(kind))
        raise StopIteration("thrown")

    def __await__(self):
        return self


task = Task(Coroutine(), loop=loop, name="like")
loop.run(4)
print(task.result())
task = Task(Coroutine(), loop=loop, name="like")
loop.run()
task.cancel("m")
loop.run()
print(task.result())

# Construction and attributes.
attempt("new", Task)
attempt("new", Task, 1, loop=loop)
attempt("new", Task, 1, 2)
attempt("new", Task, 1, loop=loop, foo=2)
attempt("new", Task, loop=loop)
attempt("wrong __new__", Future.__new__, Task)


async def idle():
    pass


numbered = [Task(idle(), loop=loop) for _ in range(3)]
numbers = [int(task.get_name().removeprefix("Task-")) for task in numbered]
print(numbers[1] - numbers[0], numbers[2] - numbers[1])
task = numbered[0]
for name in ("_must_cancel", "_coro", "_fut_waiter", "_state"):
    attempt(name, setattr, task, name, 1)
print(task._log_destroy_pending)
attempt("set", setattr, task, "_log_destroy_pending", [])
attempt("delete", delattr, task, "_log_destroy_pending")
print(task._log_destroy_pending)
attempt("set_name", task.set_name, 7)
attempt("get_name", task.get_name)
attempt("set_name", task.set_name)
attempt("set_result", task.set_result, 1)
attempt("set_exception", task.set_exception, 1)
for arguments, keywords in (((), {}), ((), {"limit": 0}), ((5,), {}), ((), {"x": 1})):
    attempt("get_stack", lambda: [frame.f_code.co_name for frame in task.get_stack(*arguments, **keywords)])
attempt("print_stack", task.print_stack, 1)
attempt("print_stack", task.print_stack, file=2)
loop.run()
print(task.get_stack(), Task[int], Task.__module__, Task.__mro__)


# The module's functions.
attempt("enter", _asyncio._enter_task, loop, 1)
attempt("enter", _asyncio._enter_task, loop, 2)
attempt("leave", _asyncio._leave_task, loop, 2)
attempt("leave", _asyncio._leave_task, task=1, loop=loop)
attempt("leave", _asyncio._leave_task, loop, None)
attempt("enter", _asyncio._enter_task, [], 1)
attempt("enter", _asyncio._enter_task, loop)
attempt("enter", _asyncio._enter_task, 1, 2, 3)
attempt("register", _asyncio._register_task)
attempt("register", _asyncio._register_task, 1)
attempt("unregister", _asyncio._unregister_task, task=task)
print(task in _asyncio._all_tasks)
attempt("register", _asyncio._register_task, task=task)
print(task in _asyncio._all_tasks)
attempt("running", _asyncio.get_running_loop)
attempt("running", _asyncio.get_running_loop, 1)
attempt("running", _asyncio._get_running_loop)
attempt("set", _asyncio._set_running_loop)
attempt("set", _asyncio._set_running_loop, 1)
attempt("running", _asyncio.get_running_loop)
attempt("event loop", _asyncio.get_event_loop)
attempt("event loop", _asyncio._get_event_loop, 5)
attempt("event loop", _asyncio._get_event_loop, "a")
attempt("event loop", _asyncio._get_event_loop, stacklevel=5)
attempt("set", _asyncio._set_running_loop, None)
attempt("running", _asyncio._get_running_loop)


# Steps inside steps are refused.
async def nests():
    inner()


outer = Task(nests(), loop=loop, name="outer")
inside = Task(nests(), loop=loop, name="inside")
inner = loop.ready[1][0]
attempt("run", loop.run)
print(show(outer), show(inside), _asyncio._current_tasks)
outer.exception(), inside.done() and inside.exception()


# Subclasses may change anything.
class Derived(Task):
    def __init__(self, coro, **keywords):
        super().__init__(coro, **keywords)
        self.note = "n"

    def cancel(self, msg=None):
        print("Derived.cancel", msg)
        return super().cancel(msg)


d = Derived(idle(), loop=loop, name="d")
print(d.note, show(d), d.cancel("c"), d.cancelling())
loop.run()
print(show(d))


# A task that nobody holds while it waits.
def forget(silent):
    task = Task(yields_for_ever(), loop=loop, name="lost")
    loop.run()
    loop.ready.clear()
    task._log_destroy_pending = not silent


async def yields_for_ever():
    await Future(loop=loop)


for silent in (False, True):
    print("forget", silent)
    forget(silent)
    gc.collect()
    gc.collect()
