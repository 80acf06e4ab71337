# property: getters, setters, deleters, documentation, copies, inheritance and error texts; classmethod and staticmethod.


class Celsius:
    def __init__(self, degrees=0):
        self._degrees = degrees

    @property
    def degrees(self):
        "The temperature."
        return self._degrees

    @degrees.setter
    def degrees(self, value):
        if value < -273:
            raise ValueError("too cold")
        self._degrees = value

    @degrees.deleter
    def degrees(self):
        self._degrees = 0

    @property
    def fahrenheit(self):
        return self._degrees * 9 / 5 + 32

    secret = property(None, lambda self, value: setattr(self, "_degrees", value), doc="write only")
    empty = property()


c = Celsius(10)
c.degrees += 5
print(
    c.degrees, c.fahrenheit, Celsius.degrees.__doc__, Celsius.secret.__doc__, Celsius.fahrenheit.__doc__,
    type(Celsius.degrees).__name__
)
c.secret = 100
print(c.degrees)
del c.degrees
print(c.degrees)
for statement in (
    "c.degrees = -300", "c.fahrenheit = 5", "del c.fahrenheit", "c.secret", "del c.secret", "c.empty", "c.empty = 1",
    "del c.empty", "Celsius.degrees()", "c.nope", "property(1)(2)", "property(5).__get__(c)",
    "Celsius.degrees.fget = 5", "Celsius.degrees.__set__(5, 6)", "property.__get__()"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
print(
    Celsius.degrees.fget(c), Celsius.degrees.fset is not None, Celsius.fahrenheit.fset, Celsius.degrees.__get__(c),
    Celsius.degrees.__get__(None, Celsius) is Celsius.degrees, Celsius.degrees.__isabstractmethod__
)


class Kelvin(Celsius):
    @property
    def degrees(self):
        return super().degrees + 273

    @Celsius.degrees.getter
    def both(self):
        return "new getter, old setter"


k = Kelvin(1)
print(k.degrees, k.both)
k.both = 50
print(k.degrees)
try:
    k.degrees = 1
except AttributeError as error:
    print(error)


class Raises:
    @property
    def attribute_error(self):
        return self.missing

    @property
    def other_error(self):
        raise ValueError("inside")

    def __getattr__(self, name):
        if name == "missing":
            raise AttributeError("no missing")
        return f"getattr {name}"


r = Raises()
print(r.attribute_error, hasattr(r, "attribute_error"), getattr(r, "attribute_error", "default"))
try:
    r.other_error
except ValueError as error:
    print(error)


class Methods:
    count = 0

    def instance(self, *args):
        return "instance", type(self).__name__, args

    @classmethod
    def klass(cls, *args):
        cls.count += 1
        return "class", cls.__name__, args, cls.count

    @staticmethod
    def static(*args):
        return "static", args

    aliased = klass


class Sub(Methods):
    @classmethod
    def klass(cls, *args):
        return ("sub",) + super().klass(*args)

    @staticmethod
    def static(*args):
        return "sub static", Methods.static(*args)


m, s = Methods(), Sub()
print(
    m.instance(1), Methods.instance(m, 2), m.klass(3), Methods.klass(4), m.static(5), Methods.static(6), s.klass(7),
    Sub.klass(8), s.static(9), s.aliased(), Methods.count, Sub.count
)
print(
    Methods.klass.__self__ is Methods, Methods.klass.__func__.__name__, Methods.__dict__["klass"].__func__.__name__,
    type(Methods.__dict__["static"]).__name__, Methods.__dict__["static"].__func__(1), Methods.__dict__["static"](2),
    Methods.static.__name__, Methods.__dict__["klass"].__wrapped__.__name__, Methods.__dict__["static"].__name__
)
for expression in (
    "Methods.__dict__['klass'](1)", "classmethod(5).__get__(None, int)()", "staticmethod(5).__get__(None, int)",
    "classmethod(len).__get__(None, 'ab')()", "Methods.instance()", "staticmethod(len)('abc')", "Methods.klass.nope"
):
    try:
        print(expression, eval(expression))
    except Exception as error:
        print(expression, "->", type(error).__name__, error)


class Computed:
    def __init__(self):
        self.reads = 0

    x = property(lambda self: self.bump())

    def bump(self):
        self.reads += 1
        return self.reads

    def __len__(self):
        return self.x


computed = Computed()
print([computed.x for _ in range(3)], len(computed), computed.x)
computed.__dict__["x"] = "shadow?"
print(computed.x, computed.__dict__["x"])
del Computed.x
print(computed.x)


class Sub2(property):
    pass


class UsesSub:
    value = Sub2(lambda self: "from a subclass of property")


print(UsesSub().value, type(UsesSub.value).__name__)
