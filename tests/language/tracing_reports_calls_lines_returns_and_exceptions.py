# sys.settrace: the sequence of events over every kind of statement that moves control.
import sys


def show(function, *arguments, opcodes=False, lines=True):
    events = []
    base = function.__code__.co_firstlineno

    def trace(frame, event, arg):
        code = frame.f_code
        if code.co_filename != __file__:
            return None
        frame.f_trace_opcodes = opcodes
        frame.f_trace_lines = lines
        if event == 'exception':
            arg = (arg[0].__name__, str(arg[1]), type(arg[2]).__name__)
        elif ' at 0x' in repr(arg):
            arg = type(arg).__name__
        events.append((code.co_name, event, frame.f_lineno - base, arg) + ((frame.f_lasti,) if opcodes else ()))
        return trace

    sys.settrace(trace)
    try:
        try:
            result = function(*arguments)
        except Exception as error:
            result = error
    finally:
        sys.settrace(None)
    print(function.__name__, '->', repr(result) if not hasattr(result, 'send') else type(result).__name__)
    for event in events:
        print('   ', *event)


def straight():
    a = 1
    b = 2
    return a + b


def loops(n):
    for i in range(n):
        if i == 1:
            continue
        x = i
    else:
        x = -1
    while n:
        n -= 1
        if n == 1: break
    pass
    return x


def one_line_loop():
    for i in range(3): pass
    while i: i -= 1


def exceptions():
    try:
        1 / 0
    except ZeroDivisionError as e:
        x = e
    finally:
        y = 2
    try:
        try:
            raise KeyError('k')
        finally:
            z = 3
    except KeyError:
        pass
    return y


def inner_raise():
    raise ValueError('inner')


def outer_catch():
    try:
        inner_raise()
    except ValueError:
        return 'caught'


def escapes():
    inner_raise()


class Manager:
    def __enter__(self):
        return 1
    def __exit__(self, *details):
        return True


def manages():
    with Manager() as m:
        x = m
        raise OSError('swallowed')
    return 'after'


def generator():
    yield 1
    x = yield 2
    return 3


def generates():
    total = 0
    for i in generator():
        total += i
    return total


def delegate():
    r = yield from generator()
    yield r


def delegates():
    return list(delegate())


def closes():
    g = generator()
    next(g)
    g.close()


def throws():
    g = generator()
    next(g)
    try:
        g.throw(KeyError('t'))
    except KeyError:
        pass


def comprehends():
    a = [i for i in range(2)]
    b = {i: j
         for i in range(1)
         for j in range(2)}
    return sum(i for i in a), b


def nested():
    def one(): return two()
    two = lambda: 2
    return one(
    ) + one()


def decorated():
    def deco(f):
        return f
    @deco
    def g(x=1,
          y=2):
        return x
    return g()


def class_body():
    class C:
        a = 1
        def f(self):
            return self.a
    return C().f()


def closures():
    n = 0
    def add():
        nonlocal n
        n += 1
        return n
    add()
    return add()


def matches(x):
    match x:
        case 1:
            return 'one'
        case [a, b] if a > b:
            return 'pair'
        case {'k': v}:
            return v
        case _:
            pass


def conditional(x):
    return (1 if x else
            2)


def boolean(a, b):
    if (a and
            b):
        return 1
    return 0


class Iterator:
    def __iter__(self):
        return self
    def __next__(self):
        raise StopIteration


def python_iterator():
    for i in Iterator():
        pass
    return 'done'


async def coroutine():
    await other()
    async with AsyncManager() as m:
        x = m
    async for i in async_generator():
        x = i


async def other():
    return 1


class AsyncManager:
    async def __aenter__(self):
        return 5
    async def __aexit__(self, *details):
        pass


async def async_generator():
    yield 1


def awaits():
    try:
        coroutine().send(None)
    except StopIteration:
        return 'finished'


def deletes():
    x = 1
    del x
    assert True, 'no'
    global g_
    g_ = 1
    return (lambda: g_)()


