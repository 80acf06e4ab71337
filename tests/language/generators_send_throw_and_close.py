# send, throw and close at every stage of a generator's life, and the errors of wrong use.


def echo():
    received = None
    while True:
        try:
            received = yield received
        except ValueError as error:
            received = f"caught {error}"
        except KeyError:
            return "stopped by KeyError"


g = echo()
print(
    next(g), g.send(1), g.send("two"), g.throw(ValueError("v")), g.throw(ValueError, "old style"), g.send(3),
    g.throw(ValueError)
)
try:
    g.throw(KeyError("k"))
except StopIteration as stop:
    print(stop.value)
try:
    g.send(1)
except StopIteration as stop:
    print("finished", stop.value)
try:
    g.throw(TypeError("after the end"))
except TypeError as error:
    print(error)
print(g.close(), next(g, "done"))
for call in (
    "echo().send(1)", "echo().throw(5)", "echo().throw()", "echo().throw(ValueError, 1, 2)",
    "echo().throw(ValueError(1), 2)", "echo().send()", "echo().throw(ValueError('unstarted'))", "echo().throw(None)",
    "echo().throw('text')", "echo().send(None)", "echo().close(1)", "echo().throw(int)"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
log = []


def guarded(swallow=False, again=False, replace=False):
    try:
        log.append("started")
        yield 1
        yield 2
    except GeneratorExit:
        log.append("GeneratorExit")
        if again:
            yield "ignored"
        if replace:
            raise KeyError("from close")
        if not swallow:
            raise
    finally:
        log.append("finally")


for options in ({}, {"swallow": True}, {"again": True, "swallow": True}, {"replace": True}):
    g = guarded(**options)
    next(g)
    try:
        print(options, g.close())
    except (RuntimeError, KeyError) as error:
        print(options, type(error).__name__, error)
    print(log, next(g, "closed"))
    log.clear()
g = guarded()
print(g.close(), log, next(g, "closed before start"))
g = guarded()
print(list(g), g.close(), log)
log.clear()


def cleanup():
    try:
        try:
            yield 1
        finally:
            log.append("inner")
            log.append("second")
    finally:
        log.append("outer")


g = cleanup()
next(g)
g.close()
print(log)


def reentrant():
    yield next(self_reference)


self_reference = reentrant()
try:
    next(self_reference)
except ValueError as error:
    print(error)


def sends_to_itself():
    try:
        me.send(None)
    except ValueError as error:
        yield str(error)
    try:
        me.close()
    except ValueError as error:
        yield str(error)
    yield me.gi_running


me = sends_to_itself()
print(list(me), me.gi_running)


def raises_stop():
    yield 1
    raise StopIteration("inside")


def next_of_empty():
    yield next(iter([]))


for function in (raises_stop, next_of_empty):
    try:
        print(list(function()))
    except RuntimeError as error:
        print(error, repr(error.__cause__), error.__cause__ is error.__context__)
g = (next(iter([])) for _ in range(3))
try:
    next(g)
except RuntimeError as error:
    print(error)


def handler_context():
    try:
        yield 1
    except ValueError:
        raise KeyError("while handling")


g = handler_context()
next(g)
try:
    g.throw(ValueError("thrown"))
except KeyError as error:
    print(repr(error), repr(error.__context__))


class Thrown(Exception):
    def __init__(self, *args):
        super().__init__(*args)
        self.count = len(args)


def shows():
    while True:
        try:
            yield
        except Thrown as error:
            print(error.args, error.count, error.__traceback__ is not None)


g = shows()
next(g)
g.throw(Thrown)
g.throw(Thrown(1, 2))
g.throw(Thrown, (3, 4))
g.throw(Thrown, 5)
g.throw(Thrown, None)
g.throw(Thrown, Thrown(6))
g.close()


def coroutine_style():
    total = count = 0
    average = None
    while True:
        value = yield average
        total += value
        count += 1
        average = total / count


average = coroutine_style()
next(average)
print([average.send(v) for v in (10, 20, 60)])
try:
    average.send("text")
except TypeError as error:
    print(error)
print(next(average, "ended by the error"))
