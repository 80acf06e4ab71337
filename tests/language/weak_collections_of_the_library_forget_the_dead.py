# weakref.py on top of it: dictionaries, sets, methods, finalize.
import gc
import weakref


class Thing:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"Thing({self.n})"

    def method(self, x=0):
        return self.n + x


values = weakref.WeakValueDictionary()
things = [Thing(i) for i in range(6)]
for t in things:
    values[t.n] = t
t = None
print(sorted(values), len(values), 3 in values, values[3], values.get(9, "none"))
del things[::2]
gc.collect()
print(sorted(values), len(values), 0 in values, values.get(0, "none"), sorted(values.items()))
try:
    values[0]
except KeyError as e:
    print("KeyError", e)
print(values.pop(1), sorted(values), values.setdefault(1, things[0]), sorted(values.keys()))
copy = values.copy()
things.clear()
gc.collect()
print(len(values), len(copy), list(values.values()), dict(values))

keys = weakref.WeakKeyDictionary()
things = [Thing(i) for i in range(5)]
for t in things:
    keys[t] = t.n * 10
t = None
print(sorted(keys.values()), len(keys), keys[things[2]], things[1] in keys)
del things[1:3]
gc.collect()
print(sorted(keys.values()), len(keys), sorted(t.n for t in keys), len(list(keys.keyrefs())))

weak = weakref.WeakSet(things)
weak.add(Thing(99))
gc.collect()
print(sorted(t.n for t in weak), len(weak), things[0] in weak)
other = weakref.WeakSet(things[:1])
print(sorted(t.n for t in weak | other), sorted(t.n for t in weak & other), sorted(t.n for t in weak - other))
print(other <= weak, other.isdisjoint(weak), other == weakref.WeakSet(things[:1]))
while things:
    things.pop()
gc.collect()
print(len(weak), len(other), list(weak))

t = Thing(7)
m = weakref.WeakMethod(t.method, lambda r: print("method is gone", r() is None))
print(m()(1), m() == t.method, m == weakref.WeakMethod(t.method), hash(m) == hash(weakref.WeakMethod(t.method)))
del t
gc.collect()
print(m())

t = Thing(8)
f = weakref.finalize(t, print, "finalized", sep="!")
g = weakref.finalize(t, print, "detached before")
print(f.alive, f.peek()[1] is print, g.detach()[2], g.alive, f.atexit)
del t
gc.collect()
print(f.alive, f(), f.peek())
t = Thing(9)
f = weakref.finalize(t, lambda: "called by hand")
print(f(), f(), f.alive)

# Iterating while things die.
values = weakref.WeakValueDictionary({i: Thing(i) for i in range(3)})
things = [Thing(i) for i in range(100)]
for t in things:
    values[t.n] = t
t = None
seen = 0
for key in values:
    seen += 1
    things.clear()
    gc.collect()
print(seen >= 1, len(values))

# At exit, the last first.
kept = Thing(1), Thing(2)
weakref.finalize(kept[0], print, "at exit: first made")
weakref.finalize(kept[1], print, "at exit: made last")
weakref.finalize(kept[1], print, "not at all").atexit = False
