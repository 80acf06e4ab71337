# Module symtable and the _symtable behind it: scopes, the flags of names, errors of source and arguments.
import _symtable
import symtable

PROGRAM = """
import os, sys as system
from math import *
limit: int = 10
bare: str

def outer(a, b=limit, /, c=2, *args, d, e=3, **kwargs):
    "documented"
    global shared, limit
    shared = a
    local = b
    def inner(x):
        nonlocal local
        local = x + c
        return [local + y for y in args if (found := y)], {k: v for k, v in kwargs.items()}, (z for z in a)
    lambda p, *q: p + d + unknown
    for index in range(3):
        del e
    import os.path as path
    try:
        pass
    except OSError as error:
        print(error)
    with open(a) as opened:
        pass
    match a:
        case {"key": value, **rest}:
            pass
        case [first, *others] | (first as others):
            pass
    return inner

class Outer(Base, metaclass=Meta):
    __private = 1
    attribute: int = __private
    def method(self, __mangled):
        self.__private = __class__
        super().method(__mangled)
        return __private
    class Inner:
        limit = limit
        def method(self): return limit, attribute
    @property
    def attribute(self): yield self
    comprehended = [attribute for i in range(limit) if __private]

async def coroutine():
    async with a as b:
        await b
    async for c in d:
        yield c
    return_ = [x async for x in y]

def empty(): pass
def generator(): x = yield; yield from x
shared = (lambda: (lambda: shared))
"""


def show(scope, depth=0):
    indent = "  " * depth
    print(indent, scope.get_type(), scope.get_name(), scope.get_lineno(), repr(scope))
    print(indent, scope.is_optimized(), scope.is_nested(), scope.has_children(), sorted(scope.get_identifiers()))
    if scope.get_type() == "function":
        print(indent, scope.get_parameters(), sorted(scope.get_locals()), sorted(scope.get_frees()),
              sorted(scope.get_globals()), sorted(scope.get_nonlocals()))
    elif scope.get_type() == "class":
        print(indent, scope.get_methods())
    for name in sorted(scope.get_identifiers()):
        symbol = scope.lookup(name)
        print(indent, repr(symbol), *[q for q in sorted(dir(symbol)) if q.startswith("is_") and getattr(symbol, q)()],
              [space.get_name() for space in symbol.get_namespaces()])
    for child in scope.get_children():
        show(child, depth + 1)


def raw(entry, depth=0):
    print("  " * depth, entry.name, entry.type, entry.lineno, entry.nested, entry.varnames)
    print("  " * depth, sorted(entry.symbols.items()))
    assert repr(entry) == f"<symtable entry {entry.name}({entry.id}), line {entry.lineno}>", repr(entry)
    for child in entry.children:
        raw(child, depth + 1)


def identities(entry):
    return {entry.id}.union(*map(identities, entry.children)) if entry.children else {entry.id}


print("--- the library's view")
show(symtable.symtable(PROGRAM, "program", "exec"))
print("--- entries")
top = _symtable.symtable(PROGRAM, "program", "exec")
raw(top)
print(len(identities(top)), isinstance(top.id, int))
print(list(top.symbols), list(top.children[0].symbols)[:10])
for source, mode in (
    ("[x for x in y]", "eval"), ("x = 1; y", "single"), ("lambda: x", "eval"), ("", "exec"), (b"x = 1", "exec"),
    (bytearray(b"x: int"), "exec"), (memoryview(b"def f(): x"), "exec"), (b"# coding: latin-1\n\xe9 = 1", "exec"),
    ("\u00e9t\u00e9 = \u1d50", "exec"), ("from __future__ import annotations\ndef f(x: y) -> z: w: y = 2", "exec"),
    ("x: (y := 1)", "exec"), ("def f(a=(b := 1)): pass", "exec"), ("class C:\n def f(self): global C", "exec"),
    ("return 1", "exec"), ("break", "exec"), ("await x", "exec"), ("yield x", "exec"), ("-" * 500 + "1", "eval")
):
    raw(_symtable.symtable(source, "f", mode))
print("--- what is refused")
for arguments in (
    (), (1, 2, 3), ("", "", "x"), ("", "f", b"exec"), ("", "f", None), ("", "f", "exec", 1), ("\0", "f", "exec"),
    ("x", None, "eval"), ("x", 1, "eval"), (3, "f", "eval"), (None, "f", "eval"), ("x", "f", "exec\0"),
    ("x x", "f", "exec"), ("nonlocal x", "f", "exec"), ("def f():\n x\n global x", "f", "exec"),
    ("def f(x, x): pass", "f", "exec"), ("def f():\n nonlocal x", "f", "exec"), ("x\nx", "f", "single"),
    ("def f(x):\n global x", "f", "exec"), ("class C:\n [y := 1 for x in z]", "f", "exec"),
    ("[x := 1 for x in y]", "f", "exec"), ("x = 1", "f", "eval"), ("def f():\n from m import *", "f", "exec"),
    ("def f():\n x: int\n global x", "f", "exec"), ("[(yield) for x in y]", "f", "exec"), ("(" * 300, "f", "exec"),
    ("-" * 50000 + "1", "f", "exec"), ("def f():\n global x; nonlocal x", "f", "exec")
):
    try:
        print(_symtable.symtable(*arguments))
    except SyntaxError as error:
        print("SyntaxError", error.msg, error.lineno, error.offset, error.end_lineno, error.end_offset, error.filename)
    except Exception as error:
        print(type(error).__name__, error)
for text in (
    "_symtable.symtable(source='')", "top.id = 1", "del top.symbols", "top.foo = 1", "type(top)()", "type(top).id = 1",
    "symtable.symtable('', 'f', 'nonsense')", "symtable.symtable('x', 'f', 'exec').lookup('y')"
):
    try:
        exec(text)
        print(text, "works")
    except Exception as error:
        print(text, type(error).__name__, error)


class Path:
    def __fspath__(self):
        return b"path"


print(_symtable.symtable("x", Path(), "exec").name, _symtable.symtable("x", b"f", "exec").lineno)
kind = type(top)
print(kind, kind.__name__, kind.__module__, kind.__qualname__, sorted(vars(kind)), kind.__doc__)
print({name: type(value).__name__ for name, value in sorted(vars(kind).items())})
print(sorted((k, v) for k, v in vars(_symtable).items() if isinstance(v, int)), _symtable.symtable.__text_signature__)
print(type(top.symbols), type(top.varnames), type(top.children), type(top.name), top.symbols is top.symbols)
print("--- names of programs")
import warnings

for path in (bytearray(b"bytes"), memoryview(b"memory"), b"plain", "nul\0", b"nul\0", [1], 1, None):
    for make in (lambda: _symtable.symtable("pass", path, "exec").name, lambda: compile("pass", path, "exec").co_filename):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                print(make(), end=" ")
            except (TypeError, ValueError) as error:
                print(error, end=" ")
            print([(w.category.__name__, str(w.message)) for w in caught])
