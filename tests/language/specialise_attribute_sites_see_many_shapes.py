# One attribute site that sees many classes, layouts, descriptors and changes of class gives each its own answer.


def make(index):
    class Shape:
        def __init__(self):
            for i in range(index):
                setattr(self, f"pad{i}", i)
            self.value = index

        def method(self):
            return self.value * 10

    Shape.__name__ = f"Shape{index}"
    return Shape


class Slotted:
    __slots__ = ("value",)

    def __init__(self):
        self.value = "slot"

    def method(self):
        return "slotted method"


class WithProperty:
    @property
    def value(self):
        return "property"

    def method(self):
        return "method beside a property"


class OnClass:
    value = "class attribute"
    method = staticmethod(lambda: "static")


class Dynamic:
    def __getattr__(self, name):
        return (lambda: f"dynamic {name}()") if name == "method" else f"dynamic {name}"


class Intercepts:
    def __getattribute__(self, name):
        return (lambda: "intercepted()") if name == "method" else "intercepted"


class Inherited(make(3)):
    pass


class InstanceMethod:
    def __init__(self):
        self.value = "instance"
        self.method = lambda: "instance lambda"


class Missing:
    pass


module = type(__builtins__)("fake")
module.value, module.method = "module value", lambda: "module function"
instances = [make(i)() for i in range(6)] + [
    Slotted(), WithProperty(), OnClass(), Dynamic(), Intercepts(), Inherited(), InstanceMethod(), OnClass, module,
    Missing()
]


def load(o):
    return o.value


def call(o):
    return o.method()


def store(o, value):
    o.value = value


def attempt(function, *args):
    try:
        return function(*args)
    except (AttributeError, TypeError) as error:
        return f"{type(error).__name__}: {error}"


for o in instances:
    print({str(attempt(load, o)) for _ in range(40)}, {str(attempt(call, o)) for _ in range(40)})
print([str(attempt(load, instances[i * 5 % len(instances)]))[:12] for i in range(60)])
print([str(attempt(call, instances[i * 7 % len(instances)]))[:12] for i in range(60)])
for o in instances:
    results = [attempt(store, o, i) for i in range(40)]
    print(results[0], results[-1], attempt(load, o), end="; ")
print()


class Changing:
    pass


def read_all(objects):
    return [attempt(load, o) for o in objects]


objects = [Changing() for _ in range(3)]
print(read_all(objects)[0])
Changing.value = "added to the class"
print(read_all(objects * 20)[0])
objects[0].value = "own"
print(read_all(objects), read_all(objects * 20)[:3])
del objects[0].value
print(read_all(objects))
Changing.value = property(lambda self: "now a property")
print(read_all(objects * 20)[:2])
objects[1].__dict__["value"] = "hidden by the property"
print(read_all(objects))
Changing.value = "plain again"
print(read_all(objects))
del Changing.value
print(read_all(objects))
Changing.__getattr__ = lambda self, name: f"fallback for {name}"
print(read_all(objects))
del Changing.__getattr__
objects[2].__class__ = OnClass
print(read_all(objects))


class Base:
    value = "base"


class Middle(Base):
    pass


class Leaf(Middle):
    pass


leaf = Leaf()
seen = []
for step in range(60):
    seen.append(load(leaf))
    if step == 20:
        Middle.value = "middle"
    if step == 30:
        Leaf.value = "leaf"
    if step == 40:
        leaf.value = "instance"
    if step == 45:
        del leaf.value, Leaf.value
    if step == 50:
        del Middle.value
    if step == 55:
        Base.value = "changed base"
print([(seen[i], i) for i in range(len(seen)) if i == 0 or seen[i] != seen[i - 1]])


class Counter:
    total = 0

    def __init__(self):
        self.count = 0

    def bump(self):
        self.count += 1
        Counter.total += 1
        return self.count


counters = [Counter() for _ in range(5)]
for i in range(200):
    counters[i % 5].bump()
print([c.count for c in counters], Counter.total)


class Growing:
    pass


grown = Growing()
for i in range(100):
    setattr(grown, f"a{i}", i)
    grown.last = i
    if i % 10 == 9:
        delattr(grown, f"a{i - 5}")
print(len(vars(grown)), grown.last, grown.a99, hasattr(grown, "a94"), list(vars(grown))[:4])


def init_order(flag):
    o = Growing()
    if flag:
        o.a, o.b = 1, 2
    else:
        o.b, o.a = 2, 1
    o.c = 3
    return o


pair = [init_order(True), init_order(False)]
print([(o.a, o.b, o.c) for _ in range(30) for o in pair][-2:], [list(vars(o)) for o in pair])
