# __context__, __cause__, __suppress_context__, raise from, bare raise and the handled exception's scope.

import sys


def chain(error):
    parts = []
    while error is not None:
        parts.append(f"{error!r} cause={error.__cause__!r} suppress={error.__suppress_context__}")
        error = error.__context__
    return " <- ".join(parts)


def catch(function):
    try:
        function()
    except BaseException as error:
        return chain(error)
    return "nothing raised"


def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("k")


def explicit():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise KeyError("k") from error


def suppressed():
    try:
        1 / 0
    except ZeroDivisionError:
        raise KeyError("k") from None


def from_class():
    raise KeyError from ValueError


def reraise():
    try:
        1 / 0
    except ZeroDivisionError:
        raise


def reraise_same():
    try:
        1 / 0
    except ZeroDivisionError as error:
        raise error


def reraise_after_inner():
    try:
        raise ValueError("outer")
    except ValueError:
        try:
            raise KeyError("inner")
        except KeyError:
            pass
        raise


def three_levels():
    try:
        try:
            raise ValueError(1)
        except ValueError:
            raise KeyError(2)
    except KeyError:
        raise TypeError(3)


def in_finally():
    try:
        raise ValueError("body")
    finally:
        raise KeyError("finally")


def no_active():
    raise


def helper():
    raise


def reraise_in_helper():
    try:
        raise ValueError("seen by the helper")
    except ValueError:
        helper()


for function in (
    implicit, explicit, suppressed, from_class, reraise, reraise_same, reraise_after_inner, three_levels, in_finally,
    no_active, reraise_in_helper
):
    print(function.__name__, catch(function))
for statement in (
    "raise 5", "raise 'text'", "raise None", "raise ValueError from 5", "raise ValueError from 'x'", "raise int",
    "raise ValueError, 5" if 0 else "raise object()", "raise KeyError('a') from KeyError('b')",
    "raise ValueError('x') from None", "raise type('E', (Exception,), {})('made')", "raise (ValueError)",
    "raise [ValueError]", "raise ValueError() from ValueError", "raise NotImplemented", "raise NotImplementedError"
):
    print(statement, "->", catch(lambda: exec(statement)))


def current():
    return sys.exc_info()[0], sys.exc_info()[1], sys.exc_info()[2] is not None


print(current())
try:
    raise ValueError("a")
except ValueError:
    print(current())
    try:
        raise KeyError("b")
    except KeyError:
        print(current())
    print(current())
    (lambda: print(current()))()
print(current(), sys.exception() if hasattr(sys, "exception") else "no sys.exception")


def generator():
    print("start", current()[0])
    try:
        raise KeyError("in generator")
    except KeyError:
        yield current()[0]
        yield current()[0]
    yield current()[0]


try:
    raise ValueError("outside")
except ValueError:
    g = generator()
    print(next(g), current()[0])
print(next(g), current()[0], next(g))


class NotAnException:
    def __new__(cls):
        return 5


class Returns(Exception):
    def __new__(cls, *args):
        return 5


class Explodes(Exception):
    def __init__(self):
        raise KeyError("in __init__")


for cls in (NotAnException, Returns, Explodes):
    try:
        raise cls
    except Exception as error:
        print(type(error).__name__, error)
a, b = ValueError("a"), ValueError("b")
a.__context__ = b
try:
    try:
        raise b
    except ValueError:
        raise a
except ValueError as error:
    print(chain(error))
e = ValueError()
for statement in (
    "e.__cause__ = 5", "e.__context__ = 'x'", "e.__traceback__ = 5", "e.__cause__ = None",
    "e.__suppress_context__ = 5", "del e.__cause__", "del e.args", "e.args = 5", "e.args = [1, 2]",
    "e.__suppress_context__ = True", "del e.__traceback__"
):
    try:
        exec(statement)
        print(statement, "fine", e.args, e.__cause__, e.__suppress_context__)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
cause = KeyError("given")
e.__cause__ = cause
print(e.__suppress_context__, e.__cause__ is cause, e.with_traceback(None) is e, e.__traceback__)
try:
    e.with_traceback(5)
except TypeError as error:
    print(error)
