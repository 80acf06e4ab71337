# What sys._getframe and tracebacks show from inside each kind of call.
import sys, builtins
out = []
def show(*a): print(*a)
# 1 sys._getframe in callees of every kind of specialised call
def where():
    f = sys._getframe(1); names = []
    while f is not None and len(names) < 6:
        names.append((f.f_code.co_name, f.f_lineno)); f = f.f_back
    return names
class A:
    def __init__(self, x=0): self.w = where()
    @property
    def p(self): return where()
    def __getattr__(self, n):
        if n.startswith('z'): return where()
        raise AttributeError(n)
    def __add__(self, o): return where()
    def __getitem__(self, i): return where()
    def __lt__(self, o): return where()
    def __contains__(self, o): show(where()); return True
    def __bool__(self): show(where()); return True
    def __iter__(self): show(where()); return iter([1])
    def __len__(self): show(where()); return 1
    def __call__(self): return where()
    def m(self, a, b=2, *, k=3): return where()
def gen():
    yield where()
    yield where()
def use(a, i):
    show(A().w); show(A(1).w); show(A(x=2).w)
    show(a.p); show(a.zz); show(a + 1); show(a[0]); show(a < 1); 3 in a
    if a: pass
    for x in a: pass
    len(a)
    show(a()); show(a.m(1)); show(a.m(1, 2)); show(a.m(1, k=4)); show(a.m(a=1))
    for g in gen(): show(g)
    x, y = gen(); show(x, y)
    show([*gen()])
    show((lambda q=1: where())())
    while a:
        break
    return not a
a = A()
for i in range(14):
    use(a, i)
# 2 exceptions in each
class B:
    def __init__(self, x=0):
        if x > 10: raise ValueError(x)
    @property
    def p(self): raise KeyError('p')
    def __getattr__(self, n): raise AttributeError(n + '!')
    def __add__(self, o): raise TypeError('add')
    def __getitem__(self, i): raise IndexError(i)
    def __lt__(self, o): raise OverflowError
    def __contains__(self, o): raise LookupError
    def __bool__(self): raise ArithmeticError
    def __iter__(self): raise RuntimeError('it')
    def __len__(self): return -1
    def m(self, a, b=2, *, k=3): raise NotImplementedError(a, b, k)
def egen():
    yield 1
    raise StopIteration(3)
def ops(b):
    yield lambda: B(11)
    yield lambda: b.p
    yield lambda: b.q
    yield lambda: b + 1
    yield lambda: b[3]
    yield lambda: b < 1
    yield lambda: 1 in b
    yield lambda: not b
    yield lambda: [x for x in b]
    yield lambda: len(b)
    yield lambda: b.m(1)
    yield lambda: b.m(1, k=2)
    yield lambda: b.m()
    yield lambda: b.m(1, z=2)
    yield lambda: [x for x in egen()]
    yield lambda: B(1, 2, 3)
    yield lambda: B(y=2)
b = B()
for n, op in enumerate(list(ops(b))):
    for again in range(14):
        try: op()
        except Exception as e:
            t = e.__traceback__; tr = []
            while t: tr.append((t.tb_frame.f_code.co_name, t.tb_lineno)); t = t.tb_next
            print(n, type(e).__name__, e, tr)
            if again in (0, 13): sys.excepthook(type(e), e, e.__traceback__)
