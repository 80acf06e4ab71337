# Tracebacks of causes, contexts, suppressed contexts, notes, cycles, groups and exceptions without text.

import sys


def implicit():
    try:
        1 / 0
    except ZeroDivisionError:
        {}["missing"]


def explicit():
    try:
        int("x")
    except ValueError as error:
        raise RuntimeError("conversion failed") from error


def suppressed():
    try:
        int("x")
    except ValueError:
        raise RuntimeError("nothing shown above") from None


def three():
    try:
        implicit()
    except KeyError as error:
        raise TypeError("third") from error


def in_handler_twice():
    try:
        try:
            1 / 0
        finally:
            [][0]
    except IndexError:
        None.x


def cause_without_traceback():
    raise ValueError("effect") from KeyError("never raised")


class Silent(Exception):
    pass


class Lines(Exception):
    def __str__(self):
        return "first line\nsecond line"


class BadText(Exception):
    def __str__(self):
        raise ValueError("unprintable")


class Outer:
    class Nested(Exception):
        pass


def local_class():
    class Local(Exception):
        pass

    raise Local("defined in a function")


def noted():
    error = ValueError("with notes")
    error.add_note("first note")
    error.add_note("second note\nin two lines")
    raise error


def cycle():
    a, b = ValueError("a"), ValueError("b")
    a.__cause__, b.__cause__ = b, a
    raise a


def own_cause():
    error = ValueError("its own cause")
    error.__cause__ = error
    raise error


def raiser(error):
    def function():
        raise error
    return function


def reraised():
    try:
        1 / 0
    except ZeroDivisionError as error:
        try:
            raise error
        except ZeroDivisionError as again:
            raise again


def recursive(n):
    if n:
        return recursive(n - 1)
    raise ValueError("deep down")


def alternating(n):
    return other(n)


def other(n):
    return alternating(n - 1) if n else 1 / n


sys.stderr.flush()
for function in (
    implicit, explicit, suppressed, three, in_handler_twice, cause_without_traceback, raiser(Silent()),
    raiser(Silent), raiser(Silent("")), raiser(Lines()), raiser(BadText()), raiser(Outer.Nested("nested")),
    local_class, noted, cycle, own_cause, raiser(KeyError("quoted 'key'")),
    raiser(OSError(2, "No such file", "name")), raiser(SyntaxError("made by hand", ("file.py", 3, 5, "a = = b\n"))),
    raiser(SyntaxError("no details")), raiser(StopIteration(5)), raiser(AssertionError()), reraised,
    lambda: recursive(2), lambda: recursive(10), lambda: alternating(3), raiser(KeyboardInterrupt()),
    raiser(Exception(1, "two")), raiser(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid")),
    raiser(ValueError("é ☃"))
):
    try:
        function()
    except BaseException:
        sys.excepthook(*sys.exc_info())
