"""_asyncio.Future: states, callbacks, awaiting by hand, misuse, subclasses, what the finaliser says."""
import asyncio
import _asyncio
import gc
import sys

Future = _asyncio.Future


def attempt(what, f, *arguments, **keywords):
    try:
        print(what, "->", repr(f(*arguments, **keywords)))
    except BaseException as error:
        print(what, "!!", type(error).__name__, error.args)


class Loop:
    """Keeps what it is asked to call, and calls it when told to."""

    def __init__(self):
        self.ready = []
        self.debug = False

    def get_debug(self):
        return self.debug

    def call_soon(self, callback, *arguments, context=None):
        self.ready.append((callback, arguments, context))

    def call_exception_handler(self, report):
        print("handler:", {key: value if key == "message" else type(value).__name__ for key, value in report.items()})

    def run(self):
        ready, self.ready = self.ready, []
        for callback, arguments, context in ready:
            if context is None:
                callback(*arguments)
            else:
                context.run(callback, *arguments)

    def __repr__(self):
        return "Loop()"


loop = Loop()

# What is not initialised says so.
empty = Future.__new__(Future, 1, x=2)
for name in ("result", "exception", "cancel", "cancelled", "done", "get_loop", "__iter__", "__await__", "__repr__"):
    attempt(name, getattr(empty, name))
for name in ("set_result", "set_exception", "add_done_callback", "remove_done_callback"):
    attempt(name, getattr(empty, name), 1)
for name in ("_state", "_loop", "_callbacks", "_result", "_exception", "_log_traceback", "_source_traceback",
             "_cancel_message", "_asyncio_future_blocking"):
    attempt(name, getattr, empty, name)

# Arguments.
attempt("new", Future, 1)
attempt("new", Future, loop=1)
attempt("new", Future, x=1)
attempt("new", Future, 1, x=1)
f = Future(loop=loop)
attempt("set_result", f.set_result)
attempt("set_result", f.set_result, 1, 2)
for arguments in ((), (1,), (1, 2)):
    for keywords in ({"x": 1}, {"context": 3}):
        if arguments != (1,) or "x" in keywords:
            attempt("add_done_callback", f.add_done_callback, *arguments, **keywords)
for arguments in ((), (1,), (1, 2)):
    for keywords in ({}, {"x": 1}, {"msg": 3}):
        if arguments or "x" in keywords:
            if len(arguments) + len(keywords) > 1 or keywords:
                attempt("cancel", f.cancel, *arguments, **keywords)
for name in ("done", "cancelled", "result", "exception", "get_loop", "_make_cancelled_error"):
    attempt(name, getattr(f, name), 1)
    attempt(name, getattr(f, name), x=1)

# Attributes: most cannot be set, some are truth values.
for name, value in (("_state", 1), ("_loop", 1), ("_callbacks", 1), ("_result", 1), ("_exception", 1),
                    ("_log_traceback", True), ("_log_traceback", 0), ("_log_traceback", []), ("_source_traceback", 1),
                    ("_cancel_message", 5), ("_asyncio_future_blocking", 5), ("_asyncio_future_blocking", [])):
    attempt(name, setattr, f, name, value)
    attempt(name, getattr, f, name)
for name in ("_state", "_log_traceback", "_asyncio_future_blocking", "_cancel_message"):
    attempt(name, delattr, f, name)
f.own = 5
print(f.own, hasattr(f, "__dict__"))
print(Future[int], Future.__module__, Future.__qualname__, Future.__mro__)
attempt("class attribute", setattr, Future, "x", 1)

# Results and exceptions.
for value in (1, None, (1, 2), ValueError(1)):
    f = Future(loop=loop)
    attempt("early", f.result)
    attempt("early", f.exception)
    f.set_result(value)
    print(f.done(), f.cancelled(), f._state, f)
    attempt("result", f.result)
    attempt("exception", f.exception)
    attempt("again", f.set_result, 1)
    attempt("again", f.set_exception, ValueError())
    attempt("next", next, iter(f))
    attempt("cancel", f.cancel)
for value in (1, int, StopIteration, StopIteration(2), ZeroDivisionError, ValueError("x"), KeyboardInterrupt(1)):
    f = Future(loop=loop)
    attempt("set_exception", f.set_exception, value)
    print(f._log_traceback, f)
    attempt("result", f.result)
    print(f._log_traceback)
    attempt("exception", f.exception)
    f._log_traceback = False

# Cancelling.
for message in (None, "why", 5):
    f = Future(loop=loop)
    attempt("cancel", f.cancel, msg=message)
    attempt("cancel", f.cancel, message)
    attempt("result", f.result)
    attempt("exception", f.exception)
    print(f, f._cancel_message)
    a, b = f._make_cancelled_error(), f._make_cancelled_error()
    print(repr(a), repr(b), a is b)

# Callbacks come with the future, each in its context, in order.
f = Future(loop=loop)
print(f._callbacks)
print(f.add_done_callback(lambda g: print("first", g is f), context=None), len(f._callbacks))
for i in range(4):
    f.add_done_callback(lambda g, i=i: print("more", i, g is f))
