"""Trials of native recursion: protocols that call themselves for ever, and data that nests a million deep."""

from trial import script

RECURSION = ("RecursionError: maximum recursion depth exceeded",)

# Each of these recurs without end through a different protocol; all must end in a RecursionError.
UNBOUNDED = {
    "function calls": "def f(): f()\nf()", "keyword calls": "def f(**k): f(**k)\nf(a=1)",
    "star calls": "def f(*a): f(*a, 1)\nf()", "method calls": "class C:\n    def m(self): self.m()\nC().m()",
    "lambda": "f = lambda: f()\nf()", "two functions": "def f(): g()\ndef g(): f()\nf()",
    "class construction": "class C:\n    def __init__(self): C()\nC()",
    "__new__": "class C:\n    def __new__(cls): return cls()\nC()",
    "__call__": "class C:\n    def __call__(self): return self()\nC()()",
    "__call__ is an instance": "class C: pass\nC.__call__ = C()\nC()()",
    "__getattr__": "class C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nC().a",
    "__getattribute__": "class C:\n    def __getattribute__(self, name): return self.x\nC().a",
    "__setattr__": "class C:\n    def __setattr__(self, name, value): self.x = value\nC().a = 1",
    "__delattr__": "class C:\n    def __delattr__(self, name): del self.x\ndel C().a",
    "property": "class C:\n    @property\n    def p(self): return self.p\nC().p",
    "descriptor": "class D:\n    def __get__(self, i, o): return i.d\nclass C:\n    d = D()\nC().d",
    "__eq__": "class C:\n    def __eq__(self, other): return self == other\nC() == 1",
    "__lt__": "class C:\n    def __lt__(self, other): return self < other\nC() < 1",
    "__hash__": "class C:\n    def __hash__(self): return hash(self)\nhash(C())",
    "__hash__ in a dictionary": "class C:\n    def __hash__(self): return {self: 1}\n{C(): 1}",
    "__repr__": "class C:\n    def __repr__(self): return repr(self)\nrepr(C())",
    "__repr__ through a list": "class C:\n    def __repr__(self): return repr([self])\nrepr(C())",
    "__str__": "class C:\n    def __str__(self): return str(self)\nstr(C())",
    "__str__ through %": "class C:\n    def __str__(self): return '%s' % self\nstr(C())",
    "__format__": "class C:\n    def __format__(self, spec): return f'{self}'\nf'{C()}'",
    "__bool__": "class C:\n    def __bool__(self): return not self\nbool(C())",
    "__len__": "class C:\n    def __len__(self): return len(self)\nlen(C())",
    "__iter__": "class C:\n    def __iter__(self): return iter(self)\niter(C())",
    "__iter__ in a loop": "class C:\n    def __iter__(self):\n        for x in self: pass\nfor x in C(): pass",
    "__next__": "class C:\n    def __next__(self): return next(self)\nnext(C())",
    "__contains__": "class C:\n    def __contains__(self, x): return x in self\n1 in C()",
    "__getitem__": "class C:\n    def __getitem__(self, x): return self[x]\nC()[0]",
    "__setitem__": "class C:\n    def __setitem__(self, k, v): self[k] = v\nC()[0] = 1",
    "__missing__": "class C(dict):\n    def __missing__(self, key): return self[key]\nC()[0]",
    "__add__": "class C:\n    def __add__(self, x): return self + x\nC() + 1",
    "__radd__": "class C:\n    def __radd__(self, x): return x + self\n1 + C()",
    "__iadd__": "class C:\n    def __iadd__(self, x):\n        self += x\n        return self\nc = C()\nc += 1",
    "__neg__": "class C:\n    def __neg__(self): return -self\n-C()",
    "__index__": "class C:\n    def __index__(self): return [1][self]\n[1][C()]",
    "__int__": "class C:\n    def __int__(self): return int(self)\nint(C())",
    "__float__": "class C:\n    def __float__(self): return float(self)\nfloat(C())",
    "__enter__": "class C:\n    def __enter__(self):\n        with self: pass\n    def __exit__(self, *a): pass\nwith C(): pass",
    "__exit__": "class C:\n    def __enter__(self): pass\n    def __exit__(self, *a):\n        with self: pass\nwith C(): pass",
    "__dir__": "class C:\n    def __dir__(self): return dir(self)\ndir(C())",
    "__instancecheck__": "class M(type):\n    def __instancecheck__(cls, x): return isinstance(x, cls)\nclass C(metaclass=M): pass\nisinstance(1, C)",
    "__subclasscheck__": "class M(type):\n    def __subclasscheck__(cls, x): return issubclass(x, cls)\nclass C(metaclass=M): pass\nissubclass(int, C)",
    "metaclass __call__": "class M(type):\n    def __call__(cls): return cls()\nclass C(metaclass=M): pass\nC()",
    "metaclass creates classes": "class M(type):\n    def __new__(m, *a): return m('X', (), {})\nM('X', (), {})",
    "__init_subclass__": "class C:\n    def __init_subclass__(cls): type('D', (C,), {})\nclass D(C): pass",
    "__set_name__": "class D:\n    def __set_name__(self, o, n): type('X', (), {'d': D()})\nclass C:\n    d = D()",
    "__class_getitem__": "class C:\n    def __class_getitem__(cls, x): return cls[x]\nC[0]",
    "__reversed__": "class C:\n    def __reversed__(self): return reversed(self)\nreversed(C())",
    "__round__": "class C:\n    def __round__(self): return round(self)\nround(C())",
    "__abs__": "class C:\n    def __abs__(self): return abs(self)\nabs(C())",
    "__bytes__": "class C:\n    def __bytes__(self): return bytes(self)\nbytes(C())",
    "yield from": "def g(): yield from g()\nnext(g())",
    "generator in a loop": "def g():\n    for x in g(): yield x\nnext(g())",
    "generator expression": "def f(): return list(f() for _ in [1])\nf()",
    "comprehension": "def f(): return [f() for _ in [1]]\nf()",
    "sort key": "def key(x): return sorted([1, 2], key=key)\nsorted([1], key=key)",
    "sort comparison": "class C:\n    def __lt__(self, o): return sorted([C(), C()]) < 1\nsorted([C(), C()])",
    "map": "def f(x): return list(map(f, [1]))\nf(1)", "filter": "def f(x): return list(filter(f, [1]))\nf(1)",
    "max key": "def f(x): return max([1, 2], key=f)\nf(1)", "exec": "s = 'exec(s)'\nexec(s)",
    "eval": "s = 'eval(s)'\neval(s)", "decorators": "def d(f):\n    @d\n    def g(): pass\nd(1)",
    "default arguments": "def f():\n    def g(a=f()): pass\nf()", "f-string": "def f(): return f'{f()}'\nf()",
    "exception handlers": "def f():\n    try:\n        1 / 0\n    except ZeroDivisionError:\n        f()\nf()",
    "finally": "def f():\n    try:\n        f()\n    finally:\n        pass\nf()",
    "with": "class M:\n    def __enter__(self): pass\n    def __exit__(self, *a): pass\ndef f():\n    with M(): f()\nf()",
    "print to itself": "class W:\n    def write(self, s): print(s, file=self)\nprint('x', file=W())",
    "getattr default": "class C:\n    def __getattr__(self, n): return getattr(self, n, None)\nC().x",
    "hasattr": "class C:\n    def __getattr__(self, n): return hasattr(self, n)\nC().x",
    "super": "class A:\n    def m(self): self.m()\nclass B(A):\n    def m(self): super().m()\nB().m()",
    "match": "class C:\n    __match_args__ = ('a',)\n    @property\n    def a(self):\n        match self:\n            case C(x): return x\nC().a",
    "unpacking": "class C:\n    def __iter__(self):\n        a, b = self\n        yield a\na, b = C()",
    "star unpacking": "class C:\n    def __iter__(self): return iter([*self])\n[*C()]",
    "dict unpacking": "class C:\n    def keys(self): return {**self}\n    def __getitem__(self, k): return 1\n{**C()}",
    "import hook": "import sys\nclass F:\n    def find_spec(self, *a): import no_such_module\nsys.meta_path.insert(0, F())\nimport no_such_module",
    "module __getattr__": "import sys\ndef __getattr__(name): return sys.modules['__main__'].nope\nsys.modules['__main__'].nope",
    "str.join": "class C:\n    def __iter__(self): return iter([''.join(self)])\n''.join(C())",
    "str.format": "class C:\n    def __getattr__(self, n): return '{0.x}'.format(self)\n'{0.x}'.format(C())",
    "translate": "class C:\n    def __getitem__(self, k): return 'a'.translate(self)\n'a'.translate(C())",
    "sum": "class C:\n    def __add__(self, x): return sum([1], self)\nsum([1], C())",
    "divmod": "class C:\n    def __divmod__(self, x): return divmod(self, x)\ndivmod(C(), 1)",
    "pow": "class C:\n    def __pow__(self, x, m): return pow(self, x, m)\npow(C(), 1, 2)",
}

