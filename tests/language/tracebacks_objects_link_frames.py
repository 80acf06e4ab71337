# tb_frame, tb_lineno, tb_lasti, tb_next, and what frames tell about code being run.

import sys


def inner():
    x = 1
    raise ValueError("inner")


def outer():
    y = 2
    inner()


try:
    outer()
except ValueError as error:
    tb = error.__traceback__
    print(type(tb).__name__, tb is sys.exc_info()[2])
    while tb is not None:
        frame = tb.tb_frame
        print(
            frame.f_code.co_name, tb.tb_lineno, frame.f_lineno, tb.tb_lasti >= 0,
            sorted(k for k in frame.f_locals if len(k) == 1)
        )
        tb = tb.tb_next
    saved = error

try:
    raise saved
except ValueError as error:
    lines = []
    tb = error.__traceback__
    while tb is not None:
        lines.append((tb.tb_frame.f_code.co_name, tb.tb_lineno))
        tb = tb.tb_next
    print(lines)
try:
    raise saved.with_traceback(None)
except ValueError as error:
    print(error.__traceback__.tb_lineno, error.__traceback__.tb_next)

TracebackType = type(saved.__traceback__)
made = TracebackType(None, saved.__traceback__.tb_frame, 0, 42)
print(made.tb_lineno, made.tb_lasti, made.tb_next)
made.tb_next = saved.__traceback__
print(made.tb_next is saved.__traceback__)
for statement in (
    "made.tb_next = made", "made.tb_next = 5", "made.tb_lineno = 3", "made.nope", "TracebackType(5, 5, 5, 5)",
    "del made.tb_next", "made.x = 1"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


def frames():
    frame = sys._getframe()
    names = []
    while frame is not None:
        names.append((frame.f_code.co_name, frame.f_lineno))
        frame = frame.f_back
    return names


def caller():
    return frames()


print(caller())
print(
    sys._getframe().f_code.co_name, sys._getframe(0).f_lineno, sys._getframe().f_globals is globals(),
    sys._getframe().f_locals is globals(), sys._getframe().f_back, sys._getframe().f_builtins["len"] is len
)


def look(depth):
    frame = sys._getframe(depth)
    return frame.f_code.co_name, frame.f_lineno


def caller_two():
    return look(0), look(1), look(2)


print(caller_two())
try:
    sys._getframe(500)
except ValueError as error:
    print(error)


def locals_of_frame():
    a = 1
    b = [a]
    frame = sys._getframe()
    before = dict(frame.f_locals)
    c = 3
    after = frame.f_locals
    return sorted(k for k in before if k != "frame"), sorted(k for k in after if k not in ("frame", "before", "after")), frame


first, second, frame = locals_of_frame()
print(first, second, frame.f_code.co_name, frame.f_back is not None)
frame.clear()


def generator():
    value = yield 1
    yield value * 2


g = generator()
print(
    g.gi_frame.f_lineno - g.gi_code.co_firstlineno, g.gi_running, g.gi_yieldfrom, next(g),
    g.gi_frame.f_lineno - g.gi_code.co_firstlineno, g.gi_frame.f_locals
)
g.send(4)
print(g.gi_frame.f_locals, list(g), g.gi_frame)


def line_numbers():
    lines = []
    lines.append(sys._getframe().f_lineno)
    lines.append(
        sys._getframe().f_lineno
    )
    for _ in range(2): lines.append(sys._getframe().f_lineno)
    lines += [
        sys._getframe().f_lineno,

        sys._getframe().f_lineno]
    if (lines and
            sys._getframe().f_lineno):
        lines.append(sys._getframe().f_lineno)
    return [line - line_numbers.__code__.co_firstlineno for line in lines]


print(line_numbers())
for attribute in (
    "f_back", "f_builtins", "f_code", "f_globals", "f_lasti", "f_lineno", "f_locals", "f_trace", "f_trace_lines",
    "f_trace_opcodes"
):
    print(attribute, hasattr(frame, attribute), end="; ")
print(type(frame).__name__, frame.f_trace, frame.f_trace_lines)
