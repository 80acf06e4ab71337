# Metaclasses: __new__, __init__, __call__, __prepare__, keyword arguments, conflicts, and type() with three arguments.

log = []


class Meta(type):
    @classmethod
    def __prepare__(meta, name, bases, **options):
        log.append(f"prepare {name} {options}")
        return {"prepared": True}

    def __new__(meta, name, bases, namespace, **options):
        log.append(f"new {name} {sorted(k for k in namespace if not k.startswith('__'))} {options}")
        return super().__new__(meta, name, bases, dict(namespace, injected=1))

    def __init__(cls, name, bases, namespace, **options):
        log.append(f"init {name} {options}")
        super().__init__(name, bases, namespace)

    def __call__(cls, *args, **kwargs):
        log.append(f"call {cls.__name__} {args} {kwargs}")
        return super().__call__(*args, **kwargs)

    def __len__(cls):
        return 42

    def __iter__(cls):
        return iter(["iterating", cls.__name__])

    def __getitem__(cls, key):
        return f"{cls.__name__}[{key}]"

    def __contains__(cls, item):
        return item == "inside"

    def __repr__(cls):
        return f"<meta {cls.__name__}>"

    def __add__(cls, other):
        return "added classes"

    def __eq__(cls, other):
        return isinstance(other, Meta)

    def __hash__(cls):
        return 1

    def __bool__(cls):
        return False

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return f"meta getattr {name}"


class A(metaclass=Meta, option="x"):
    def __init__(self, value=0):
        self.value = value


class B(A):
    pass


print("\n".join(log))
log.clear()
print(A(5).value, B(value=6).value, log, A.prepared, A.injected, type(A), type(B) is Meta)
print(
    len(A), list(A), A["k"], "inside" in A, "out" in A, repr(A), A + 1, A == B, A != 5, bool(A), A.unknown,
    isinstance(A(1), A)
)
try:
    A().unknown
except AttributeError as error:
    print(error)


class Ordered(type):
    @classmethod
    def __prepare__(meta, name, bases):
        return Recording()


class Recording(dict):
    def __init__(self):
        self.order = []

    def __setitem__(self, key, value):
        self.order.append(key)
        super().__setitem__(key, value)

    def __missing__(self, key):
        if key.startswith("magic"):
            return f"{key} conjured"
        raise KeyError(key)


class Fields(metaclass=Ordered):
    z = 1
    a = magic_value
    z = 2

    def method(self):
        pass


print(Fields.a, Fields.z)


class Singleton(type):
    instances = {}

    def __call__(cls, *args):
        if cls not in cls.instances:
            cls.instances[cls] = super().__call__(*args)
        return cls.instances[cls]


class Only(metaclass=Singleton):
    def __init__(self, value):
        self.value = value


print(Only(1) is Only(2), Only(3).value)


class M1(type): pass
class M2(type): pass
class M3(M1): pass
class C1(metaclass=M1): pass
class C2(metaclass=M2): pass
class C3(C1, metaclass=M3): pass
class C4(C3): pass


print(type(C3).__name__, type(C4).__name__, type(type("C5", (C3, C1), {})).__name__)
for source in (
    "class X(C1, C2): pass", "class X(C1, metaclass=M2): pass", "type('X', (C1, C2), {})",
    "class X(metaclass=lambda *a, **k: 5): pass\nprint(X)", "class X(metaclass=print): pass\nprint(X)",
    "class X(metaclass=5): pass", "class X(object, metaclass=type, extra=1): pass",
    "class X(metaclass=M1, metaclass=M2): pass", "type('X', (), {}, extra=1)", "type('X', (), 5)", "type(5, (), {})",
    "type('X\\0', (), {})", "M1('X', (), {}).y", "class X(**{'metaclass': M1}): pass\nprint(type(X).__name__)",
    "class X(*(C1,)): pass\nprint(X.__bases__)",
    "class P(type):\n    @classmethod\n    def __prepare__(m, *a): return 5\nclass X(metaclass=P): pass",
    "class N(type):\n    def __new__(m, *a): return 'not a class'\nclass X(metaclass=N): pass\nprint(X)",
    "class X(type, int): pass", "class X(C1, object, C2): pass"
):
    try:
        exec(source)
    except (TypeError, ValueError, AttributeError, SyntaxError) as error:
        print(source.split("\n")[0], "->", type(error).__name__, error)
T = type("T", (), {"x": 1, "m": lambda self: self.x, "__doc__": "made by type", "__module__": "elsewhere"})
print(T, T().m(), T.__doc__, T.__module__, T.__qualname__, T.__bases__, T.__dict__["x"], type(T) is type, T.__name__)
T.__name__, T.__qualname__, T.__module__ = "Renamed", "Outer.Renamed", "mod"
print(T, repr(T()).split(" at ")[0], T.__name__)
for statement in (
    "T.__name__ = 5", "T.__qualname__ = 5", "T.__name__ = 'a\\0b'", "del T.__name__", "T.__dict__ = {}",
    "T.__mro__ = ()", "T.__bases__ = 5", "int.x = 1", "del int.real", "T.__class__ = 5", "T.__doc__ = 'new'",
    "int.__doc__ = 'x'", "T.__module__ = 5", "T.nope", "del T.nope"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)


class AttributeMeta(type):
    def __setattr__(cls, name, value):
        log.append(f"set {name}")
        super().__setattr__(name, value)

    def __delattr__(cls, name):
        log.append(f"del {name}")
        super().__delattr__(name)

    def __getattribute__(cls, name):
        if name == "intercepted":
            return "by the metaclass"
        return super().__getattribute__(name)

    def __instancecheck__(cls, instance):
        return instance == "member"

    def __subclasscheck__(cls, subclass):
        return subclass is int

    def __dir__(cls):
        return ["only", "these"]


log.clear()


class Watched(metaclass=AttributeMeta):
    y = 0


Watched.x = 1
del Watched.x
print(
    log, Watched.intercepted, isinstance("member", Watched), isinstance(Watched(), Watched), isinstance(5, Watched),
    issubclass(int, Watched), issubclass(str, Watched), dir(Watched)
)
print(
    type(type), type.__mro__, isinstance(type, object), isinstance(object, type), type.__call__(int, "7"),
    type.__base__, object.__bases__, type.__subclasses__(Meta)
)
