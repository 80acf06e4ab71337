"""Runs functions whose bytecode has been changed at random, as far as the verifier accepts them. Run by krait.

    krait mutations.py SEED COUNT

What is accepted may raise anything, give any answer or run forever; it may not crash. An endless loop is interrupted;
one that catches even that is left behind by starting anew with the next mutation.
"""

import os
import random
import signal
import sys
import types

import _testinternalcapi

SUBJECTS = '''
import contextlib
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
    with contextlib.suppress(ValueError) as m:
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
    async with contextlib.nullcontext() as q:
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
'''

OPCODES = [0, 1, 2, 9, 10, 11, 12, 15, 25, *range(30, 34), 35, 36, 37, *range(49, 55), 60, 61, *range(68, 72), 74, 75,
           *range(82, 177)]
NAMES = ("f1", "f2", "f3", "f4", "f5", "f6", "f7")
ARGUMENTS = ((), (1,), (1, 2), ([1, 2], 3), (int, 1))
SECONDS = 0.05


class Interrupted(BaseException):
    pass


def mutate(code, rnd):
    """The code object with one to six changes to its instructions, tables, flags, stack size or constants."""
    raw, table, lines = bytearray(code.co_code), bytearray(code.co_exceptiontable), bytearray(code.co_linetable)
    fields = {}
    for _ in range(rnd.choice((1, 1, 1, 2, 3, 6))):
        kind, at = rnd.random(), rnd.randrange(0, len(raw) // 2) * 2
        if kind < 0.3:
            raw[at + 1] = rnd.choice((0, 1, 2, 3, 4, 5, rnd.randrange(256), raw[at + 1] ^ 1, (raw[at + 1] + 1) & 255))
        elif kind < 0.55:
            raw[at] = rnd.choice(OPCODES)
        elif kind < 0.65:
            del raw[at : at + 2 * rnd.randrange(1, 4)]
        elif kind < 0.75:
            raw[at:at] = bytes((rnd.choice(OPCODES), rnd.choice((0, 1, 2, 3))))
        elif kind < 0.8:
            other = rnd.randrange(0, len(raw) // 2) * 2
            raw[at : at + 2], raw[other : other + 2] = raw[other : other + 2], raw[at : at + 2]
        elif kind < 0.9 and table:
            table[rnd.randrange(len(table))] = rnd.choice((rnd.randrange(256), 0, 1, 2, 3))
        elif kind < 0.93:
            lines[rnd.randrange(len(lines))] = rnd.randrange(256)
        elif kind < 0.95:
            fields["co_flags"] = code.co_flags ^ rnd.choice((1, 2, 4, 8, 0x20, 0x80, 0x200))
        elif kind < 0.97:
            fields["co_stacksize"] = max(0, code.co_stacksize + rnd.choice((-2, -1, 1)))
        else:
            constants = list(code.co_consts)
            rnd.shuffle(constants)
            fields["co_consts"] = tuple(constants)
        raw = raw or bytearray((151, 0))
    return code.replace(co_code=bytes(raw), co_exceptiontable=bytes(table), co_linetable=bytes(lines), **fields)


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


def run(function, code, rnd):
    changed = types.FunctionType(code, function.__globals__, "changed", function.__defaults__, function.__closure__)
    changed.__kwdefaults__ = function.__kwdefaults__
    signal.setitimer(signal.ITIMER_REAL, SECONDS, SECONDS)
    try:
        drive(changed(*rnd.choice(ARGUMENTS)))
        list(code.co_positions()), list(code.co_lines())
    except BaseException as error:
        str(error)
        traceback = error.__traceback__
        while traceback:
            traceback.tb_lineno, traceback.tb_frame.f_locals
            traceback = traceback.tb_next
    finally:
        try:
            signal.setitimer(signal.ITIMER_REAL, 0)
        except BaseException:
            pass


def main(seed, count, first=0, ran=0):
    interrupts = 0

    def interrupt(number, frame):
        nonlocal interrupts
        interrupts += 1
        if interrupts > 10:
            os.execv(sys.executable, [sys.executable, *sys.argv[:3], str(n + 1), str(ran)])
        raise Interrupted

    signal.signal(signal.SIGALRM, interrupt)
    space = {}
    exec(SUBJECTS, space)
    functions = [space[name] for name in NAMES] + [space["C"].m, space["C"].__init__]
    for n in range(first, count):
        rnd = random.Random(f"{seed} {n}")
        interrupts = 0
        function = rnd.choice(functions)
        try:
            code = mutate(function.__code__, rnd)
            _testinternalcapi.verify_code(code)
            run(function, code, rnd)
            ran += 1
        except (ValueError, SystemError, TypeError, OverflowError, Interrupted):
            continue  # refused
    print(f"{ran} of {count} mutations were accepted and ran")
    print(f"{int(ran > count // 10)} passed, {int(ran <= count // 10)} failed")


main(*map(int, sys.argv[1:]))