# Where the RecursionError ends up inside another exception, or its handlers recur too deep for a traceback.
WRAPPED = {"__set_name__", "exception handlers"}

DEPTH = 1_000_000

# What holds a million levels, and what is done to it. `N` is the depth; the result is printed unless it recurs too deep.
STRUCTURES = {
    "list": "x = []\nfor _ in range(N): x = [x]",
    "tuple": "x = ()\nfor _ in range(N): x = (x,)",
    "dictionary": "x = {}\nfor _ in range(N): x = {1: x}",
    "list and tuple": "x = []\nfor _ in range(N // 2): x = ([x],)",
    "frozenset": "x = frozenset()\nfor _ in range(1000): x = frozenset([x])",
}
ACTIONS = {
    "make and drop": "del x",
    "repr": "repr(x)",
    "str": "str(x)",
    "print": "print(x, file=None)",
    "format": "f'{x}'",
    "compare": "y = x\n{copy}\nx == y",
    "order": "y = x\n{copy}\nx < y",
    "hash": "hash(x)",
    "in": "y = x\n{copy}\nx in [y]",
    "sort": "sorted([x, x, x])",
    "dictionary key": "{x: 1}",
    "match": "match x:\n    case [[[y]]]: pass",
    "percent": "'%r' % (x,)",
}

