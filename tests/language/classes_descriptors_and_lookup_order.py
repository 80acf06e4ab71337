# Data and non-data descriptors, the lookup order of attributes, __set_name__, and descriptors on classes and metaclasses.


class Data:
    def __init__(self, label):
        self.label = label

    def __set_name__(self, owner, name):
        self.name = name
        print("set_name", owner.__name__, name)

    def __get__(self, instance, owner=None):
        return f"{self.label} get {type(instance).__name__} {owner.__name__ if owner else None}"

    def __set__(self, instance, value):
        print(self.label, "set", value)

    def __delete__(self, instance):
        print(self.label, "delete")


class NonData:
    def __get__(self, instance, owner):
        return "non-data"


class SetOnly:
    def __set__(self, instance, value):
        instance.__dict__["set_only"] = value * 2


class Host:
    data = Data("data")
    other = Data("other")
    non_data = NonData()
    set_only = SetOnly()
    plain = "class attribute"

    def method(self):
        return "method"


h = Host()
print(h.data, Host.data, h.non_data, Host.non_data, type(h.set_only).__name__, h.plain)
h.data = 1
del h.data
h.set_only = 5
h.non_data = "shadowed"
h.__dict__["data"] = "not seen"
h.__dict__["plain"] = "instance attribute"
h.method = lambda: "instance method"
print(h.data, h.non_data, h.set_only, h.plain, h.method(), sorted(h.__dict__))
del h.plain, h.non_data, h.method
print(h.plain, h.non_data, h.method(), vars(Host)["data"].name)
try:
    del h.set_only
except AttributeError as error:
    print(error)


class GetRaises:
    def __get__(self, instance, owner):
        raise AttributeError("from __get__")


class Fallback:
    broken = GetRaises()

    def __getattr__(self, name):
        return f"fallback {name}"


print(Fallback().broken, Fallback().anything, getattr(Fallback(), "x", "default"))
try:
    Fallback.broken
except AttributeError as error:
    print(error)


class ReadOnly:
    def __get__(self, instance, owner):
        return 1

    def __set__(self, instance, value):
        raise AttributeError("read-only by hand")


class Cached:
    def __init__(self, function):
        self.function = function

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner):
        if instance is None:
            return self
        value = instance.__dict__[self.name] = self.function(instance)
        return value


class Typed:
    def __init__(self, kind, default=None):
        self.kind, self.default = kind, default

    def __set_name__(self, owner, name):
        self.key = "_" + name

    def __get__(self, instance, owner):
        return self if instance is None else getattr(instance, self.key, self.default)

    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.key} wants {self.kind.__name__}")
        setattr(instance, self.key, value)


class Model:
    fixed = ReadOnly()
    number = Typed(int, 7)
    text = Typed(str)
    computations = 0

    @Cached
    def expensive(self):
        Model.computations += 1
        return self.number * 100


m = Model()
print(
    m.number, m.text, m.expensive, m.expensive, Model.computations, type(Model.expensive).__name__,
    type(Model.number).__name__
)
m.number, m.text = 3, "t"
print(m.number, m.text, m.__dict__)
for statement in ("m.number = 'x'", "m.text = 5", "m.fixed = 2", "del m.fixed", "del m.number"):
    try:
        exec(statement)
    except (TypeError, AttributeError) as error:
        print(statement, type(error).__name__, error)
Model.fixed = "replaced on the class"
m.fixed = "instance"
print(m.fixed, Model.fixed)


class Meta(type):
    meta_attribute = "from the metaclass"
    meta_data = Data("meta")

    def meta_method(cls):
        return f"meta method of {cls.__name__}"

    @property
    def meta_property(cls):
        return f"meta property of {cls.__name__}"


class WithMeta(metaclass=Meta):
    own = 1


print(WithMeta.meta_attribute, WithMeta.meta_data, WithMeta.meta_method(), WithMeta.meta_property)
WithMeta.meta_data = 5
WithMeta.meta_attribute = "own now"
print(WithMeta.meta_attribute, hasattr(WithMeta(), "meta_method"), hasattr(WithMeta(), "meta_attribute"))
try:
    WithMeta().meta_method
except AttributeError as error:
    print(error)
try:
    WithMeta.meta_property = 1
except AttributeError as error:
    print(error)


class BadSetName:
    def __set_name__(self, owner, name):
        raise ValueError("refused")


try:
    class Refused:
        attribute = BadSetName()
except RuntimeError as error:
    print(error, repr(error.__cause__))
late = Data("late")
Host.late = late
print(hasattr(late, "name"), h.late)
print(
    Host.__dict__["method"].__get__(h)(), Host.method.__get__(None, Host) is Host.__dict__["method"],
    len.__get__ if hasattr(len, "__get__") else "builtins are not descriptors", str.upper.__get__("bound")(),
    type(Host.__dict__["method"].__get__(h, Host)).__name__
)


class InstanceDescriptor:
    def __init__(self):
        self.attribute = NonData()


print(type(InstanceDescriptor().attribute).__name__)
for kind, name in (
    (int, "real"), (type, "__name__"), (type, "__dict__"), (type(h.method), "__func__"), (type(lambda: 0), "__code__")
):
    print(type(vars(kind)[name]).__name__, end=" ")
print()
for statement in (
    "int.real.__get__('x')", "int.real.__set__(5, 6)", "vars(int)['real'].__get__(7)", "Host.method.__get__()",
    "Host.__dict__['data'] = 5", "Host.__dict__.clear()"
):
    try:
        print(statement, eval(statement) if "=" not in statement else exec(statement))
    except Exception as error:
        print(statement, type(error).__name__, error)
