# What module dis writes and answers: every form of listing that a text on Python's internals shows.
import asyncio
import dis
import io
import re
import sys
import types

ADDRESS = re.compile(r"0x[0-9a-f]+")


def listing(function, *args, **kwargs):
    out = io.StringIO()
    function(*args, file=out, **kwargs)
    return ADDRESS.sub("0x", out.getvalue()).replace(__file__, "FILE")


def show(title, *args, **kwargs):
    print("---", title)
    print(listing(dis.dis, *args, **kwargs), end="")


def add(a, b=1, *rest, key=None, **options):
    """Adds."""
    total: int = a + b
    return total if rest else -total


def loops(items):
    found = []
    for i, item in enumerate(items):
        while item > 10:
            item //= 2
            if item == 7:
                break
        else:
            continue
        found.append((i, item))
    return found


def handles(name):
    try:
        with open(name) as file, file:
            return file.read()
    except (OSError, ValueError) as error:
        print(f"{error!r:>10} {name}", end="")
        raise RuntimeError("no") from error
    except:
        assert name, "message"
    finally:
        del name


def groups(tasks):
    try:
        tasks()
    except* OSError as group:
        print(group)


def closes(start):
    count = start

    def increase(by=1):
        nonlocal count
        count += by
        return lambda: count

    class Counter:
        first = start

        def method(self):
            return super().method, __class__

    return increase, Counter


def comprehends(rows, limit):
    return (
        [cell for row in rows if row for cell in row if cell < limit], {cell: limit for cell in rows},
        {cell + limit for cell in rows}, (cell for cell in rows), [[inner for inner in outer] for outer in rows],
        any((last := cell) for cell in rows)
    )


def generates(n):
    received = yield n
    yield from range(received)
    return received


async def awaits(source):
    async with source as opened:
        async for item in opened:
            await item
    return [x async for x in source if await x]


async def streams():
    yield 1


def matches(value):
    match value:
        case [1, x, *rest] if x > 1:
            return rest
        case {"key": str(text), **others}:
            return text, others
        case types.SimpleNamespace(a=1, b=b):
            return b
        case 1 | 2.5 | "three" | None:
            return value
        case _:
            return ...


def calls(f, obj, args, kwargs):
    f()
    f(1, *args, a=2, **kwargs)
    obj.method(1, key=2)
    obj.attribute = obj[1:2, ...]
    obj.attribute.deeper[0] += 1
    del obj[0], obj.attribute
    global module_level
    module_level = not f
    a, (b, *c), d = args
    return a is b, a is not c, d in a, d not in b, a < b <= c, a @ b, a ** b, ~a, +a, f"{a!s}{b!a:{c}}", args[-1]


def formats():
    x = 1_000_000
    return x if x != 2.5e10 else 1j, b"bytes", "text" * 2, (1, 2, (3, )), {1, 2}, {"a": 1, "b": 2}, [1, 2, 3]


for target in (
    add, loops, handles, groups, closes, comprehends, generates, awaits, streams, matches, calls, formats
):
    show(target.__name__, target)

print("--- every kind of thing")


class Shape:
    sides = 4

    def area(self):
        return self.width ** 2

    @staticmethod
    def unit():
        return Shape()

    @classmethod
    def made(cls, n):
        return [cls() for _ in range(n)]

    @property
    def half(self):
        return self.width / 2


show("class", Shape)
show("instance", Shape())
show("method", Shape().area)
show("static method", Shape.unit)
show("class method", Shape.made)
show("lambda", lambda x, *, y=2: x or y and x)
show("generator object", generates(3))
coroutine = awaits(None)
show("coroutine object", coroutine)
coroutine.close()
show("asynchronous generator object", streams())
show("source text", "x = [i ** 2 for i in range(10)]\nprint(x)")
show("code", compile("import os.path as p, sys\nfrom . import a as b, c\nfrom m import *", "<code>", "exec"))
show("expression", compile("a if b else c", "<code>", "eval"))
show("statement", compile("a", "<code>", "single"))
show("bytes", add.__code__.co_code)
show("depth 0", closes, depth=0)
show("depth 1", closes, depth=1)
show("with caches", add, show_caches=True)
show("caches of calls", Shape.made, show_caches=True)
show("long jumps", "for i in x:\n" + "    a.b(c)[d] = e + f\n" * 40 + "else:\n    g")
show("many names", "; ".join(f"n{i} = {i}" for i in range(260)))
show("annotations", "x: int = 1\ny: 'str'\ndef f(a: int, *b: str) -> None: c: int = 2\nclass C:\n    z: list[int]")
for bad in (1, "x =", None.__class__, [], len):
    try:
        listing(dis.dis, bad)
        print("listed", bad)
    except (TypeError, SyntaxError) as error:
        print(type(error).__name__, error)

print("--- other listings")
print(listing(dis.disassemble, add.__code__, 10))
print(listing(dis.disco, loops.__code__, lasti=20))
print(listing(dis.show_code, add))
for target in (add, closes, generates, awaits, streams, "x = 1", Shape.made, comprehends):
    print(ADDRESS.sub("0x", dis.code_info(target)).replace(__file__, "FILE"))

