# Contexts, their signals as mappings, traps, and the current context of threads and context variables.
import contextvars
import copy
import pickle
import threading
import decimal
from decimal import *


def attempt(f, *arguments, **keywords):
    try:
        return f(*arguments, **keywords)
    except Exception as e:
        return f"{type(e).__module__}.{type(e).__name__}: {e}"


print(DefaultContext, BasicContext, ExtendedContext, sep="\n")
print(MAX_PREC, MAX_EMAX, MIN_EMIN, MIN_ETINY, HAVE_THREADS, HAVE_CONTEXTVAR, decimal.__version__, decimal.__libmpdec_version__)
for keywords in ({"prec": 0}, {"prec": "a"}, {"prec": 10**30}, {"Emax": -1}, {"Emin": 1}, {"rounding": "x"}, {"capitals": 2},
                 {"clamp": 2}, {"flags": 1}, {"flags": [1]}, {"traps": {Inexact: 1}}, {"prec": None}, {"foo": 1},
                 {"prec": 5, "rounding": ROUND_UP, "Emin": -5, "Emax": 5, "capitals": 0, "clamp": 1, "flags": [Inexact], "traps": [Clamped]}):
    print(attempt(Context, **keywords))
    if "foo" not in keywords:
        print(type(attempt(localcontext, **keywords)).__name__)

c = Context(prec=6)
for name, value in (("prec", 0), ("prec", 1.5), ("rounding", None), ("Emin", 5), ("Emax", -5), ("traps", 1), ("traps", {}), ("nothing", 1)):
    print(name, value, attempt(setattr, c, name, value))
print(attempt(delattr, c, "prec"), attempt(delattr, c, "flags"), c.Etiny(), c.Etop(), c)
f = c.flags
print(len(f), list(f) == list(c.traps), f, f == c.flags, f == {}, f == dict(f), f.copy() == dict(f), f is c.flags, attempt(hash, f))
print(attempt(f.__getitem__, 1), attempt(f.__setitem__, 1, 2), attempt(f.__delitem__, Inexact), Inexact in f, f.get(1))
print(c.divide(1, 3), c.flags[Inexact], c.flags[Rounded], c.flags[Overflow])
c.clear_flags()
f.update({Overflow: True})
print([s.__name__ for s, on in c.flags.items() if on], c)
c.traps = {s: s is Inexact for s in c.traps}
print(attempt(c.divide, 1, 3), [s.__name__ for s, on in c.traps.items() if on])
c.clear_traps()
print(c.divide(1, 0), c.divide(0, 0), c.create_decimal("x"), c)

print("signals")
for name in ("DecimalException", "Clamped", "InvalidOperation", "ConversionSyntax", "DivisionByZero", "DivisionImpossible",
             "DivisionUndefined", "Inexact", "InvalidContext", "Rounded", "Subnormal", "Overflow", "Underflow", "FloatOperation"):
    t = getattr(decimal, name, None) or getattr(__import__("_decimal"), name)
    print(name, t.__module__, t.__qualname__, [b.__name__ for b in t.__mro__])
strict = Context(prec=5, Emin=-10, Emax=10, traps=list(c.flags))
D = Decimal
for f, *arguments in ((strict.multiply, D("9e10"), 9), (strict.divmod, 1, 0), (strict.divide, 0, 0), (strict.divide, 1, 3), (strict.add, 1, "2"),
                      (strict.multiply, D("1e-10"), D("1.2345e-3")), (strict.multiply, D("1e-10"), D("1.2e-9")), (strict.create_decimal, 1.5),
                      (strict.sqrt, -1), (strict.logb, 0), (strict.power, 0, 0), (strict.divide_int, 10**9, D("0.001")), (strict.add, 1, 2.5),
                      (strict.add, 1), (strict.fma, 1, 2), (strict.power, 2), (strict.power, 2, 3, 5), (strict.canonical, 1), (strict.is_nan, "1")):
    print(f.__name__, attempt(f, *arguments))
with localcontext() as local:
    local.traps[FloatOperation] = True
    print(attempt(Decimal, 1.5), attempt(lambda: Decimal(1) < 1.5), Decimal("1.5") == 1.5, local.flags[FloatOperation])
    print(attempt(local.create_decimal, 0.5), local.create_decimal_from_float(0.5))

print("rounding")
for rounding in (ROUND_UP, ROUND_DOWN, ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, ROUND_HALF_DOWN, ROUND_HALF_EVEN, ROUND_05UP):
    r = Context(prec=3, rounding=rounding)
    print(rounding, *(r.create_decimal(s) for s in ("1.234", "1.235", "1.236", "1.205", "-1.235", "-1.245", "9.995", "1.2")))
    print(*(r.quantize(D(s), D("0.1")) for s in ("0.05", "0.15", "-0.15", "0.96", "-0.04")), r.add(D("1.00"), D("1e-30")))
narrow = Context(prec=4, Emin=-9, Emax=9, clamp=1, traps=[])
for s in ("1e9", "9.9999e9", "1e-9", "1e-12", "1.5e-12", "4e-13", "0e20", "0e-20", "12345", "1e8"):
    narrow.clear_flags()
    print(s, narrow.create_decimal(s), [t.__name__ for t, on in narrow.flags.items() if on])

print("current")
print(getcontext() is getcontext(), attempt(setcontext, 1), attempt(localcontext, 1), attempt(getcontext, 1), attempt(setcontext))
getcontext().prec = 10
with localcontext(Context(prec=4), rounding=ROUND_UP) as local:
    print(D(1) / 3, local is getcontext())
    with localcontext(prec=2):
        print(D(1) / 3)
    print(D(2) / 3)
print(D(1) / 3)
setcontext(ExtendedContext)
print(getcontext() is ExtendedContext, getcontext().prec)
setcontext(Context(prec=7))

def inside():
    getcontext().prec = 3
    return D(1) / 7
print(contextvars.copy_context().run(inside), D(1) / 7)  # the context object itself is shared
def own():
    setcontext(Context(prec=2))
    return D(1) / 7
print(contextvars.copy_context().run(own), D(1) / 7)
results = []
t = threading.Thread(target=lambda: results.append(D(1) / 7))
t.start()
t.join()
print(results, D(1) / 7)

print("copies")
c = Context(prec=9, flags=[Inexact], traps=[Overflow])
for other in (c.copy(), copy.copy(c), pickle.loads(pickle.dumps(c)), copy.deepcopy(c)):
    print(other, other is c, other == c)
print(c.__reduce__())
class Mine(Context):
    pass
m = Mine(prec=3)
m.label = "x"
print(m, type(m.copy()).__name__, m.label, m.divide(1, 3), type(m.copy_decimal(1)).__name__)
print(type(c.flags).__mro__[1].__name__, attempt(type(localcontext())), Context.__module__)
