# Every attribute of several classes is read and written while the classes are edited, one edit after the other.
class Base:
    kind = 'base'
    def m(self, x=1): return ('m', x, self.a)
    @property
    def p(self): return self.a
    @classmethod
    def c(cls): return cls.__name__
    @staticmethod
    def s(): return 's'
class A(Base):
    def __init__(self, a=1): self.a = a; self.b = 2
class S:
    __slots__ = ('a', 'b')
    kind = 'slots'
    def __init__(self, a=1): self.a = a; self.b = 3
    def m(self, x=1): return ('sm', x)
    p = 5
    def c(self): return 'sc'
    def s(self): return 'ss'
class Other:
    a = 'oa'; b = 'ob'; kind = 'ok'; p = 'op'
    def m(self, x=1): return 'om'
    def c(self): return 'oc'
    def s(self): return 'os'
def read(o): return o.a, o.b, o.kind, o.m(), o.m(2), o.p, o.c(), o.s()
def write(o, v): o.a = v; o.b = v; o.new = v; o.a += 1
def safe(f, *a):
    try: print(f(*a))
    except Exception as e: print(type(e).__name__, e)
objs = [A(), S(), A(2), Other(), A(3)]
steps = []
def step(f): steps.append(f)
step(lambda: setattr(Base, 'kind', 'changed'))
step(lambda: setattr(A, 'kind', 'a-kind'))
step(lambda: delattr(A, 'kind'))
step(lambda: setattr(Base, 'm', lambda self, x=0: ('new m', x)))
step(lambda: setattr(objs[0], 'm', lambda x=0: ('inst', x)))
step(lambda: objs[0].__dict__)
step(lambda: objs[0].__dict__.__setitem__('a', 50))
step(lambda: objs[0].__dict__.pop('m'))
step(lambda: setattr(objs[0], '__dict__', {'a': 1, 'b': 2}))
step(lambda: setattr(objs[0], '__dict__', {'b': 2}))
step(lambda: setattr(objs[0], '__dict__', objs[2].__dict__))
step(lambda: setattr(objs[2], 'a', 99))
step(lambda: setattr(Base, 'p', 7))
step(lambda: setattr(Base, 'a', property(lambda self: 'prop a', lambda self, v: None)))
step(lambda: delattr(Base, 'a'))
step(lambda: setattr(A, '__getattr__', lambda self, n: n + '?'))
step(lambda: delattr(objs[4], 'b'))
step(lambda: delattr(objs[4], 'a'))
step(lambda: delattr(A, '__getattr__'))
step(lambda: setattr(objs[4], '__class__', Other))
step(lambda: setattr(A, '__bases__', (Other,)))
step(lambda: setattr(A, '__bases__', (Base,)))
step(lambda: setattr(S, 'a', S.__dict__['b']))
step(lambda: delattr(S, 'b'))
step(lambda: setattr(A, '__getattribute__', lambda self, n: 'ga' if n != 'm' else print))
step(lambda: delattr(A, '__getattribute__'))
step(lambda: setattr(A, '__setattr__', lambda self, n, v: print('set', n)))
step(lambda: delattr(A, '__setattr__'))
step(lambda: setattr(Base, 'c', lambda self: 'plain c'))
step(lambda: setattr(Base, 's', classmethod(lambda cls: cls)))
step(lambda: setattr(Base, 'm', len))
step(lambda: setattr(Base, 'm', staticmethod(lambda *a: a)))
step(lambda: setattr(Base, 'm', property(lambda self: lambda *a: 'pm')))
class Desc:
    def __get__(self, o, t): return ('desc', o is None, t.__name__)
class DDesc(Desc):
    def __set__(self, o, v): print('dset', v)
step(lambda: setattr(Base, 'kind', Desc()))
step(lambda: setattr(Base, 'b', DDesc()))
step(lambda: delattr(DDesc, '__set__'))
step(lambda: setattr(Desc, '__get__', lambda self, o, t: 'new get'))
step(lambda: setattr(Desc, '__set__', lambda self, o, v: print('late set')))
step(lambda: delattr(Desc, '__get__'))
step(lambda: [setattr(objs[2], f'q{i}', i) for i in range(40)])
step(lambda: [delattr(objs[2], f'q{i}') for i in range(40)])
step(lambda: [setattr(A, f'q{i}', i) for i in range(40)])
step(lambda: A.__init__(objs[2], 5))
for rounds in range(2):
    for n, f in enumerate(steps):
        for i in range(12):
            for o in objs[:1 + (n + i) % 5]:
                safe(read, o)
            safe(write, objs[i % 5], i)
            safe(read, objs[i % 5])
        print('step', n); safe(f)
# Cls.attr
class M(type):
    mk = 1
    @property
    def mp(cls): return cls.__name__ + '.mp'
class X(Base, metaclass=M): v = 1
class Y: v = 2; mk = 3; mp = 4
def cread(k): return k.v, k.mk, k.mp, k.s, k.c
csteps = [lambda: setattr(X, 'v', 10), lambda: setattr(M, 'v', property(lambda c: 'mv')), lambda: delattr(M, 'v'), lambda: setattr(Y, 'v', property(len)),
  lambda: setattr(Y, 's', 1), lambda: setattr(Y, 'c', 2), lambda: setattr(X, 'mp', 9), lambda: setattr(X, 'mk', 9), lambda: delattr(M, 'mp'), lambda: setattr(X, '__class__', type), lambda: setattr(X, '__class__', M), lambda: setattr(Y, '__class__', M), lambda: setattr(M, 'mp', property(lambda c: 'again')), lambda: setattr(M, '__getattribute__', lambda c, n: n), lambda: delattr(M, '__getattribute__'), lambda: setattr(M, '__getattr__', lambda c, n: n + '??'), lambda: delattr(Y, 'v')]
for n, f in enumerate(csteps):
    for i in range(14): safe(lambda: cread(X)[:3]); safe(lambda: cread(Y)[:3])
    print('cstep', n); safe(f)
for i in range(14): safe(lambda: cread(X)[:3]); safe(lambda: cread(Y)[:3])
