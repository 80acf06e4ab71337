# frame.f_lineno = n inside a trace function: where the frame goes on, and what is refused.
import sys


def jump(function, source, target, times=1):
    base = function.__code__.co_firstlineno
    left = [times]
    output = []

    def trace(frame, event, arg):
        if frame.f_code is not function.__code__:
            return None
        if event == 'line' and frame.f_lineno == base + source and left[0]:
            left[0] -= 1
            try:
                frame.f_lineno = base + target
            except ValueError as error:
                output.append('ValueError: ' + str(error))
        return trace

    sys.settrace(trace)
    try:
        function(output)
    except Exception as error:
        output.append(type(error).__name__ + ': ' + str(error))
    finally:
        sys.settrace(None)
    print(function.__name__, source, target, output)


def simple(output):
    output.append(1)
    output.append(2)
    output.append(3)
    output.append(4)


def loop(output):
    for i in 1, 2, 3:
        output.append(i)
        output.append('end')
    output.append('after')
    while len(output) < 12:
        output.append('w')
    output.append('last')


def blocks(output):
    try:
        output.append('try')
        1 / 0
    except ZeroDivisionError:
        output.append('except')
        output.append(str(sys.exc_info()[1]))
    finally:
        output.append('finally')
    output.append(str(sys.exc_info()[1]))


class Manager:
    def __enter__(self): return self
    def __exit__(self, *details): pass


def managed(output):
    output.append('before')
    with Manager():
        output.append('inside')
    output.append('after')


def nested(output):
    for i in range(2):
        for j in range(2):
            output.append((i, j))
        output.append(i)
    output.append('after')


def returns(output):
    output.append(1)
    return output.append(2)
    output.append(3)


jump(simple, 1, 3)
jump(simple, 3, 1)
jump(simple, 2, 2)
jump(simple, 4, 2, times=2)
jump(simple, 2, -5)
jump(simple, 2, 100)
jump(loop, 2, 4)
jump(loop, 3, 2)
jump(loop, 4, 2)
jump(loop, 4, 7)
jump(loop, 2, 1)
jump(loop, 7, 4)
jump(loop, 4, 6)
jump(blocks, 2, 5)
jump(blocks, 5, 8)
jump(blocks, 5, 9)
jump(blocks, 6, 2)
jump(blocks, 9, 2, times=1)
jump(managed, 1, 3)
jump(managed, 3, 4)
jump(managed, 4, 1)
jump(nested, 3, 5)
jump(nested, 3, 4)
jump(nested, 4, 3)
jump(nested, 5, 3)
jump(returns, 1, 2)


def kinds(output):
    output.append(1)
    try:
        raise KeyError
    except KeyError:
        pass


def on(kind):
    def trace(frame, event, arg):
        if frame.f_code is kinds.__code__ and event == kind:
            for line in 'a', 2.5, True, 2 ** 70, frame.f_code.co_firstlineno + 1:
                try:
                    frame.f_lineno = line
                except ValueError as error:
                    print(kind, error)
                else:
                    print(kind, 'ok')
            sys.settrace(None)
            return None
        return trace
    sys.settrace(trace)
    kinds([])
    sys.settrace(None)


for kind in 'call', 'line', 'exception', 'return':
    on(kind)
frame = sys._getframe()
for value in 1, 'a':
    try:
        frame.f_lineno = value
    except ValueError as error:
        print(error)
try:
    del frame.f_lineno
except AttributeError as error:
    print(error)
for name in 'f_trace_lines', 'f_trace_opcodes':
    print(getattr(frame, name))
    for value in 1, True, False:
        try:
            setattr(frame, name, value)
        except TypeError as error:
            print(error)
        print(getattr(frame, name))
    try:
        delattr(frame, name)
    except TypeError as error:
        print(error)
frame.f_trace = print
print(frame.f_trace is print)
del frame.f_trace
print(frame.f_trace)
