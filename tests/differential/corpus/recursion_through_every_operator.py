# not python3.11: it counts frames of C, too
# How deep each kind of recursion gets.
import sys
depth = 0
def enter():
    global depth
    depth += 1
class Node:
    def __init__(self, make=False):
        if make:
            enter()
            Node(True)
    @property
    def up(self):
        enter()
        return self.up
    def __getattr__(self, name):
        enter()
        return getattr(self, name + "x") if len(name) < 3 else self.zz
    def __getitem__(self, i):
        enter()
        return self[i]
    def __setitem__(self, i, v):
        enter()
        self[i] = v
    def __add__(self, o):
        enter()
        return self + o
    def __radd__(self, o):
        enter()
        return o + self
    def __eq__(self, o):
        enter()
        return self == o
    def __lt__(self, o):
        enter()
        return self < o
    def __bool__(self):
        enter()
        return not self
    def __len__(self):
        enter()
        return len(self)
    def __contains__(self, o):
        enter()
        return o in self
    def __iter__(self):
        enter()
        for x in self: pass
        return iter(())
    def __call__(self, n):
        enter()
        return self(n)
    def method(self, n, k=1):
        enter()
        return self.method(n + 1)
    @classmethod
    def cm(cls, n):
        enter()
        return cls.cm(n)
    @staticmethod
    def sm(n):
        enter()
        return Node.sm(n)
    def kw(self, *, a):
        enter()
        return self.kw(a=a)
    def __hash__(self):
        enter()
        return hash(self)
    def __setattr__(self, n, v):
        enter()
        self.foo = v
    def __delitem__(self, i):
        enter()
        del self[i]
    def __neg__(self):
        enter()
        return -self
    def __enter__(self):
        enter()
        with self: pass
    def __exit__(self, *a): pass
    def __str__(self):
        enter()
        return str(self)
    def __format__(self, s):
        enter()
        return f"{self}"
def gen(n):
    enter()
    for x in gen(n + 1):
        yield x
def gen2(n):
    enter()
    yield from gen2(n + 1)
def gen3(n):
    enter()
    yield next(gen3(n))
def gen4(n):
    enter()
    a, b = gen4(n)
    yield 1
def plain(n): 
    enter()
    return plain(n + 1)
def kw(n, k=0):
    enter()
    return kw(n, k=k + 1)
def star(*a):
    enter()
    return star(*a)
def sortkey(n):
    enter()
    return sorted([1, 2], key=sortkey)
class Iter:
    def __iter__(self): return self
    def __next__(self):
        enter()
        for x in self: return x
class D:
    def __get__(self, o, t):
        enter()
        return o.d
class HasD:
    d = D()
class Meta(type):
    def __call__(cls):
        enter()
        return cls()
class WithMeta(metaclass=Meta): pass
class New:
    def __new__(cls):
        enter()
        return New()
node = Node()
cases = [lambda: Node(True), lambda: node.up, lambda: node.aaa, lambda: node[1], lambda: node + 1, lambda: 1 + node, lambda: node == 1,
 lambda: node < 1, lambda: not node, lambda: len(node), lambda: 3 in node, lambda: list(node), lambda: node(1), lambda: node.method(1),
 lambda: node.cm(1), lambda: node.sm(1), lambda: node.kw(a=1), lambda: hash(node), lambda: setattr(node, 'x', 1), lambda: node.__delitem__(1), lambda: -node,
 lambda: node.__enter__(), lambda: str(node), lambda: format(node), lambda: list(gen(0)), lambda: list(gen2(0)), lambda: list(gen3(0)), lambda: list(gen4(0)), lambda: plain(0), lambda: kw(0), lambda: star(1, 2), lambda: sortkey(1), lambda: next(Iter()), lambda: HasD().d, lambda: WithMeta(), lambda: New()]
for limit in (60, 150):
    sys.setrecursionlimit(limit)
    for n, case in enumerate(cases):
        for again in range(6):
            depth = 0
            try: case()
            except RecursionError as e: print(limit, n, depth, e)
            else: print(limit, n, depth, 'no error')
