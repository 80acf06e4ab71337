# A descriptor with __set__ or __delete__ alone, and values of a class that become descriptors after they were stored and loaded.


class SetOnly:
    def __set__(self, o, v): print('set', v)


class DelOnly:
    def __delete__(self, o): print('delete')


class GetSet(SetOnly):
    def __get__(self, o, t): return 'got'


class A:
    s = SetOnly()
    d = DelOnly()
    def __init__(self): self.__dict__.update(s=1, d=2)


class B:
    def __init__(self): self.s = 1; self.d = 2
    def put(self, v):
        self.s = v
        self.d = v
    def get(self): return self.s, self.d


def attempt(f, *a):
    try: return f(*a)
    except AttributeError as e: return str(e)
b = B()
for i in range(30):
    if i == 15: B.s = SetOnly(); B.d = DelOnly()
    if i == 22: SetOnly.__get__ = lambda self, o, t: 'late'
    if i == 25: del SetOnly.__get__
    print(i, attempt(b.put, i), attempt(b.get))


class Plain:
    def __repr__(self):
        return "plain"


class C:
    v = Plain()
    w = Plain()
    def __init__(self): self.w = 3
    def get(self): return type(self.v).__name__, self.w
    def put(self, x): self.w = x; return self.w
c = C()
for i in range(40):
    if i == 15: C.__dict__['v'].__class__ = GetSet
    if i == 20: C.__dict__['v'].__class__ = Plain
    if i == 25: C.__dict__['w'].__class__ = GetSet
    if i == 30: C.__dict__['w'].__class__ = Plain
    if i == 34: Plain.__get__ = lambda self, o, t: self
    if i == 37: Plain.__set__ = lambda self, o, x: print('plain set')
    print(i, c.get(), c.put(i))


class E:
    def put(self, x): self.v = x; return self.__dict__
    v = 5
e = E()
for i in range(40):
    if i == 20: E.v = SetOnly()
    if i == 30: E.v = 6
    print(i, e.put(i))
