# Hot calls of methods, properties, operators and constructors follow changes to classes made between calls.


class Thing:
    def __init__(self, n=0):
        self.n = n

    def method(self):
        return "original"

    @property
    def prop(self):
        return "original property"

    def __add__(self, other):
        return "original add"

    def __len__(self):
        return 1

    def __getitem__(self, key):
        return "original item"

    def __call__(self):
        return "original call"

    def __eq__(self, other):
        return "original eq"

    def __iter__(self):
        return iter(["original iter"])

    def __bool__(self):
        return True

    def __contains__(self, item):
        return True


class Sub(Thing):
    pass


def use(o):
    results = []
    for expression in USES:
        try:
            results.append(expression(o))
        except Exception as error:
            results.append(f"{type(error).__name__}: {error}")
    return results


USES = [
    lambda o: o.method(), lambda o: o.prop, lambda o: o + 1, lambda o: len(o), lambda o: o[0], lambda o: o(),
    lambda o: o == 1, lambda o: [x for x in o], lambda o: 1 if o else 2, lambda o: 5 in o
]
o, s = Thing(), Sub()


def warm():
    for _ in range(40):
        result = use(o), use(s)
    return result


print(*warm(), sep="\n")
Thing.method = lambda self: "replaced"
Thing.prop = property(lambda self: "replaced property")
Thing.__add__ = lambda self, other: "replaced add"
Thing.__len__ = lambda self: 2
Thing.__getitem__ = lambda self, key: "replaced item"
Thing.__call__ = lambda self: "replaced call"
Thing.__eq__ = lambda self, other: "replaced eq"
Thing.__iter__ = lambda self: iter(["replaced iter"])
Thing.__bool__ = lambda self: False
Thing.__contains__ = lambda self, item: False
print(*warm(), sep="\n")
Sub.method = lambda self: "overridden in Sub"
Sub.prop = "plain attribute in Sub"
Sub.__add__ = lambda self, other: "Sub add"
Sub.__len__ = lambda self: 3
print(*warm(), sep="\n")
del Thing.method, Thing.prop, Thing.__add__, Thing.__len__, Thing.__getitem__, Thing.__call__, Thing.__eq__, Thing.__iter__, Thing.__bool__, Thing.__contains__
print(*warm(), sep="\n")
del Sub.method, Sub.prop, Sub.__add__, Sub.__len__
print(*warm(), sep="\n")
o.method, o.prop = lambda: "on the instance", "instance attribute"
print(*warm(), sep="\n")


class Made:
    def __init__(self, x):
        self.x = x


def construct(x):
    return Made(x)


print([construct(i).x for i in range(40)][-1])
Made.__init__ = lambda self, x: setattr(self, "x", x * 100)
print([construct(i).x for i in range(40)][-1])
Made.__new__ = lambda cls, x: "not an instance"
print([construct(i) for i in range(40)][-1])
Made.__new__ = lambda cls, x: object.__new__(cls)
print([construct(i).x for i in range(40)][-1])
del Made.__init__
print([hasattr(construct(i), "x") for i in range(3)][-1])


class Switching:
    def a(self):
        type(self).a = Switching.b
        return "a"

    def b(self):
        return "b"


w = Switching()
print([w.a() for _ in range(5)])


class SelfReplacing:
    def step(self):
        self.step = self.other
        return 1

    def other(self):
        del self.step
        return 2


r = SelfReplacing()
print([r.step() for _ in range(8)])


def function(a, b=1):
    return a, b


def call():
    return function(5)


print([call() for _ in range(40)][-1])
function.__defaults__ = (2,)
print([call() for _ in range(40)][-1])
function.__code__ = (lambda a, b: ("new code", a, b)).__code__
print([call() for _ in range(40)][-1])
function.__defaults__ = None
try:
    call()
except TypeError as error:
    print(error)
function = lambda x: ("rebound", x)
print(call())
function = Made.__class__
print(call())
function = [].append
print(call())
function = 7
try:
    call()
except TypeError as error:
    print(error)


class Meta(type):
    def __call__(cls, *args):
        return "meta call", args


class ByMeta(metaclass=Meta):
    pass


def instantiate(cls):
    return cls(1)


for cls in (int, str, list.__class__, ByMeta, Made, float, ByMeta):
    try:
        print([instantiate(cls) for _ in range(20)][-1] if cls is not Made else type(instantiate(cls)).__name__)
    except TypeError as error:
        print(error)
del Meta.__call__
try:
    instantiate(ByMeta)
except TypeError as error:
    print(error)
