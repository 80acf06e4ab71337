# The C3 method resolution order, its conflicts, and lookups along it.


class A:
    name = "A"

    def who(self):
        return ["A"]


class B(A):
    def who(self):
        return ["B"] + super().who()


class C(A):
    name = "C"

    def who(self):
        return ["C"] + super().who()


class D(B, C):
    def who(self):
        return ["D"] + super().who()


class E(C, B):
    pass


def names(cls):
    return [base.__name__ for base in cls.__mro__]


print(names(D), D().who(), D.name, names(E), E().who(), E.name, [c.__name__ for c in E.mro()])


def make(name, *bases):
    return type(name, bases, {})


O = make("O")
F, G, H = make("F", O), make("G", O), make("H", O)
K1, K2, K3 = make("K1", F, G), make("K2", H, G), make("K3", F, H)
print(names(make("Z", K1, make("K4", G, H))))
boat = make("Boat")
day, wheel = make("DayBoat", boat), make("WheelBoat", boat)
engineless, small = make("EngineLess", day), make("SmallMultihull", day)
pedal = make("PedalWheelBoat", engineless, wheel)
catamaran = make("SmallCatamaran", small)
print(names(make("Pedalo", pedal, catamaran)))
for bases in (
    (A, B), (object, A), (A, A), (D, E), (K1, K2, K3), (B, C, A, object), (object, object), (int, str), (bool,),
    (A, 5), (type(None),), (type(len),), (range,), (slice,), (list, dict), (Exception, int), (int, A), (A, int)
):
    try:
        print(names(type("X", bases, {})))
    except TypeError as error:
        print(error)


class Base:
    value = "base"

    def method(self):
        return "base method"

    @classmethod
    def create(cls):
        return cls.__name__

    @staticmethod
    def utility():
        return "utility"


class Derived(Base):
    value = "derived"

    def method(self):
        return "derived then " + Base.method(self)


d = Derived()
print(
    d.value, Base.value, d.method(), Base.method(d), d.create(), Derived.create(), d.utility(),
    Derived.__base__.__name__, Derived.__bases__, Base.__subclasses__() == [Derived]
)
d.value = "instance"
print(d.value, Derived.value, d.__dict__)
Derived.value = "changed"
del d.value
print(d.value)
del Derived.value
print(d.value)
Base.added = lambda self: "added later"
print(d.added(), hasattr(Derived, "added"))
d.__class__ = Base
print(d.method(), type(d).__name__, isinstance(d, Derived))


class Other:
    value = "other"

    def method(self):
        return "other method"


class Switch(Base):
    pass


s = Switch()
print(s.value, names(Switch))
Switch.__bases__ = (Other,)
print(
    s.value, s.method(), names(Switch), issubclass(Switch, Base), isinstance(s, Other),
    Base.__subclasses__() == [Derived]
)
for bases in ((), (int,), 5, (Switch,), (5,), (object,)):
    try:
        Switch.__bases__ = bases
        print("changed to", names(Switch))
    except TypeError as error:
        print(error)


class Meta(type):
    def mro(cls):
        order = super().mro()
        return [order[0]] + list(reversed(order[1:-1])) + [order[-1]]


class Reversed(B, C, metaclass=Meta):
    pass


print(names(Reversed), Reversed().who())


class Mixin:
    def describe(self):
        return f"mixin of {super().describe()}"


class Plain:
    def describe(self):
        return "plain"


class Mixed(Mixin, Plain):
    pass


print(Mixed().describe())
try:
    Mixin().describe()
except AttributeError as error:
    print(error)
