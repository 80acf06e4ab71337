# co_* fields, flags, names, constants, line tables, replace() and compile().


def function(a, b=1, /, c=2, *args, d, e=3, **kwargs):
    "doc"
    local = a + len(args)
    text = "constant"

    def inner():
        return local, text

    return inner


def simple():
    return 5


def generator():
    yield 1


async def coroutine():
    pass


code = function.__code__
for name in (
    "co_name", "co_qualname", "co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_nlocals", "co_varnames",
    "co_cellvars", "co_freevars", "co_names", "co_firstlineno", "co_flags"
):
    print(name, getattr(code, name))
inner = function(1, d=2).__code__
print(
    inner.co_freevars, inner.co_cellvars, inner.co_qualname, inner.co_consts, inner.co_flags & 0x10,
    inner.co_name in [c.co_name for c in code.co_consts if hasattr(c, "co_name")]
)
print(
    [c if not hasattr(c, "co_name") else c.co_name for c in code.co_consts], simple.__code__.co_consts,
    (lambda: None).__code__.co_consts, (lambda: (1, 2, (3, "x"))).__code__.co_consts,
    (lambda x: x in {1, 2}).__code__.co_consts
)
for target in (simple, generator, coroutine, lambda *a: a, lambda **k: k, lambda: function):
    print(target.__code__.co_name, bin(target.__code__.co_flags))
print(
    [line - code.co_firstlineno for _, _, line in code.co_lines() if line is not None],
    len(list(code.co_positions())) * 2 == len(code.co_code), type(code.co_code).__name__,
    type(code.co_linetable).__name__, code.co_stacksize > 0
)
print(
    [position for position in list(simple.__code__.co_positions())][-1][2:],
    simple.__code__.co_filename == code.co_filename, code.co_filename.endswith(".py")
)
print(simple.__code__.co_code.hex(), (lambda a, b: a + b).__code__.co_code.hex(), simple.__code__.co_exceptiontable)
changed = simple.__code__.replace(co_name="changed", co_consts=(None, 42))
simple.__code__ = changed
print(
    simple(), simple.__code__.co_name, repr(changed).split(" at ")[0], changed == simple.__code__, changed != code,
    hash(changed) == hash(simple.__code__)
)
for statement in (
    "code.co_name = 'x'", "code.replace(co_nope=1)", "code.replace(co_argcount='a')", "code.nope", "type(code)()",
    "code()", "del code.co_name", "code.replace(5)"
):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
module = compile("import sys\nx = 1\ndef f(): return x\nclass C:\n    y: int = 2\n", "file name.py", "exec")
print(
    module.co_name, module.co_filename, module.co_names, module.co_firstlineno, module.co_varnames, module.co_flags,
    [c.co_name if hasattr(c, "co_name") else c for c in module.co_consts]
)
expression = compile("a + b * 2", "<e>", "eval")
print(expression.co_names, expression.co_consts, expression.co_code.hex(), [p for p in expression.co_positions()][1])
print(
    compile("1 + 2 * 3", "", "eval").co_consts, compile("'a' 'b' + 'c'", "", "eval").co_consts,
    compile("-5", "", "eval").co_consts, compile("(1, 2)[0]", "", "eval").co_consts,
    compile("not True", "", "eval").co_consts, compile("1 << 200", "", "eval").co_consts[0] == 1,
    compile("'x' * 5000", "", "eval").co_consts
)
print(
    compile("if 0:\n    dead\nlive", "", "exec").co_names, compile("while 1:\n    break", "", "exec").co_consts,
    compile("x = 5; y = 5; z = 5.0", "", "exec").co_consts,
    compile("a = 0.0; b = -0.0; c = 1; d = True; e = 1.0", "", "exec").co_consts
)
print(
    eval(compile("[i for i in range(3)]", "", "eval").replace(co_filename="other")),
    sorted(name for name in dir(code) if name.startswith("co_"))
)


def positions(source):
    return [p for p in compile(source, "", "eval").co_positions()]


print(positions("a.b[c](d)"))
print(positions("f(\n  x,\n  y + z)"))
