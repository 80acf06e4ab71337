# Function objects: attributes, names, docs, defaults, code replacement, lambda, and what they refuse.


def function(a, b=1, *, c=2):
    "The doc."
    return a + b + c


def without_doc():
    1
    "not a doc"


print(
    function.__name__, function.__qualname__, function.__doc__, function.__module__, function.__defaults__,
    function.__kwdefaults__, function.__dict__, function.__closure__, without_doc.__doc__, (lambda: 0).__name__
)
function.counter = 1
function.counter += 1
print(function.counter, function.__dict__, vars(function), hasattr(function, "nope"))
function.__name__ = "renamed"
function.__qualname__ = "Some.renamed"
function.__doc__ = None
print(function.__name__, repr(function).split(" at ")[0], function.__doc__)
del function.counter
for statement in (
    "function.__name__ = 5", "function.__qualname__ = 5", "function.__defaults__ = 5", "function.__kwdefaults__ = 5",
    "function.__code__ = 5", "function.__dict__ = 5", "del function.nope", "function.__globals__ = {}",
    "function.__closure__ = None", "function.nope", "del function.__name__", "function()()", "function[0]",
    "function.__annotations__ = 5", "len(function)", "function + 1", "del function.__code__",
    "function.__builtins__ = 1"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


def replacement(a, b=1, *, c=2):
    return "replaced", a, b, c


function.__code__ = replacement.__code__
print(function(1), function.__defaults__)
try:
    x = 1

    def closes():
        y = x

        def inner():
            return y

        return inner

    function.__code__ = closes().__code__
except ValueError as error:
    print(error)


def outer():
    class Local:
        def method(self):
            def nested():
                pass
            return nested
        field = lambda self: 0
    return Local


Local = outer()
print(
    outer.__qualname__, Local.__qualname__, Local.method.__qualname__, Local().method().__qualname__,
    Local.field.__qualname__, repr(Local), [f for f in [lambda: 0]][0].__qualname__
)
method = Local().method
print(
    method.__name__, method.__func__ is Local.method, method.__self__.__class__ is Local,
    method == method.__self__.method, method is method.__self__.method, hash(method) == hash(method.__self__.method),
    Local.method is Local.method
)
try:
    method.attribute = 1
except AttributeError as error:
    print(error)
print(
    len.__name__, len.__doc__ is not None, len.__module__, [].append.__name__, [].append.__self__, str.upper.__name__,
    str.upper.__objclass__, "a".upper.__self__, len.__self__.__name__, repr(len), repr(str.upper),
    repr(dict.fromkeys)[:36], repr(int.__add__), repr((1).__add__).split(" at ")[0], type(len).__name__,
    type(str.upper).__name__, type(int.__add__).__name__, type((1).__add__).__name__, type([].append).__name__
)
square = lambda n: n * n
print(
    square(5), (lambda: None)(), (lambda *a: a)(1, 2), (lambda a, b=[]: (a, b))(1),
    (lambda: (yield))().__class__.__name__, list(map(lambda p: p[0] + p[1], [(1, 2), (3, 4)])),
    sorted([3, -1, 2], key=lambda v: -v), (lambda f: f(f))(lambda f: "self")
)
print(
    function == function, function == replacement, hash(function) == hash(function), {function: 1}[function],
    bool(function), callable(function), isinstance(function, type(square)), type(function).__name__
)
FunctionType = type(function)
made = FunctionType(square.__code__, {"n": 1}, "made", (7,))
print(made(), made(3), made.__name__, made.__defaults__)
for call in (
    "FunctionType(5, {})", "FunctionType(square.__code__, 5)", "FunctionType()",
    "FunctionType(closes().__code__, {})", "FunctionType(square.__code__, {}, 5)"
):
    try:
        print(eval(call))
    except TypeError as error:
        print(call, "->", error)


def recursive_default(n, cache={0: 0, 1: 1}):
    if n not in cache:
        cache[n] = recursive_default(n - 1) + recursive_default(n - 2)
    return cache[n]


print(
    recursive_default(90), type(function.__get__(5, int)).__name__, function.__get__(None, int) is function,
    outer.__get__(1).__self__
)
