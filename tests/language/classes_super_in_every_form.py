# super() without arguments, with two, as an object, in class methods, nested functions and properties; and its errors.


class A:
    def __init__(self, a=0):
        self.a = a

    def method(self, x):
        return f"A.method({x})"

    @classmethod
    def build(cls):
        return f"A.build {cls.__name__}"

    @staticmethod
    def free():
        return "A.free"

    @property
    def prop(self):
        return f"A.prop {self.a}"

    attribute = "A.attribute"


class B(A):
    def __init__(self, a, b):
        super().__init__(a)
        self.b = b

    def method(self, x):
        return "B>" + super().method(x + 1)

    @classmethod
    def build(cls):
        return "B>" + super().build()

    @staticmethod
    def free():
        return "B>" + super(B, B).free()

    @property
    def prop(self):
        return "B>" + super().prop

    def explicit(self):
        return super(B, self).method(0), super(B, type(self)).build()

    def nested(self):
        def inner():
            return super(B, self).method("nested")

        def implicit(me):
            return super().method("implicit")

        return inner(), implicit(self), [super(B, self).method(i) for i in range(2)]

    def attributes(self):
        return super().attribute, super().__init__.__name__, super().__class__ is super, super().__thisclass__.__name__, super().__self__ is self, super().__self_class__.__name__

    def lambda_super(self):
        return (lambda: super(B, self).method("lambda"))(), (lambda self: super().method("λ"))(self)


class C(B):
    def method(self, x):
        return "C>" + super().method(x)


c = C(1, 2)
print(
    c.a, c.b, c.method(1), C.build(), c.build(), c.free(), c.prop, c.explicit(), c.nested(), c.attributes(),
    c.lambda_super()
)
print(
    super(B, c).method(5), super(C, c).method(5), super(A, c).__repr__()[:15].startswith("<"),
    super(B, C).method(c, 9), repr(super(B, c))[:40].split(",")[0], super(C, c).prop
)


def borrowed(self, x):
    return super(B, self).method(x)


B.borrowed = borrowed
print(c.borrowed("b"))


def no_class(self):
    return super().method(1)


B.no_class = no_class


class NoArguments:
    def method():
        return super().x

    def deleted(self):
        del self
        return super().x

    def reassigned(self):
        self = 5
        return super().x

    def generator(self):
        yield super().__repr__

    comprehension = lambda self: [super().x for _ in range(1)]
    uses_class = lambda self: __class__

    def missing(self):
        return super().nope


n = NoArguments()
for function in (
    lambda: c.no_class(), NoArguments.method, n.deleted, n.reassigned, n.missing, n.comprehension,
    lambda: super(5, 5), lambda: super(B, 5).x, lambda: super(B, A()).x, lambda: super(int, C),
    lambda: super(1, 2, 3), lambda: super(B).method, lambda: super(B, c).nope, super,
    lambda: setattr(super(B, c), "z", 1), lambda: super(B, c)[0], lambda: super(B, c)()
):
    try:
        print(function())
    except Exception as error:
        print(type(error).__name__, error)
print(len(list(n.generator())), n.uses_class().__name__)


class Cooperative:
    def __init__(self, **kwargs):
        self.log = []
        if kwargs:
            raise TypeError(f"left over {kwargs}")


class Left(Cooperative):
    def __init__(self, left, **kwargs):
        super().__init__(**kwargs)
        self.log.append(f"left {left}")


class Right(Cooperative):
    def __init__(self, right, **kwargs):
        super().__init__(**kwargs)
        self.log.append(f"right {right}")


class Both(Left, Right):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.log.append("both")


print(Both(left=1, right=2).log)
try:
    Both(left=1, right=2, extra=3)
except TypeError as error:
    print(error)


class Operators(int):
    def __add__(self, other):
        return Operators(super().__add__(other) * 10)

    def __getitem__(self, key):
        return super().__str__() + str(key)

    def __eq__(self, other):
        return super().__eq__(other)

    def __hash__(self):
        return super().__hash__() + 1

    def __repr__(self):
        return f"Operators({super().__repr__()})"


o = Operators(3)
print(o + 4, o["key"], o == 3, hash(o), o, super(Operators, o).__add__(4))


class SetAttr(A):
    def __setattr__(self, name, value):
        super().__setattr__(name, value * 2)

    def __getattribute__(self, name):
        value = super().__getattribute__(name)
        return value + 1 if isinstance(value, int) else value

    def __delattr__(self, name):
        super().__delattr__(name)


s = SetAttr(5)
print(s.a, s.__dict__)
del s.a
print(s.__dict__)


class Meta(type):
    def __call__(cls, *args):
        instance = super().__call__(*args)
        instance.made_by = cls.__name__
        return instance

    def __new__(meta, name, bases, namespace):
        return super().__new__(meta, name.upper(), bases, namespace)


class made(metaclass=Meta):
    pass


print(made.__name__, made().made_by)


class Unbound:
    def method(self):
        return super().__str__ is not None

    def use_before_cell_is_set(cls=None):
        return __class__


print(Unbound().method())


class Early(type):
    def __init__(cls, name, bases, namespace):
        try:
            namespace["early"](cls)
        except Exception as error:
            print(type(error).__name__, error)


class UsesEarly(metaclass=Early):
    def early(self):
        return super().__repr__()
