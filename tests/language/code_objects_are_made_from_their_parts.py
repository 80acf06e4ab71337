# types.CodeType(...) with its 18 parameters and code.replace(**) with every keyword: what they check, in which words,
# and that the code they make runs.
import copy
import pickle
import types

PARTS = (
    "argcount posonlyargcount kwonlyargcount nlocals stacksize flags code consts names varnames filename name qualname "
    "firstlineno linetable exceptiontable freevars cellvars"
).split()


def function(a, b=2, *args, c, **kw):
    x = a

    def inner():
        return x, b

    return inner


CODE = function.__code__
ALL = [getattr(CODE, "co_" + part) for part in PARTS]


class Text(str):
    pass


class Names(tuple):
    pass


class Octets(bytes):
    pass


class Three:
    def __index__(self):
        return 3


class Broken:
    def __index__(self):
        return 1 // 0


def show(make, *args, **kwargs):
    try:
        made = make(*args, **kwargs)
    except SystemError as error:
        print("SystemError", "bad argument" in str(error) or error)
    except Exception as error:
        print(type(error).__name__, error)
    else:
        print(
            made.co_name, made.co_qualname, made.co_filename == __file__, made.co_varnames, made.co_cellvars,
            made.co_freevars, made.co_nlocals, made.co_argcount, made.co_posonlyargcount, made.co_kwonlyargcount,
            made.co_stacksize, made.co_flags, made.co_firstlineno, made.co_names, len(made.co_consts),
            len(made.co_code), len(made.co_linetable), len(made.co_exceptiontable), type(made.co_code).__name__
        )


VALUES = (
    None, -1, 2**31, -2**31 - 1, 2**70, 1.5, "x", b"x", b"", b"ab", (), (1, ), ("a", ), ("a", "a"),
    ("a", "b", "c", "d", "e"), ("q", "q"), [], True, Text("q"), Names(("a", )), Names((Text("z"), )), Octets(b"ab"),
    Three(), Broken(), 0, 1, 2, 4, 5, 6
)

print("--- how many")
for count in (0, 1, 15, 16, 17, 18):
    show(types.CodeType, *ALL[:count])
show(types.CodeType, *ALL, 1)
show(types.CodeType, *ALL, x=1)
show(types.CodeType, argcount=1)
show(CODE.replace)
show(CODE.replace, 1)
show(CODE.replace, 1, 2, co_name="x")
for name in ("foo", "co_lnotab", "co_positions", "name"):
    show(CODE.replace, **{name: 1})

print("--- one part after the other")
for i, part in enumerate(PARTS):
    for value in VALUES:
        changed = list(ALL)
        changed[i] = value
        print(part, value if type(value).__module__ == "builtins" else type(value).__name__, end=": ")
        show(types.CodeType, *changed)
        show(CODE.replace, **{"co_" + part: value})

print("--- parts that must fit together")
show(CODE.replace, co_nlocals=1, co_varnames=("x", ))
show(CODE.replace, co_varnames=("a", "b", "c", "args", "kw", "g", "h"), co_nlocals=7)
show(CODE.replace, co_cellvars=("b", ))
show(CODE.replace, co_cellvars=("b", "x", "zz"))
show(CODE.replace, co_freevars=("b", "x"))
show(CODE.replace, co_cellvars=("b", "b"))
show(CODE.replace, co_cellvars=("zz", "zz"))
show(CODE.replace, co_argcount=0, co_kwonlyargcount=0, co_flags=3, co_varnames=(), co_nlocals=0, co_cellvars=())
show(types.CodeType(*ALL[:13], -5, *ALL[14:]).replace)
show(types.CodeType(*ALL[:13], -5, *ALL[14:]).replace, co_firstlineno=0)

print("--- equality")


def one():
    return 1


plain = one.__code__
constants = [
    (1, ), (1.0, ), (True, ), ((1, ), ), ((1.0, ), ), (0.0, ), (-0.0, ), (frozenset({1, 2}), ), (frozenset({1.0, 2}), ),
    ("a", ), (b"a", ), (None, ), (..., ), (0j, ), (-0j, ), (float("nan"), ), ([1], ), (plain, ),
    (plain.replace(co_name="z"), ), (plain.replace(co_firstlineno=50), ), (), (1, 2)
]
for left in constants:
    print("".join(str(int(plain.replace(co_consts=left) == plain.replace(co_consts=right))) for right in constants))
for name, value in dict(
    co_filename="q", co_qualname="zz", co_stacksize=50, co_flags=0, co_firstlineno=88, co_linetable=b"\0",
    co_exceptiontable=b"\0\0\0\0", co_name="i", co_names=("a", ), co_freevars=("x", ), co_cellvars=("x", )
).items():
    changed = plain.replace(**{name: value})
    print(name, changed == plain, changed != plain)
print(plain.replace() == plain, plain.replace() is plain, plain == 1)
print(types.CodeType(*ALL) == CODE, [getattr(types.CodeType(*ALL), "co_" + part) for part in PARTS] == ALL)

print("--- what was made runs")


def rebuilt(target, **changes):
    code = target.__code__
    parts = [changes.get(part, getattr(code, "co_" + part)) for part in PARTS]
    return types.FunctionType(
        types.CodeType(*parts), target.__globals__, target.__name__, target.__defaults__, target.__closure__
    )


def adds(a, b=10):
    total = a + b
    return total


def numbers(limit):
    for i in range(limit):
        try:
            yield 10 // i
        except ZeroDivisionError as error:
            yield str(error)


def closes(value):
    def get():
        return value

    def put(new):
        nonlocal value
        value = new

    return get, put


print(rebuilt(adds)(1), rebuilt(adds)(1, 2), rebuilt(adds, name="renamed").__code__.co_name)
print(list(rebuilt(numbers)(4)))
get, put = rebuilt(closes)(5)
put(6)
print(get(), rebuilt(get)(), rebuilt(get).__code__.co_freevars)
print(rebuilt(adds, consts=(None, 3), stacksize=9)(4))
swapped = adds.__code__.replace(co_varnames=("b", "a", "total"))
print(types.FunctionType(swapped, {})(a=1, b=2), types.FunctionType(swapped, {})(b=5, a=7), swapped.co_varnames)
adds.__code__ = adds.__code__.replace(co_consts=(None, ), co_name="other")
print(adds(1), adds.__code__.co_name, adds.__name__)
print(eval(compile("[x * 2 for x in range(3)]", "<e>", "eval").replace(co_name="name", co_filename="elsewhere")))
positional = adds.__code__.replace(co_posonlyargcount=2)
try:
    types.FunctionType(positional, {})(a=1, b=2)
except TypeError as error:
    print(error)

print("--- the type")
print(types.CodeType.__name__, types.CodeType.__module__, types.CodeType.__text_signature__)
print(CODE.replace.__text_signature__)
for action in (
    lambda: type("X", (types.CodeType, ), {}), lambda: pickle.dumps(CODE), lambda: setattr(CODE, "co_name", "x"),
    lambda: setattr(CODE, "nothing", 1), lambda: CODE < CODE
):
    try:
        action()
    except Exception as error:
        print(type(error).__name__, error)
print(copy.copy(CODE) is CODE, copy.deepcopy(CODE) is CODE)