# Chains of objects, each of which reaches for the next one when it is used or dropped.
CHAINS = {
    "instances": "class C: pass\nx = None\nfor _ in range(N):\n    y = C()\n    y.next = x\n    x = y\ndel x, y",
    "instances with slots": "class C:\n    __slots__ = 'next'\nx = None\nfor _ in range(N):\n    y = C()\n    y.next = x\n    x = y\ndel x, y",
    "closures": "x = None\ndef wrap(f): return lambda: f\nfor _ in range(N): x = wrap(x)\ndel x",
    "closures called": "def wrap(f): return lambda: f()\nx = int\nfor _ in range(N): x = wrap(x)\nx()",
    "bound methods": "class C:\n    def __init__(self, x): self.x = x\n    def m(self): pass\nx = None\nfor _ in range(N): x = C(x).m\ndel x",
    "iterators over map": "x = iter([1])\nfor _ in range(N): x = map(abs, x)\nnext(x)",
    "iterators over filter": "x = iter([1])\nfor _ in range(N): x = filter(None, x)\nnext(x)",
    "iterators over zip": "x = iter([1])\nfor _ in range(N): x = zip(x)\nnext(x)",
    "iterators over enumerate": "x = iter([1])\nfor _ in range(N): x = enumerate(x)\nnext(x)",
    "iterators dropped": "x = iter([1])\nfor _ in range(N): x = map(abs, x)\ndel x",
    "generators": "x = iter([1])\nfor _ in range(N // 10): x = (y for y in x)\nnext(x)",
    "generators dropped": "x = iter([1])\nfor _ in range(N // 10): x = (y for y in x)\ndel x",
    "generators by yield from": "def g(x): yield from x\nx = [1]\nfor _ in range(N // 10): x = g(x)\nnext(x)",
    "exceptions by context": "x = None\nfor _ in range(N // 10):\n    y = ValueError()\n    y.__context__ = x\n    x = y\nraise x",
    "exceptions by cause": "x = None\nfor _ in range(N // 10):\n    y = ValueError()\n    y.__cause__ = x\n    x = y\nraise x",
    "tracebacks": "def f(n):\n    try:\n        1 / 0\n    except ZeroDivisionError as error:\n        return error\nx = f(1)\nfor _ in range(N // 10):\n    try:\n        raise x\n    except ZeroDivisionError as error:\n        x = error\nraise x",
    "classes": "C = object\nfor _ in range(2000): C = type('C', (C,), {})\nprint(len(C.__mro__), C().__class__.__name__)",
    "classes with super": "C = type('C', (), {'m': lambda self: 1})\nfor _ in range(1500):\n    def m(self, C=C): return super(D, self).m() if 0 else C.m(self)\n    D = C = type('C', (C,), {'m': m})\nC().m()",
    "tuples for isinstance": "x = int\nfor _ in range(N): x = (x,)\nisinstance('', x)",
    "tuples for except": "x = ValueError\nfor _ in range(N): x = (x,)\ntry:\n    raise KeyError\nexcept x:\n    pass",
    "tuples for startswith": "x = 'a'\nfor _ in range(N): x = (x,)\n'abc'.startswith(x)",
    "unions": "x = int\nfor _ in range(1000): x = x | type('C', (), {})\nisinstance('', x)",
    "generic aliases": "x = int\nfor _ in range(N): x = list[x]\nrepr(x)",
    "partial slices": "x = 1\nfor _ in range(N): x = slice(x)\nrepr(x)",
    "slices compared": "x = y = 1\nfor _ in range(N): x, y = slice(x), slice(y)\nx == y",
    "properties": "x = len\nfor _ in range(N): x = property(x)\ndel x",
    "static methods": "x = len\nfor _ in range(N): x = staticmethod(x)\nx([])",
    "class methods": "x = len\nfor _ in range(N): x = classmethod(x)\nx.__get__(None, list)",
    "super objects": "class C: pass\nx = C()\nfor _ in range(N): x = [super(C, C()), x]\ndel x",
    "dictionary views": "x = {}\nfor _ in range(N): x = {1: x.items()}\nrepr(x)",
    "recursive list": "x = []\nx.append(x)\nprint(x)\ny = []\ny.append(y)\nx == y",
    "recursive dictionary": "x = {}\nx[1] = x\nprint(x)\ny = {1: x}\nx == y",
    "code constants": "x = ()\nfor _ in range(N): x = (x,)\nf = (lambda: 0).__code__.replace(co_consts=(x,))\nhash(f) if 0 else f == f.replace(co_consts=(x, 1))",
    "metaclasses": "M = type\nfor _ in range(200): M = M('M', (type,), {})\nprint(M.__name__)",
}
COPY = {
    "list": "y = []\nfor _ in range(N): y = [y]", "tuple": "y = ()\nfor _ in range(N): y = (y,)",
    "dictionary": "y = {}\nfor _ in range(N): y = {1: y}"
}
ENDING = "\nprint('end')\n"