print(len(f._callbacks), [type(entry).__name__ for entry in f._callbacks], {len(entry) for entry in f._callbacks})
print(f._callbacks[0][1], type(f._callbacks[1][1]).__name__)
f.set_result(0)
print(f._callbacks, len(loop.ready))
loop.run()
f.add_done_callback(lambda g: print("late", g is f))
loop.run()


class Named:
    """Equal by name; comparing may do something to the future."""

    def __init__(self, name, action=None):
        self.name = name
        self.action = action

    def __eq__(self, other):
        if self.action is not None:
            self.action()
        return isinstance(other, Named) and self.name == other.name

    def __call__(self, future):
        print("called", self.name)

    def __repr__(self):
        return f"Named({self.name})"


f = Future(loop=loop)
for name in "abcbdb":
    f.add_done_callback(Named(name))
for name in "bzadc":
    print(name, f.remove_done_callback(Named(name)), f._callbacks and [entry[0] for entry in f._callbacks])
f.add_done_callback(Named("again"))
f.set_result(None)
loop.run()
# Comparing that mutates: no crash, whatever is removed.
f = Future(loop=loop)
for i in range(10):
    f.add_done_callback(Named(i, action=lambda: f.add_done_callback(Named(99)) if len(f._callbacks or ()) < 30 else None))
f.remove_done_callback(Named(3))
f = Future(loop=loop)
for i in range(10):
    f.add_done_callback(Named("x", action=lambda: f.done() or f.set_result(1)))
f.remove_done_callback(Named("x"))
print(f._callbacks, f)
loop.ready.clear()

# Awaiting by hand.
f = Future(loop=loop)
it = iter(f)
print(type(it).__name__, type(it).__module__, iter(it) is it)
print(next(it) is f, f._asyncio_future_blocking)
attempt("not waited", next, it)
attempt("not waited", it.send, 3)
f.set_result(5)
attempt("end", next, it)
attempt("after the end", next, it)
f = Future(loop=loop)
it = f.__await__()
attempt("send", it.send)
attempt("throw", it.throw)
for arguments in ((1,), (ValueError("q"), 2), (ValueError, 3, 4), (int,), (ValueError, 1, 2, 3)):
    attempt("throw", it.throw, *arguments)
for arguments in ((ValueError,), (ValueError, 2), (ValueError("q"),), (ValueError, (1, 2)), (ValueError, 3, None),
                  (KeyError, KeyError(2)), (ValueError, KeyError(2)), (KeyboardInterrupt,)):
    attempt("throw", it.throw, *arguments)
    attempt("next", next, it)
    it = iter(f)
attempt("keywords", it.throw, value=3)
attempt("close", it.close)
attempt("closed", next, it)
attempt("make one", type(it))
f = Future(loop=loop)
f.set_exception(LookupError("inside"))
attempt("raises", next, iter(f))


def delegate(f):
    return (yield from f)


f = Future(loop=loop)
g = delegate(f)
print(next(g) is f)
f.set_result([1])
attempt("delegated", g.send, None)

# A traceback does not grow with every look.
f = Future(loop=loop)
f.set_exception(ValueError(2))
for _ in range(3):
    try:
        f.result()
    except ValueError as error:
        depth, entry = 0, error.__traceback__
        while entry is not None:
            depth, entry = depth + 1, entry.tb_next
        print(depth)


# Loops that misbehave.
class BadDebug:
    def get_debug(self):
        return 1 / 0


class NoCallSoon:
    def get_debug(self):
        return False


attempt("debug", Future, loop=BadDebug())
f = Future(loop=NoCallSoon())
attempt("nobody to tell", f.set_result, 1)
attempt("add", f.add_done_callback, 3)
print(f._state)
f = Future(loop=NoCallSoon())
f.add_done_callback(3)
attempt("tell", f.set_result, 1)
print(f._state, f._callbacks)

# Debug mode remembers where it was made.
loop.debug = True
f = Future(loop=loop)
print([entry.name for entry in f._source_traceback], f._source_traceback[-1].line)
loop.debug = False


# Subclasses.
class Derived(Future):
    def __init__(self, tag, **keywords):
        super().__init__(**keywords)
        self.tag = tag

    def done(self):
        return not super().done()


d = Derived("t", loop=loop)
print(d.tag, d.done(), d, isinstance(d, Future), asyncio.isfuture(d))
d.set_result(3)
print(d.done(), d.result(), d)
attempt("no tag", Derived)
attempt("again", d.__init__, "u", loop=loop)
print(d.tag, d._state)


# What nobody has looked at is reported.
def leave(make):
    make()
    gc.collect()
    gc.collect()


def unseen():
    Future(loop=loop).set_exception(ValueError(3))


def seen():
    f = Future(loop=loop)
    f.set_exception(ValueError(3))
    f.exception()


def silenced():
    f = Future(loop=loop)
    f.set_exception(ValueError(3))
    f._log_traceback = False


class Loud(Future):
    def __del__(self):
        print("del", self._state)
        super().__del__()


def loud():
    Loud(loop=loop).set_exception(KeyError(4))


def quiet():
    Loud(loop=loop).set_result(1)


for make in (unseen, seen, silenced, loud, quiet):
    print(make.__name__)
    leave(make)
