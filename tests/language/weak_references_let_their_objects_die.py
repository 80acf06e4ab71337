# Weak references: who can have them, sharing, callbacks, hashes, comparison, subclasses.
import gc
import _weakref
from _weakref import ref, proxy


class Plain:
    pass


class Comparable:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return isinstance(other, Comparable) and self.n == other.n

    def __hash__(self):
        return hash(self.n)


def shown(what):
    try:
        return what()
    except Exception as e:
        return type(e).__name__, str(e)


# Calling, sharing.
o = Plain()
r = ref(o)
print(r() is o, ref(o) is r, ref(o, None) is r, ref(o, print) is r, r.__callback__)
print(proxy(o) is proxy(o), _weakref.getweakrefcount(o) >= 1, o.__weakref__ is r)
print(_weakref.getweakrefs(o)[0] is r, _weakref.getweakrefcount(3), _weakref.getweakrefs(3))
del o
gc.collect()
print(r(), r.__callback__, repr(r).endswith("; dead>"))

# Callbacks: from the last to the first, once, with the reference as argument.
o = Plain()
log = []
refs = [ref(o, lambda w, i=i: log.append((i, w() is None, w is refs[i]))) for i in range(4)]
del o
gc.collect()
gc.collect()
print(log)

# A callback that goes before its object is never called.
o = Plain()
r = ref(o, lambda w: print("not to be called"))
del r
gc.collect()
del o
gc.collect()

# Errors in callbacks are reported, and the next one runs.
import sys
seen = []
sys.unraisablehook = lambda a: seen.append((a.exc_type.__name__, str(a.exc_value), a.err_msg, a.object is bad))


def bad(w):
    raise ValueError("from the callback")


o = Plain()
keep = [ref(o, lambda w: print("after it")), ref(o, bad)]
del o
gc.collect()
sys.unraisablehook = sys.__unraisablehook__
print(seen)

# Hashes and equality are the referent's while it lives.
a, b = Comparable(1), Comparable(1)
ra, rb = ref(a), ref(b)
print(ra == rb, ra != rb, hash(ra) == hash(a), len({ra, rb}), ra == a)
rc = ref(Comparable(5))
gc.collect()
print(shown(lambda: hash(rc)), rc == rc, rc == ra, rc != ra)
h = hash(ra)
del a
gc.collect()
print(hash(ra) == h, ra == rb, ra == ra)
print(shown(lambda: ra < rb))

# Who can be referred to.
class Slotted:
    __slots__ = ("a",)


class SlottedWeak:
    __slots__ = ("a", "__weakref__")


class Derived(Slotted):
    pass


class List(list):
    pass


class Int(int):
    pass


class Text(str):
    __slots__ = ()


class Dict(dict):
    __slots__ = ("__weakref__",)


def function():
    yield


import types
values = [Plain, function, function(), print, len, [].append, Plain().__init__, {1}, frozenset([1]), sys,
          SlottedWeak(), Derived(), List(), Int(3), Dict(), lambda: 0, function.__code__, ValueError, type,
          ValueError(), str.join, property(), memoryview(b""), types.SimpleNamespace(), staticmethod(len),
          Slotted(), Text("x"), 1, 1.5, "s", b"b", (), [], {}, None, ..., range(3), slice(1), iter([]), object(),
          bytearray(), complex(1), map(len, []), super(Plain, Plain()), ref(Plain), (lambda: 0).__get__(1),
          type.__dict__["__mro__"], sys._getframe(), enumerate([]), types.GenericAlias(list, (int,)), int | str,
          types.MappingProxyType({}), types.MethodType(len, [])]
for v in values:
    result = shown(lambda: type(ref(v)).__name__)
    print(type(v).__name__, result)

for definition in ["class A: __slots__ = '__weakref__', '__weakref__'", "class B(Plain): __slots__ = '__weakref__'",
                   "class C(SlottedWeak): __slots__ = '__weakref__'", "class D(Plain): __slots__ = ()\nref(D())"]:
    print(shown(lambda: exec(definition)))

# Arguments.
o = Plain()
for make in [lambda: ref(), lambda: ref(1, 2, 3), lambda: ref(o, callback=1), lambda: ref(o)(1), lambda: ref(o)(a=1),
             lambda: proxy(), lambda: proxy(1), lambda: proxy(o, 1, 2), lambda: proxy(o, callback=None),
             lambda: ref.__new__(ref), lambda: ref.__init__(ref(o)), lambda: ref(o).__init__(o, None),
             lambda: ref[int], lambda: setattr(ref(o), "__callback__", 3), lambda: ref(o).x, lambda: type(proxy(o))()]:
    print(shown(make))


# Subclasses: their own attributes, never shared.
class Keyed(ref):
    __slots__ = ("key",)

    def __new__(type, ob, callback, key):
        self = ref.__new__(type, ob, callback)
        self.key = key
        return self

    def __init__(self, ob, callback, key):
        super().__init__(ob, callback)


class Noted(ref):
    def __init__(self, ob, callback=None, **notes):
        super().__init__(ob, callback)
        self.notes = notes

    def __call__(self):
        ob = super().__call__()
        return None if ob is None else (ob, self.notes)


k = Keyed(o, None, "the key")
print(k.key, k() is o, k is ref(o), k == ref(o), hash(k) == hash(o), type(k).__mro__[1] is ref)
print(shown(lambda: Noted(o, a=1)()[1]), shown(lambda: Noted(o) is Noted(o)), Noted(o).__dict__)
gone = []
k = Keyed(o, lambda w: gone.append((w.key, type(w).__name__)), 12)
del o
gc.collect()
print(gone)

# dict surgery.
o = Plain()
d = {1: ref(o), 2: ref(Plain()), 3: 4}
gc.collect()
_weakref._remove_dead_weakref(d, 1)
_weakref._remove_dead_weakref(d, 2)
_weakref._remove_dead_weakref(d, 9)
print(sorted(d), shown(lambda: _weakref._remove_dead_weakref(d, 3)), shown(lambda: _weakref._remove_dead_weakref([], 3)))

# Thousands of them.
objects = [Plain() for i in range(5000)]
count = [0]


def tick(w):
    count[0] += 1


refs = [ref(x, tick) for x in objects]
del objects[::2]
gc.collect()
print(count, sum(r() is None for r in refs))
