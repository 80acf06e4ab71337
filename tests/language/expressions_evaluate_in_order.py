# Every operand of every expression form is evaluated once, from left to right, as the reference does it.

import builtins

log = []


class Value:
    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return self.name

    def __call__(self, *args, **kwargs):
        log.append(f"call {self!r}")
        return Value(f"{self!r}()")

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        log.append(f"get {self!r}.{name}")
        return Value(f"{self!r}.{name}")

    def __setattr__(self, name, value):
        if name == "name":
            object.__setattr__(self, name, value)
        else:
            log.append(f"set {self!r}.{name}={value!r}")

    def __delattr__(self, name):
        log.append(f"del {self!r}.{name}")

    def __getitem__(self, key):
        log.append(f"item {self!r}[{key!r}]")
        return Value(f"{self!r}[{key!r}]")

    def __setitem__(self, key, value):
        log.append(f"store {self!r}[{key!r}]={value!r}")

    def __delitem__(self, key):
        log.append(f"delete {self!r}[{key!r}]")

    def __add__(self, other):
        log.append(f"{self!r}+{other!r}")
        return Value(f"({self!r}+{other!r})")

    def __iadd__(self, other):
        log.append(f"{self!r}+={other!r}")
        return Value(f"({self!r}+={other!r})")

    def __mul__(self, other):
        log.append(f"{self!r}*{other!r}")
        return Value(f"({self!r}*{other!r})")

    def __lt__(self, other):
        log.append(f"{self!r}<{other!r}")
        return True

    def __eq__(self, other):
        log.append(f"{self!r}=={other!r}")
        return False

    __hash__ = object.__hash__

    def __contains__(self, item):
        log.append(f"{item!r} in {self!r}")
        return True

    def __bool__(self):
        log.append(f"bool {self!r}")
        return True

    def __iter__(self):
        log.append(f"iter {self!r}")
        return iter([Value(f"{self!r}1"), Value(f"{self!r}2")])

    def keys(self):
        log.append(f"keys {self!r}")
        return ["k" + self.name]

    def __format__(self, spec):
        log.append(f"format {self!r} {spec}")
        return ""

    def __neg__(self):
        log.append(f"-{self!r}")
        return self

    def __enter__(self):
        log.append(f"enter {self!r}")
        return self

    def __exit__(self, *details):
        log.append(f"exit {self!r}")


class Names(dict):
    def __getitem__(self, name):
        if name in ("Value", "log", "ValueError", "print"):
            return globals().get(name) or getattr(builtins, name)
        log.append(f"load {name}")
        return Value(name)

    def __setitem__(self, name, value):
        log.append(f"bind {name}={value!r}" if isinstance(value, Value) else f"bind {name}")

    def __delitem__(self, name):
        log.append(f"unbind {name}")


statements = """a + b * c
(a + b) * c
a(b, c, d=e, *f, **g)
a(*b, c, *d)
a(**b, c=d, **e)
a.b(c).d(e)
a[b]
a[b, c]
a[b:c:d]
a[b:c, d]
a.b[c].d
a < b < c
a < b == c
a in b
a and b or c
not a
-a + -b
a if b else c
[a, b, c]
[*a, b, *c]
(a, *b)
{**a, b: c, **d}
{a: b, c: d}
f"{a}{b:{c}}{d!r}"
lambda x=a, *, y=b: c
[x for x in a]
x = a
x = y = a
x.a = b
x[a] = b
x[a:b] = c
x.a.b = c
x[a].b, c.d = e
x, y = a
x, *y = a
x += a
x.a += b
x[a] += b
x[a:b] += c
x.a[b].c += d
x: a = b
x.y: a = b
x[y]: a
del x
del x.a, y[b], z[c:d]
a == b, c + d
assert a, b
(x := a) + (y := b)
a(x := b, c)
for x in a: pass
for x.y in a: break
for x[b] in a: break
with a: pass
with a as x, b as y.c: pass
if a: b
while not a: pass
a; b
class C(a, b, c=d): e
@a\\n@b(c)\\ndef f(x=d, *, y=e) -> g: h
x[a], x[b] = x[b], x[a]
a[b](c)[d] = e
(a, b), c = d, e
x = a, b
print(a, b, sep=c.d and '')
a.b.c(d.e, f=g.h)
{a for x in b}
{a: b for x in c}
a[b][c][d]
(a)(b)((c))
a +b -(-c) if 0 else d
global q; q = a""".splitlines()
for statement in statements:
    statement = statement.replace("\\n", "\n")
    log.clear()
    try:
        exec(statement, {"__builtins__": __builtins__, "__name__": "m"}, Names())
    except Exception as error:
        log.append(f"{type(error).__name__}: {error}")
    print(statement.replace("\n", "; "), "->", "; ".join(log))
log.clear()


def note(value):
    log.append(value)
    return value


def function(*args, **kwargs):
    return args, kwargs


note(function)(note(1), *note([2]), note(3), k=note(4), **note({"z": 5}), m=note(6))
{note("k1"): note("v1"), **note({}), note("k2"): note("v2")}
[note(1), *note([]), note(2)]
note([0, 0])[note(0)] = note("value")
x = note(1) if note(0) else note(2)
note(1) < note(2) < note(0) < note(9)
note(0) or note("") or note("last")
f"{note(1)}{note(2):{note(3)}}"
print([entry if not callable(entry) else "function" for entry in log])