def trials():
    for name, source in UNBOUNDED.items():
        last_line = () if name in WRAPPED else RECURSION
        yield script(f"unbounded/{name}", source + "\n", status=(1,), last_line=last_line)
        caught = "".join(f"    {line}\n" for line in source.split("\n"))
        again = f"for attempt in range(3):\n  try:\n{caught}  except RuntimeError:\n    print('caught', attempt)\n"
        yield script(f"unbounded and caught/{name}", again, status=(0,), stdout="caught 0\ncaught 1\ncaught 2\n")
    for structure, make in STRUCTURES.items():
        for action, use in ACTIONS.items():
            if structure == "frozenset" and action in ("order", "sort"):
                continue
            use = use.replace("{copy}", COPY.get(structure, ""))
            body = "".join(f"    {line}\n" for line in use.split("\n"))
            source = f"N = {DEPTH}\n{make}\ntry:\n{body}except (RecursionError, TypeError) as error:\n    print(type(error).__name__)\n"
            yield script(f"deep {structure}/{action}", source + ENDING, status=(0,), timeout=60.0)
    for name, source in CHAINS.items():
        body = "".join(f"    {line}\n" for line in source.split("\n"))
        yield script(f"chain/{name}", f"N = {DEPTH}\n{source}{ENDING}", timeout=60.0)
    for name in ("function calls", "__repr__", "__eq__", "yield from", "__getattr__", "sort key", "map"):
        limit = 10**6 if name == "function calls" else 10**9
        source = f"import sys\nsys.setrecursionlimit({limit})\n{UNBOUNDED[name]}\n"
        yield script(
            f"without a limit/{name}", source, status=(1,), last_line=("RecursionError", "MemoryError"),
            address_space=3_000_000 << 10, timeout=60.0
        )
