# Module gc: what is found, what is tracked, who refers to whom, switches, callbacks and statistics.
import gc
import sys
import weakref


def shown(what):
    try:
        return what()
    except Exception as e:
        return type(e).__name__, str(e)


class Plain:
    pass


class Slots:
    __slots__ = ()


class SlotsFilled:
    __slots__ = ("a",)


class Int(int):
    pass


class IntSlots(int):
    __slots__ = ()


class TupleSlots(tuple):
    __slots__ = ()


# What one collection finds.
gc.collect()
x = []
x.append(x)
del x
print("list", gc.collect())
d = {}
d["self"] = d
del d
print("dict", gc.collect())
t = ([],)
t[0].append(t)
del t
print("tuple and list", gc.collect())
p = Plain()
p.me = p
del p
print("instance", gc.collect() > 0)


class Cyclic:
    pass


Cyclic.me = Cyclic
del Cyclic
print("class", gc.collect() > 0)
a, b = [], [1, "text", 2.5, (1, 2)]
del a, b
print("no cycle", gc.collect())
g = {}
exec("def f(): pass\n", g)
gc.collect()
del g
print("function", gc.collect())
x = [[1, 2], [3, [4]]]
x.append(x)
del x
print("cycle with others", gc.collect())

# Nothing dead stays, wherever it was used.
def uses(o):
    l = [o, o]
    for i, y in enumerate(l):
        pass
    z = {"k": o}
    s = sorted([o, o], key=id)
    return len(l)


def generator(o):
    yield o
    yield 1


for round in range(3):
    o = Plain()
    w = weakref.ref(o)
    uses(o)
    print(*[w() is o for i in range(2)], end=" ")
    next(it := generator(o))
    next(it)
    f = lambda o=o: o
    f()
    l = [o]
    l.pop()
    l2 = [1, o, 2]
    del l2[1:]
    d = {1: o}
    d.clear()
    d2 = {1: o}
    d2.pop(1)
    s = {o}
    s.discard(o)
    try:
        raise ValueError(o)
    except ValueError:
        pass
    o.attribute = 1
    (lambda *a, **k: None)(o, x=o)
    "%s" % o
    print(repr(o) != "", o == o, isinstance(o, Plain), hash(o) != 0, o in [o], end=" ")
    del o, f, it
    gc.collect()
    print(w())

# Inside running generators and coroutines, too.
def resumed():
    o = Plain()
    w = weakref.ref(o)
    yield w() is o
    del o
    gc.collect()
    yield w()


async def awaited():
    o = Plain()
    w = weakref.ref(o)
    await Twice()
    del o
    gc.collect()
    return w()


class Twice:
    def __await__(self):
        yield
        yield


print(list(resumed()), [x for x in resumed()])
c = awaited()
c.send(None)
c.send(None)
try:
    c.send(None)
except StopIteration as e:
    print(e.value)

# In calls from C++ as well.
def collects(x):
    o = Plain()
    w = weakref.ref(o)
    del o
    gc.collect()
    return w() is None


print(list(map(collects, [1, 2])), sorted([3, 1], key=collects), max([1], key=collects), [*filter(collects, "ab")])

# Tracked.
values = [0, 1.5, 2j, "a", b"a", None, ..., True, range(3), int, type, len, str.join, gc, [], (), {}, {"a": 1}, {"a": []},
          {"a": {}}, {(1, 2): (3, 4)}, set(), frozenset(), bytearray(), Plain, Plain(), Slots(), SlotsFilled(), Int(3),
          IntSlots(3), TupleSlots(), TupleSlots([1]), lambda: 0, Plain.__init__, iter([]), slice(1), ValueError(), sys._getframe(),
          (x for x in ()), property(), memoryview(b""), weakref.ref(Plain), sys.flags, Plain().__dict__, object()]
for v in values:
    print(type(v).__name__, gc.is_tracked(v), end="; ")
print()
print(gc.is_tracked(([],)), gc.is_tracked((Plain(),)), gc.is_tracked((set(),)))

# References.
target = Plain()
holder = [target]
table = {"k": target}
owner = Plain()
owner.attribute = target
closed = (lambda: target).__closure__
found = gc.get_referrers(target)
print(any(f is holder for f in found), any(f is table for f in found), any(f is globals() for f in found),
      any(f is owner or f is owner.__dict__ for f in found))
print(sorted(gc.get_referents([1, 2], {"a": 3}, 4), key=str), gc.get_referents(), gc.get_referents(5, "x"))
print(any(r is Plain for r in gc.get_referents(owner)), [r for r in gc.get_referents(slice(1, 2, 3))])
print(any(o is holder for o in gc.get_objects()), type(gc.get_objects(0)).__name__)
print([shown(lambda: gc.get_objects(g)) for g in (3, "x")], shown(lambda: gc.get_objects(1, 2)))

# Switches.
print(gc.isenabled(), gc.disable(), gc.isenabled(), gc.enable(), gc.isenabled())
print(gc.get_threshold(), gc.set_threshold(500), gc.get_threshold(), gc.set_threshold(1, 2, 3), gc.get_threshold())
gc.set_threshold(700, 10, 10)
print(shown(lambda: gc.set_threshold()), shown(lambda: gc.set_threshold(1, 2, 3, 4)), shown(lambda: gc.set_threshold("a")))
print(gc.get_debug(), gc.set_debug(gc.DEBUG_LEAK), gc.get_debug(), gc.set_debug(0), shown(lambda: gc.set_debug("x")))
print([shown(lambda: gc.collect(g)) for g in (3, -1, "a")], shown(lambda: gc.collect(1, 2)), shown(lambda: gc.enable(1)))
gc.collect()
print([type(n).__name__ for n in gc.get_count()], gc.get_count()[1:])
gc.collect(0)
print(gc.get_count()[1:])
gc.collect(1)
print(gc.get_count()[1:])
gc.collect(generation=2)
print(gc.get_count()[1:])
stats = gc.get_stats()
print(len(stats), [sorted(s) for s in stats] == [["collected", "collections", "uncollectable"]] * 3)
before = gc.get_stats()[1]["collections"]
gc.collect(1)
print(gc.get_stats()[1]["collections"] - before)

# Callbacks.
log = []
gc.callbacks.append(lambda phase, info: log.append((phase, info["generation"], sorted(info))))
x = []
x.append(x)
del x
gc.collect(1)
gc.collect()
gc.callbacks.clear()
print(log)
print(gc.garbage, gc.callbacks)

# Saved garbage.
class Saved(list):
    pass


gc.set_debug(gc.DEBUG_SAVEALL)
x = Saved()
x.append(x)
del x
gc.collect()
gc.set_debug(0)
print([type(o).__name__ for o in gc.garbage if isinstance(o, Saved)])
gc.garbage.clear()

# Freezing.
gc.freeze()
print(gc.get_freeze_count() > 1000, gc.unfreeze(), gc.get_freeze_count())