print("--- the last traceback")
try:
    dis.distb()
except RuntimeError as error:
    print(error)
try:
    handles(b"missing\0file")
except (ValueError, RuntimeError) as error:
    traceback = error.__traceback__
    while traceback.tb_next:
        traceback = traceback.tb_next
    print(listing(dis.distb, traceback))
    print(traceback.tb_lasti, traceback.tb_frame.f_lasti, traceback.tb_lineno - handles.__code__.co_firstlineno)

print("--- instructions one by one")
for target in (add, handles, comprehends.__code__.co_consts[1], "print(x[1:])"):
    for instruction in dis.get_instructions(target, show_caches=target is add):
        fields = instruction._asdict()
        if isinstance(instruction.argval, types.CodeType):
            fields.update(argval=instruction.argval.co_name, argrepr="code")
        print(*fields.values())
print([i.opname for i in dis.get_instructions(add, first_line=100) if i.starts_line == 102])
instruction = next(dis.get_instructions(add))
print(instruction, instruction.positions, instruction._disassemble(), instruction._replace(opname="X").opname)

print("--- Bytecode")
bytecode = dis.Bytecode(loops)
print(ADDRESS.sub("0x", repr(bytecode)).replace(__file__, "FILE"), bytecode.first_line == loops.__code__.co_firstlineno)
print(len(list(bytecode)), bytecode.codeobj is loops.__code__, bytecode.current_offset, bytecode.exception_entries)
print(bytecode.dis())
print(dis.Bytecode(handles, current_offset=20, show_caches=False).dis())
print(dis.Bytecode(handles).exception_entries)
print(dis.Bytecode("a.b", first_line=50).dis(), dis.Bytecode(compile("x", "<s>", "eval")).info())
try:
    1 // 0
except ZeroDivisionError as error:
    fromTraceback = dis.Bytecode.from_traceback(error.__traceback__)
    print(fromTraceback.codeobj.co_name, fromTraceback.current_offset == error.__traceback__.tb_lasti)

print("--- labels, lines, effects")
print(dis.findlabels(loops.__code__.co_code), dis.findlabels(matches.__code__.co_code))
for target in (add, loops, handles):
    first = target.__code__.co_firstlineno
    print([(start, line - first) for start, line in dis.findlinestarts(target.__code__)])
for number in range(-12, 300):
    row = []
    for argument in (None, 0, 1, 2, 3, 4, 7, 255, 256, 1000):
        for jump in (None, True, False):
            try:
                row.append(dis.stack_effect(number, argument, jump=jump))
            except ValueError as error:
                row.append(str(error)[:1])
    print(number, *row)
for wrong in (
    "dis.stack_effect()", "dis.stack_effect('x')", "dis.stack_effect(100, 'x')", "dis.stack_effect(100, 1, True)",
    "dis.stack_effect(100, 1, jump=1)", "dis.stack_effect(2**40)", "dis.stack_effect(1, x=1)",
    "dis.stack_effect(100, 2**40)", "dis.stack_effect(100, 2**70)", "dis.stack_effect(1, 2, 3, 4)",
    "dis.stack_effect(True)", "dis.stack_effect(100, 1.0)", "dis.stack_effect(3)", "dis.stack_effect(100)",
    "dis.stack_effect(1, 2)"
):
    try:
        print(wrong, eval(wrong))
    except Exception as error:
        print(wrong, type(error).__name__, error)
effects = [dis.stack_effect(i.opcode, i.arg, jump=False) for i in dis.get_instructions(formats)]
print(effects, sum(effects))

print("--- tables of opcodes")
print(dis.opname[100], dis.opmap["LOAD_FAST"], dis.HAVE_ARGUMENT, dis.EXTENDED_ARG, dis.cmp_op, len(dis.opmap))
print(dis.hasconst, dis.hasname, dis.hasjrel, dis.hasjabs, dis.haslocal, dis.hascompare, dis.hasfree, dis.hasnargs)
print(dis.COMPILER_FLAG_NAMES)
import _opcode
import opcode

print(_opcode.get_specialization_stats(), opcode.stack_effect is _opcode.stack_effect, _opcode.stack_effect)
print(_opcode.stack_effect.__text_signature__, _opcode.get_specialization_stats.__text_signature__)

print("--- frames know where they are")


def places():
    frame = sys._getframe()
    first = frame.f_lasti
    second = frame.f_lasti
    return first, second, frame.f_code.co_code[second], list(frame.f_code.co_positions())[second // 2][2:]


print(places())
generator = generates(3)
print(generator.gi_frame.f_lasti, generator.gi_frame.f_lineno - generates.__code__.co_firstlineno)
next(generator)
print(generator.gi_frame.f_lasti, dis.opname[generator.gi_code.co_code[generator.gi_frame.f_lasti]])
generator.send(2)
print(generator.gi_frame.f_lasti, listing(dis.disco, generator.gi_code, lasti=generator.gi_frame.f_lasti))


async def none():
    return dis.Bytecode(none).codeobj.co_flags & 0x80


print(asyncio.run(none()))
