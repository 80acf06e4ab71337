# __init_subclass__, __set_name__, __class_getitem__, __mro_entries__, __instancecheck__ and name mangling.

registry = []


class Plugin:
    def __init_subclass__(cls, /, label=None, **kwargs):
        super().__init_subclass__(**kwargs)
        registry.append((cls.__name__, label))
        cls.label = label


class First(Plugin, label="one"):
    pass


class Second(First):
    pass


class Third(Second, label="three"):
    def __init_subclass__(cls, **kwargs):
        registry.append("third's own hook")
        super().__init_subclass__(**kwargs)


class Fourth(Third, label=4):
    pass


print(registry, First.label, Second.label, Fourth.label)
made = type("Made", (Plugin,), {"x": 1}, label="by type")
print(registry[-1], made.x)
for source in (
    "class X(Plugin, nope=1): pass", "class X(nope=1): pass", "class X(int, a=1, b=2): pass",
    "type('X', (), {}, k=1)", "object.__init_subclass__(1)", "object.__init_subclass__(k=1)",
    "Plugin.__init_subclass__()"
):
    try:
        exec(source)
        print(source, "fine", registry[-1])
    except TypeError as error:
        print(source, "->", error)
order = []


class Named:
    def __set_name__(self, owner, name):
        order.append(f"set_name {name} on {owner.__name__}, has hook attribute {hasattr(owner, 'hooked')}")


class Hooked:
    def __init_subclass__(cls):
        order.append("init_subclass")
        cls.hooked = True


class Both(Hooked):
    a = Named()
    b = Named()


print(order)


class Box:
    def __class_getitem__(cls, item):
        return f"{cls.__name__}[{item!r}]"


class SubBox(Box):
    pass


print(
    Box[int], SubBox["x", 1], Box[()], list[int], dict[str, list[int]], tuple[int, ...], type[int], list[int]([1, 2]),
    list[int].__origin__, list[int].__args__, isinstance([], list), set[int]({1})
)
for expression in (
    "Plugin[int]", "int[5]", "isinstance([], list[int])", "Box()[1]", "str[int]", "issubclass(int, list[int])"
):
    try:
        print(expression, eval(expression))
    except TypeError as error:
        print(expression, "->", error)


class Entries:
    def __init__(self, *bases):
        self.bases = bases

    def __mro_entries__(self, bases):
        return self.bases


class FromEntries(Entries(Plugin, Box)):
    pass


print(FromEntries.__mro__[1:3], FromEntries.__orig_bases__[0].bases == (Plugin, Box), registry[-1])


class NoBases(Entries()):
    pass


print(NoBases.__bases__)
for bases in (Entries(5), 5):
    try:
        class Wrong(bases):
            pass
    except TypeError as error:
        print(error)


class BadEntries:
    def __mro_entries__(self, bases):
        return [Plugin]


try:
    class Wrong(BadEntries()):
        pass
except TypeError as error:
    print(error)


class Mangled:
    __private = "class private"
    __dunder__ = "not mangled"
    _single = "single"

    def __init__(self):
        self.__value = 1
        self.__dict = {"k": 2}

    def get(self, __parameter=5):
        __local = 10
        return self.__value, self.__private, __local, __parameter, self.__dict["k"], self.__method()

    def __method(self):
        return "private method"

    class __Nested:
        pass

    def names(self):
        global __global_name
        __global_name = "global"
        import sys as __sys
        return sorted(locals()), type(self.__Nested()).__name__

    def keyword(self):
        return dict(__key=1), (lambda __x: __x)(2)


class _Under(Mangled):
    def get_private(self):
        return hasattr(self, "__value"), self._Mangled__value

    def own(self):
        self.__own = 3
        return sorted(self.__dict__)


m = Mangled()
print(
    m.get(), sorted(m.__dict__), m._Mangled__private, m.__dunder__, m._single, m.names(), m.keyword(),
    "_Mangled__global_name" in globals(), _Under().get_private(), _Under().own()
)
try:
    m.__value
except AttributeError as error:
    print(error)
print(m.get.__code__.co_varnames, m.get(_Mangled__parameter=7)[3])


class ABC(type):
    def __instancecheck__(cls, instance):
        return hasattr(instance, "quack")

    def __subclasscheck__(cls, sub):
        return hasattr(sub, "quack")


class Duck(metaclass=ABC):
    pass


class Robot:
    def quack(self):
        pass


print(
    isinstance(Robot(), Duck), issubclass(Robot, Duck), isinstance(5, Duck), isinstance(Duck(), Duck),
    isinstance(5, (str, Duck, int)), isinstance(5, int | str), issubclass(bool, int | None),
    isinstance(None, int | None), int | str == str | int, (int | str).__args__,
    isinstance(1, ((str, (bytes,)), (int,)))
)
for expression in (
    "isinstance(1, 5)", "isinstance(1, (str, 5))", "isinstance(1, (int, 5))", "issubclass(5, int)",
    "issubclass(int, 5)", "isinstance(1, [int])", "isinstance(1, int | 5)", "int | 5", "isinstance()",
    "issubclass(int, ())", "isinstance(1, ())"
):
    try:
        print(expression, eval(expression))
    except TypeError as error:
        print(expression, "->", error)


class FakeClass:
    @property
    def __class__(self):
        return dict


f = FakeClass()
print(isinstance(f, dict), isinstance(f, FakeClass), type(f).__name__, f.__class__.__name__)


class Abstract:
    __abstractmethods__ = None


try:
    class WithAbstract(metaclass=type):
        def run(self):
            pass
    WithAbstract.__abstractmethods__ = frozenset(["run", "stop"])
    WithAbstract()
except TypeError as error:
    print(error)