def chained():
    try:
        try:
            1 / 0
        except ZeroDivisionError:
            raise KeyError
    except KeyError:
        pass
    else:
        pass


def star():
    try:
        raise ExceptionGroup('g', [ValueError(1), TypeError(2)])
    except* ValueError:
        a = 1
    except* TypeError:
        b = 2


def returns_in_finally():
    for i in range(2):
        try:
            return i
        finally:
            continue
    return 'end'


for f, *arguments in [(straight,), (loops, 3), (loops, 0), (one_line_loop,), (exceptions,), (outer_catch,), (escapes,),
                      (manages,), (generates,), (delegates,), (closes,), (throws,), (comprehends,), (nested,),
                      (decorated,), (class_body,), (closures,), (matches, 1), (matches, [2, 1]), (matches, {'k': 7}),
                      (matches, None), (conditional, 0), (conditional, 1), (boolean, 1, 0), (boolean, 1, 1),
                      (python_iterator,), (awaits,), (deletes,), (chained,), (star,), (returns_in_finally,)]:
    show(f, *arguments)
show(straight, opcodes=True, lines=False)
show(loops, 2, opcodes=True)
show(generates, lines=False)


def profile(function):
    events = []

    def hook(frame, event, arg):
        if frame.f_code.co_filename != __file__:
            return
        name = getattr(arg, '__name__', arg)
        events.append((frame.f_code.co_name, event, name))

    sys.setprofile(hook)
    try:
        function()
    except Exception:
        pass
    sys.setprofile(None)
    print('profile', function.__name__)
    for event in events:
        print('   ', *event)


def builtin_calls():
    a = [3, 1, 2]
    a.sort()
    a.sort(key=abs, reverse=True)
    sorted(a, key=lambda x: -x)
    append = a.append
    append(4)
    len(a)
    max(*a)
    print(*[], end='', sep='')
    int('3')
    str(4)
    'x'.join(['a'])
    try:
        [].pop()
    except IndexError:
        pass
    try:
        len(5)
    except TypeError:
        pass
    list.append(a, 1)
    dict(a=1)


for f in builtin_calls, generates, escapes, outer_catch, delegates:
    profile(f)


# What the trace function raises ends tracing and takes the place of what went on.
def failing(kind):
    def trace(frame, event, arg):
        if event == kind:
            raise RuntimeError('in ' + event)
        return trace
    sys.settrace(trace)
    try:
        try:
            print(outer_catch())
        except RuntimeError as error:
            print(kind, error, sys.gettrace())
    finally:
        sys.settrace(None)


for kind in 'call', 'line', 'return', 'exception':
    failing(kind)


# f_locals is written back after each event.
def changes():
    x = 1
    y = 2
    return x, y


def assign(frame, event, arg):
    if frame.f_code.co_name == 'changes' and event == 'line' and 'y' in frame.f_locals:
        frame.f_locals['x'] = 100
    return assign


sys.settrace(assign)
try:
    print(changes())
finally:
    sys.settrace(None)


# A frame that runs already is traced once it has a trace function of its own.
def starts_in_the_middle():
    lines = []

    def local(frame, event, arg):
        lines.append((event, frame.f_lineno - starts_in_the_middle.__code__.co_firstlineno))
        return local

    sys._getframe().f_trace = local
    sys.settrace(lambda *ignored: None)
    a = 1
    b = 2
    sys.settrace(None)
    print(lines, a, b)


starts_in_the_middle()
print(sys.gettrace(), sys.getprofile())


def ends(frame, event, arg):
    print(frame.f_code.co_name, event)
    return None


sys.settrace(ends)
straight()
sys.settrace(None)


# call_tracing traces from inside a trace function.
def inside(frame, event, arg):
    if event == 'call' and frame.f_code.co_name == 'straight':
        print('inside', sys.call_tracing(outer_catch, ()))
    elif event == 'call':
        print('call', frame.f_code.co_name)
    return inside


sys.settrace(inside)
straight()
sys.settrace(None)
