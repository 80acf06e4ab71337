"""Functions whose bytecode the verifier's tests change, and how a changed one is run."""

import types

# fmt: off


class Suppress:
    def __enter__(self): return self
    def __exit__(self, kind, *rest): return kind is ValueError
    async def __aenter__(self): return self
    async def __aexit__(self, *rest): return None


def f1(a, b=2, *args, c=3, **kw):
    x = [i*a for i in range(5)]
    y = {i: b for i in x if i}
    s = {1,2,*x}
    try:
        z = x[a] + len(y)
    except (IndexError, TypeError) as e:
        z = str(e)
    finally:
        c += 1
    def inner(q, w=x, *, k=a):
        nonlocal c
        c += q
        return lambda: (c, a, w, k)
    return inner(1)(), f"{z!r:>10}{a}", s
def f2(n=5):
    for i in range(n):
        r = yield i
        if r: yield from (r, i)
    return n
def f3(a=1):
    with Suppress() as m:
        if a: raise ValueError(a)
        return 5
    try:
        raise ExceptionGroup("x", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        t = e
    except* TypeError:
        pass
    match {"a": [1, 2, 3], "b": a}:
        case {"a": [x, *y], **rest}: return x, y, rest
        case {"b": int(z)}: return z
    return t
class C:
    a: int = 1
    def m(self, x): return super().__init__(), __class__, x
    def __init__(self): self.x = [1]; self.x[0] += 2; del self.x
async def f4(a=1):
    async with Suppress() as q:
        pass
    async for x in f5(): a += x
    return await f6(), [y async for y in f5()]
async def f5():
    for i in range(3): yield i
async def f6(): return 3
def f7(*a, **k):
    print_ = max
    g = (lambda *x, **y: (x, y))(*a, *[1,2], **k, **{'z': 3})
    a, *b, c = [1,2,3,4]
    if not a or b and c is None or a in b: del c
    assert a < b[0] < 10, "no"
    global GG
    GG = a
    return -a, ~a, not a, g, b[::2], [*b, *b], (1, *b), f7.__name__, print_(1, 2, key=None)


# fmt: on
FUNCTIONS = (f1, f2, f3, f4, f5, f6, f7, C.m, C.__init__)
ARGUMENTS = ((), (1,), (1, 2), ([1, 2], 3), (int, 1))


def drive(result):
    """Runs what a call gave: generators and coroutines are sent to, thrown into and closed."""
    if isinstance(result, types.GeneratorType):
        for step, _ in zip(range(6), result):
            if step == 2:
                result.send(3)
        try:
            result.throw(KeyError)
        except Exception:
            pass
        result.close()
    elif isinstance(result, types.CoroutineType):
        try:
            while True:
                result.send(None)
        except StopIteration:
            pass
        result.close()
    elif isinstance(result, types.AsyncGeneratorType):
        for step in (result.__anext__(), result.athrow(KeyError)):
            try:
                step.send(None)
            except StopIteration:
                pass


def run(function, code, arguments):
    """Calls `function` with the code object `code` in place of its own; what that raises is looked at and forgotten."""
    changed = types.FunctionType(code, function.__globals__, "changed", function.__defaults__, function.__closure__)
    changed.__kwdefaults__ = function.__kwdefaults__
    try:
        drive(changed(*arguments))
        list(code.co_positions()), list(code.co_lines())
    except BaseException as error:
        str(error)
        traceback = error.__traceback__
        while traceback:
            traceback.tb_lineno, traceback.tb_frame.f_locals
            traceback = traceback.tb_next
