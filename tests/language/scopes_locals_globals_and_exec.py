# locals(), globals(), vars(), dir() and the namespaces of exec, eval and compile.


def local_names(a, b=2, *args, c=3, **kwargs):
    d = a
    if False:
        e = 1
    return sorted(locals().items(), key=lambda item: item[0])


print(local_names(1), local_names(1, 5, 6, c=7, z=8))


def snapshot():
    a = 1
    names = locals()
    names["a"] = 100
    names["new"] = 5
    b = 2
    return a, "b" in names, locals() is names, locals()["b"]


print(snapshot())


def with_closure():
    free = 1

    def inner():
        own = 2
        return free, sorted(locals())

    return inner()


print(with_closure(), locals() is globals(), globals()["__name__"])
print(
    eval("1 + 2"), eval("a * 2", {"a": 21}), eval("a + b", {"a": 1}, {"b": 2}), eval("[x for x in range(3)]"),
    eval(" 5"), eval("lambda x: x + 1")(1)
)
space = {}
exec("x = 1\ndef f(n):\n    return n + x\ny = f(10)", space)
print(space["y"], sorted(k for k in space if k != "__builtins__"), "__builtins__" in space, exec("pass"))
outer, inner = {"a": 1}, {}
exec("a = 2; b = a\nglobal c\nc = 3", outer, inner)
print(sorted((k, v) for k, v in outer.items() if k != "__builtins__"), inner)
exec("class C:\n    v = 5\nobj = C()", space)
print(space["obj"].v, space["C"].__module__ if hasattr(space["C"], "__module__") else "none")
code = compile("a * 2 + b", "<expression>", "eval")
print(eval(code, {"a": 3, "b": 4}), code.co_filename, code.co_names, code.co_name)
code = compile("print('from exec', z)\nz += 1", "<statements>", "exec")
scope = {"z": 1}
exec(code, scope)
exec(code, scope)
for line in ("1 + 1", "'shown'", "None", "x = 5", "if 1:\n    'block'\n    [2]\n"):
    exec(compile(line, "<single>", "single"))
for call in (
    "eval('x = 1')", "eval('')", "eval('1 +')", "eval('nope_name')", "exec('1 +')", "exec('return 1')",
    "exec('  x = 1')", "eval(5)", "exec(5)", "eval('1', 5)", "eval('1', {}, 5)", "compile('1', 'f', 'bad')",
    "compile(5, 'f', 'eval')", "compile('x', 'f')", "exec('break')", "eval('yield 1')", "eval('a\\0b')",
    "exec('x', None, 5)", "eval('await x')", "exec('nonlocal q')", "vars(5)", "vars(1, 2)", "dir(1, 2)",
    "exec(b'v = 5')", "eval(b'1 + 1')", "eval('1', None, {})", "eval('(1,\\n2)')"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, str(error))


class Mapping(dict):
    def __getitem__(self, key):
        return f"<{key}>" if key not in ("print", "__builtins__") else dict.__getitem__(self, key)


print(eval("anything + other", {}, Mapping()))


class Thing:
    attribute = 1

    def __init__(self):
        self.x, self.y = 1, 2


thing = Thing()
print(
    vars(thing), vars(thing) is thing.__dict__, sorted(k for k in dir(thing) if not k.startswith("__")),
    "attribute" in vars(Thing), "__init__" in dir(Thing), sorted(vars()) == sorted(globals()), "thing" in dir()
)


class CustomDir:
    def __dir__(self):
        return ["zeta", "alpha"]


class BadDir:
    def __dir__(self):
        return 5


print(dir(CustomDir()))
try:
    dir(BadDir())
except TypeError as error:
    print(error)


def exec_in_function():
    v = 1
    exec("v = 2; w = 3")
    return v, "w" in locals()


print(
    exec_in_function(), eval("__name__"), eval("len([1, 2])", {}),
    eval("abs(-3)", {"__builtins__": {"abs": lambda x: "fake"}})
)
try:
    eval("len", {"__builtins__": {}})
except NameError as error:
    print(error)
