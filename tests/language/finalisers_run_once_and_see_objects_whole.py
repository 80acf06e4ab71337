# __del__: after the object became unreachable, once, with the whole object in sight; errors are reported.
import gc
import sys
import weakref

log = []


class Loud:
    def __init__(self, name, **attributes):
        self.name = name
        self.__dict__.update(attributes)

    def __del__(self):
        log.append(self.name)


def flush(title):
    gc.collect()
    print(title, log)
    log.clear()


def let_go(make):
    make()


let_go(lambda: Loud("alone"))
flush("one")
x = Loud("named")
flush("alive")
del x
flush("deleted")
x = [Loud(i) for i in range(4)]
x = None
gc.collect()
print("list", sorted(log))
log.clear()

# Who refers goes before who is referred to, whatever the order in which they were made.
inner = Loud("inner")
outer = Loud("outer", part=Loud("middle", part=inner))
del inner, outer
flush("nested")
first = Loud("first")
second = Loud("second", other=first)
first.other = second
del first, second
gc.collect()
print("cycle", sorted(log))
log.clear()

# The object is intact, and so is what it refers to.
class Whole:
    def __init__(self):
        self.me = self
        self.items = [1, 2, {"a": self}]
        self.friend = weakref.ref(self)

    def __del__(self):
        log.append((self.me is self, self.items[2]["a"] is self, type(self).__name__))


let_go(Whole)
flush("whole")

# Once, even when it comes back to life.
class Phoenix:
    back = []

    def __del__(self):
        log.append("dying")
        Phoenix.back.append(self)


p = Phoenix()
p.data = "kept"
print(gc.is_finalized(p))
del p
gc.collect()
print(len(Phoenix.back), Phoenix.back[0].data, gc.is_finalized(Phoenix.back[0]))
flush("resurrected")
Phoenix.back.clear()
flush("for good")

# Alone, it keeps its weak references; in a cycle it loses them first.
class Again:
    saved = None

    def __del__(self):
        Again.saved = self


a = Again()
w = weakref.ref(a)
del a
gc.collect()
print(w() is Again.saved)
Again.saved = None
gc.collect()
print(w())
a = Again()
a.me = a
w = weakref.ref(a)
del a
gc.collect()
print(w(), Again.saved.me is Again.saved)
Again.saved.me = None
Again.saved = None

# Inherited, gained by the class later, lost again, on slots and on subclasses of built-in classes.
class Child(Loud):
    pass


class Slots:
    __slots__ = ("name",)

    def __del__(self):
        log.append(("slots", self.name))


class Numbers(list):
    def __del__(self):
        log.append(("list", self[:]))


class Text(str):
    def __del__(self):
        log.append(("str", str(self)))


class Error(Exception):
    def __del__(self):
        log.append(("error", self.args))


class Group(set):
    def __del__(self):
        log.append(("set", sorted(self)))


class Reference(weakref.ref):
    def __del__(self):
        log.append("a reference")


def make_all():
    Child("child")
    Slots().name = "s"
    Numbers([1, 2])
    Text("text")
    Error(1, 2)
    Group("ab")
    Reference(Loud)
    Numbers.__new__(Numbers)


make_all()
gc.collect()
print(sorted(log, key=str))
log.clear()


class Late:
    pass


class Later(Late):
    pass


def make(n):
    return [Late() for i in range(n)] + [Later() for i in range(n)]


things = make(3)
Late.__del__ = lambda self: log.append(type(self).__name__)
del things
gc.collect()
print(sorted(log))
log.clear()
make(2)
gc.collect()
print(sorted(log))
log.clear()
things = make(2)
del Late.__del__, things
flush("lost")
x = Late()
x.__class__ = type("Changed", (Late,), {"__del__": lambda self: log.append("by its new class")})
del x
flush("changed")
x = Late()
x.__del__ = lambda: log.append("never: on the instance")
del x
flush("instance")


class Based(Late):
    pass


x = Based()
Based.__bases__ = (type("WithDel", (object,), {"__del__": lambda self: log.append("by its new base")}),)
del x
flush("new base")

# Errors.
reports = []
sys.unraisablehook = lambda a: reports.append((a.exc_type.__name__, str(a.exc_value), a.err_msg, a.object.__qualname__))


class Bad:
    def __del__(self):
        raise ValueError("no")


class Worse(Bad):
    __del__ = 3


let_go(Bad)
gc.collect()
print(reports)
del sys.unraisablehook
sys.unraisablehook = sys.__unraisablehook__

# What __del__ does to the program's state is its own affair.
class Nested:
    def __del__(self):
        try:
            raise KeyError("inside")
        except KeyError as e:
            log.append(repr(e))
        let_go(lambda: Loud("made while finalising"))


try:
    raise ValueError("outside")
except ValueError as e:
    let_go(Nested)
    gc.collect()
    print(repr(e), sys.exc_info()[1] is e)
flush("nested finalisers")

# Calls that make instances stay right when the class gets its __del__ in mid-loop.
class Hot:
    def __init__(self, n):
        self.n = n


def loop():
    for i in range(300):
        Hot(i)
        if i == 200:
            Hot.__del__ = lambda self: log.append(self.n)


loop()
gc.collect()
print(sorted(log)[-99:] == list(range(201, 300)))
log.clear()

# At exit everything that is left is finalised.
class Last:
    def __del__(self):
        print("at exit", self.name)


kept = Last()
kept.name = "global"
