# __getattr__, __getattribute__, __setattr__, __delattr__, __dir__ and the getattr family of functions.

log = []


class Missing:
    present = "class"

    def __init__(self):
        self.own = "instance"

    def __getattr__(self, name):
        log.append(name)
        if name == "refuse":
            raise AttributeError("refused")
        return f"made {name}"


m = Missing()
print(
    m.own, m.present, m.absent, getattr(m, "other"), getattr(m, "refuse", "default"), hasattr(m, "refuse"),
    hasattr(m, "anything"), log
)
try:
    m.refuse
except AttributeError as error:
    print(error, error.args)


class Everything:
    x = 1

    def __init__(self):
        object.__setattr__(self, "y", 2)

    def __getattribute__(self, name):
        log.append(name)
        if name == "raise":
            raise ValueError("not an AttributeError")
        return object.__getattribute__(self, name)

    def __getattr__(self, name):
        return f"fallback {name}"

    def method(self):
        return self.x + self.y

    def __len__(self):
        return 7


log.clear()
e = Everything()
print(e.x, e.y, e.nope, e.method(), len(e), log)
log.clear()
for function in (lambda: getattr(e, "raise"), lambda: hasattr(e, "raise"), lambda: getattr(e, "raise", "default")):
    try:
        print(function())
    except ValueError as error:
        print(error)


class Sets:
    def __setattr__(self, name, value):
        log.append(f"set {name}={value}")
        if name == "readonly":
            raise AttributeError("cannot set readonly")
        self.__dict__[name] = value

    def __delattr__(self, name):
        log.append(f"del {name}")
        try:
            del self.__dict__[name]
        except KeyError:
            raise AttributeError(name) from None


log.clear()
s = Sets()
s.a = 1
s.a += 1
setattr(s, "b", 3)
del s.a
delattr(s, "b")
for statement in ("s.readonly = 1", "del s.nope"):
    try:
        exec(statement)
    except AttributeError as error:
        print(error)
print(log, s.__dict__)


class Plain:
    value = 1


p = Plain()
for statement in (
    "del p.value", "del p.nope", "p.nope", "Plain.nope", "del Plain.nope", "getattr(p, 'nope')", "getattr(p, 5)",
    "getattr(p, 5, None)", "hasattr(p, 5)", "setattr(p, 5, 1)", "delattr(p, 5)", "setattr(p, 'x')", "getattr(p)",
    "object().x = 1", "(5).x = 1", "'a'.x = 1", "None.x = 1", "len.x = 1", "[].x", "setattr([], 'x', 1)",
    "delattr(5, 'real')", "(5).real = 1", "p.__class__ = 5", "del p.__class__", "p.__dict__ = 5", "del p.__dict__",
    "p.__dict__ = {'z': 1}", "object.__setattr__(p, 'q', 5)", "object.__getattribute__(p, 'nope')",
    "object.__setattr__(int, 'x', 1)", "type.__setattr__(int, 'x', 1)", "object.__delattr__(p, 'nope')",
    "p.__getattribute__()", "p.__setattr__('a')"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
print(
    p.z, p.q, sorted(vars(p)), getattr(p, "value"), getattr(p, "nope", None), hasattr(p, "value"), hasattr(p, ""),
    setattr(p, "not an identifier!", 5), getattr(p, "not an identifier!"), delattr(p, "not an identifier!")
)
p.__dict__["direct"] = "d"
p.__dict__.update(u=1, v=2)
del p.__dict__["u"]
print(p.direct, p.v, hasattr(p, "u"), "v" in p.__dict__, list(p.__dict__), p.__dict__ is p.__dict__)
saved = p.__dict__
p.__dict__ = {"fresh": 1}
p.more = 2
print(saved is p.__dict__, p.__dict__, "direct" in saved, hasattr(p, "direct"))
saved["fresh"] = "not connected"
print(p.fresh)
p.__dict__[5] = "integer key"
print(p.__dict__, len(p.__dict__), getattr(p, "5", "no such name"))
a, b = Plain(), Plain()
a.__dict__ = b.__dict__ = {}
a.shared = 1
print(b.shared, a.__dict__ is b.__dict__)
for i in range(60):
    setattr(a, f"attribute{i}", i)
for i in range(0, 60, 2):
    delattr(a, f"attribute{i}")
print(sum(vars(b)[f"attribute{i}"] for i in range(1, 60, 2)), len(vars(a)), list(vars(a))[:3])
order = Plain()
order.b, order.a, order.c = 1, 2, 3
del order.a
order.a = 4
print(list(vars(order)))


class Chained:
    def __init__(self, path=""):
        self.path = path

    def __getattr__(self, name):
        return Chained(f"{self.path}.{name}")

    def __call__(self, *args):
        return f"{self.path}{args}"


print(Chained("root").a.b.c(1, 2))


class Proxy:
    def __init__(self, target):
        object.__setattr__(self, "_target", target)

    def __getattribute__(self, name):
        return getattr(object.__getattribute__(self, "_target"), name)

    def __setattr__(self, name, value):
        setattr(object.__getattribute__(self, "_target"), name, value)


proxy = Proxy([3, 1, 2])
proxy.sort()
print(proxy.__len__(), proxy.__class__, isinstance(proxy, list), type(proxy).__name__)
try:
    len(proxy)
except TypeError as error:
    print(error)
target = Plain()
Proxy(target).value = "through the proxy"
print(target.value)
m.dynamic = 1
Missing.__getattr__ = lambda self, name: "replaced hook"
print(m.dynamic, m.gone)
del Missing.__getattr__
try:
    m.gone
except AttributeError as error:
    print(error)
m.__getattr__ = lambda name: "not looked up on the instance"
print(hasattr(m, "gone"))
