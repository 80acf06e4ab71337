# Weak proxies: every operation reaches the referent, and is a ReferenceError when there is none any more.
import gc
from _weakref import proxy, ref, ProxyType, CallableProxyType


class Number:
    def __init__(self, n):
        self.n = n

    def __repr__(self):
        return f"Number({self.n})"

    def __str__(self):
        return f"number {self.n}"

    def __bytes__(self):
        return b"bytes of it"

    def __bool__(self):
        return self.n != 0

    def __eq__(self, other):
        return self.n == getattr(other, "n", other)

    def __lt__(self, other):
        return self.n < getattr(other, "n", other)

    def __le__(self, other):
        return self.n <= getattr(other, "n", other)

    def __int__(self):
        return self.n

    __index__ = __int__

    def __float__(self):
        return float(self.n)

    def __divmod__(self, other):
        return "divmod", type(other).__name__

    def __rdivmod__(self, other):
        return "rdivmod", type(other).__name__

    def __pow__(self, other, modulus=None):
        return "pow", type(other).__name__, type(modulus).__name__

    def __rpow__(self, other, modulus=None):
        return "rpow", type(other).__name__

    def __ipow__(self, other):
        return "ipow", type(other).__name__

    def __neg__(self):
        return Number(-self.n)

    def __pos__(self):
        return "pos"

    def __abs__(self):
        return abs(self.n)

    def __invert__(self):
        return ~self.n


for name in "add sub mul matmul truediv floordiv mod lshift rshift and xor or".split():
    for prefix in "", "r", "i":
        method = f"__{prefix}{name}__"
        setattr(Number, method, lambda self, other, method=method: (method, type(other).__name__))


def shown(what):
    try:
        return what()
    except Exception as e:
        return type(e).__name__, str(e)


def inplace(symbol, left, right):
    scope = {"x": left, "y": right}
    exec(f"x {symbol}= y", scope)
    return scope["x"]


a, b = Number(6), Number(2)
p, q = proxy(a), proxy(b)
for symbol in "+ - * @ / // % << >> & ^ |".split():
    print(symbol, [eval(f"x {symbol} y", {"x": x, "y": y}) for x in (p, a) for y in (q, b, 3)],
          eval(f"3 {symbol} x", {"x": p}), inplace(symbol, p, q), inplace(symbol, p, 3))
print(divmod(p, q), divmod(3, p), pow(p, q), pow(p, q, p), p ** 3, 3 ** p, inplace("**", p, q))
print(-p, +p, abs(p), ~p, int(p), float(p), hex(p), bool(p), bool(p), [10, 20, 30][q])
print(p == q, p != q, p < q, p <= q, p > q, p >= q, p == 6, 6 == p, q < 3, a == p)
print(str(p), bytes(p), f"{p}", "%s" % p, repr(p).startswith("<weakproxy at 0x"), repr(p).split()[3:5])
print(p.n, p.__class__, isinstance(p, Number), type(p) is ProxyType, shown(lambda: p.missing), hasattr(p, "n"))
p.extra = 7
print(a.extra, p.__dict__ == {"n": 6, "extra": 7})
del p.extra
print(shown(lambda: p.extra), shown(lambda: hash(p)), shown(lambda: p()))
print(shown(lambda: len(p)), shown(lambda: p[0]), shown(lambda: iter(p)), shown(lambda: 1 in p), shown(lambda: next(p)))


class Box(list):
    def __contains__(self, x):
        return x == "in the box" or list.__contains__(self, x)

    def __reversed__(self):
        return iter(["backwards"])

    def __call__(self, *a, **k):
        return a, k


class Steps:
    def __iter__(self):
        return self

    def __next__(self):
        return "a step"


box = Box([1, 2, 3])
p = proxy(box)
print(type(p) is CallableProxyType, p(1, x=2), len(p), p[1], p[1:], list(p), "in the box" in p, 2 in p, 9 in p)
p[0] = 10
del p[1]
p.append(5)
print(box, p + [1], p * 2, shown(lambda: hash(p)), sorted(p), sum(p), bool(p))
print(list(p.__reversed__()))
steps = Steps()
s = proxy(steps)
print(next(s), next(iter(s)), iter(s) is steps)
d = type("D", (dict,), {})(a=1)
d = proxy(keep := d)
print(d["a"], list(d), d | {"b": 2}, shown(lambda: d["x"]), d == {"a": 1})

# Gone.
x = Number(1)
p = proxy(x)
y = Box()
c = proxy(y, lambda w: print("callback", type(w).__name__))
del x, y
gc.collect()
for what in [lambda: p + 1, lambda: 1 + p, lambda: -p, lambda: p.n, lambda: str(p), lambda: p == 1, lambda: bool(p),
             lambda: len(c), lambda: c[0], lambda: c(), lambda: iter(c), lambda: 1 in c, lambda: next(p), lambda: hash(p),
             lambda: setattr(p, "x", 1), lambda: delattr(p, "x"), lambda: int(p), lambda: [1][p], lambda: divmod(1, p),
             lambda: isinstance(p, Number), lambda: p.__class__, lambda: inplace("+", p, 1), lambda: pow(p, 2, 3)]:
    print(shown(what))
print(repr(p).split()[3:5], repr(c).split()[0], c is c, type(c).__name__)

# A proxy's method keeps the referent while it runs.
class Self:
    def kill(self):
        global holder
        holder = None
        gc.collect()
        return self.n, "still there"

    n = 5


holder = Self()
p = proxy(holder)
print(p.kill())
gc.collect()
print(shown(lambda: p.n))
