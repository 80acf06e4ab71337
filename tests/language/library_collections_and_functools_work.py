# collections, functools, operator, copy, reprlib, heapq and bisect of the library over the native modules.
import bisect
import collections
import collections.abc
import copy
import functools
import heapq
import operator
import reprlib
import types
from collections import ChainMap, Counter, OrderedDict, UserDict, UserList, UserString, defaultdict, deque, namedtuple

Point = namedtuple("Point", "x y z", defaults=[0])
p = Point(1, 2)
print(p, p.x, p._asdict(), p._replace(y=5), Point._fields, Point._field_defaults, Point._make([7, 8, 9]), p == (1, 2, 0))
print(Point.x.__doc__, hash(p) == hash((1, 2, 0)), [*p], Point.__match_args__, copy.copy(p), p.__getnewargs__())
for bad in (lambda: namedtuple("A", "x x"), lambda: namedtuple("A", "class"), lambda: Point(), lambda: p._replace(q=1)):
    try:
        bad()
    except (TypeError, ValueError) as error:
        print(type(error).__name__, error)
print(namedtuple("R", "a class a", rename=True)._fields)


class Vector(namedtuple("Base", ["x", "y"])):
    __slots__ = ()

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)


print(Vector(1, 2) + Vector(3, 4), sum(v.x for v in [Vector(i, i) for i in range(100)]))
c = Counter("abracadabra")
c.update("bcd", z=3)
print(c, c.most_common(3), c["nothing"], sorted(c.elements())[:6], c.total(), +Counter(a=1, b=-1), c - Counter("aaa"))
print(Counter(a=3) & Counter(a=1, b=2), Counter(a=3) | Counter(b=2), Counter("ab") <= Counter("aabb"), Counter("aab").subtract("a"))
m = ChainMap({"a": 1}, {"a": 2, "b": 3})
child = m.new_child({"b": 9})
child["new"] = 1
print(m["a"], m["b"], dict(child), child.parents, list(m), len(child), "new" in m, child.maps[0])


class Lower(UserDict):
    def __setitem__(self, key, value):
        super().__setitem__(key.lower(), value)


print(Lower(A=1, B=2), Lower({"X": 1}) | {"Y": 2}, UserList([3, 1, 2]) + [4], sorted(UserList("cab")), UserString("abc").upper())
od = OrderedDict(a=1, b=2, c=3)
od.move_to_end("a")
print(od, list(reversed(od)), copy.deepcopy(od), copy.copy(od) == od, od.popitem(last=False))
d = defaultdict(list, {1: [2]})
shallow, deep = copy.copy(d), copy.deepcopy(d)
d[1].append(3)
print(shallow, deep, type(deep).__name__, copy.deepcopy(deque([[1], [2]], 3)))
loop = [1]
loop.append(loop)
copied = copy.deepcopy(loop)
print(copied[1] is copied, reprlib.repr(list(range(100))), reprlib.repr({i: i for i in range(10)}), reprlib.repr("x" * 100))


class Node:
    def __init__(self, value, *children):
        self.value, self.children = value, children

    def __eq__(self, other):
        return (self.value, self.children) == (other.value, other.children)

    def __deepcopy__(self, memo):
        return Node(copy.deepcopy(self.value, memo), *copy.deepcopy(self.children, memo))


tree = Node([1], Node([2]), Node([3], Node([4])))
again = copy.deepcopy(tree)
print(again == tree, again.children[1].value is tree.children[1].value)


@functools.lru_cache(maxsize=100)
def fib(n):
    "Fibonacci."
    return n if n < 2 else fib(n - 1) + fib(n - 2)


print(fib(80), fib.cache_info(), fib.cache_parameters(), fib.__name__, fib.__doc__, fib.__wrapped__.__name__)
fib.cache_clear()
print(fib.cache_info())


@functools.singledispatch
def describe(x):
    return "object"


@describe.register
def _(x: int):
    return "int"


@describe.register(list)
@describe.register(tuple)
def _(x):
    return "sequence of " + ", ".join(map(describe, x))


@describe.register(collections.abc.Mapping)
def _(x):
    return "mapping"


print(describe(1), describe(True), describe([1, "a", (2,)]), describe({}), describe(OrderedDict()), describe(2.5))
print(describe.dispatch(bool) is describe.registry[int])


@functools.total_ordering
class Version:
    def __init__(self, *parts):
        self.parts = parts

    def __eq__(self, other):
        return self.parts == other.parts

    def __lt__(self, other):
        return self.parts < other.parts


print(Version(1, 2) <= Version(1, 3), Version(2) > Version(1, 9), max(Version(1), Version(3), Version(2)).parts)


class Lazy:
    made = 0

    @functools.cached_property
    def value(self):
        Lazy.made += 1
        return Lazy.made

    @functools.singledispatchmethod
    def take(self, x):
        return "any"

    @take.register
    def _(self, x: str):
        return "text"

    half = functools.partialmethod(divmod, 10)


lazy = Lazy()
print(lazy.value, lazy.value, Lazy().value, lazy.take("s"), lazy.take(1), functools.reduce(operator.mul, range(1, 8)))


def decorated(f):
    @functools.wraps(f)
    def wrapper(*args):
        return f(*args)

    return wrapper


print(decorated(len).__name__, decorated(fib).__doc__)
print(sorted([3, 1, 2], key=functools.cmp_to_key(lambda a, b: b - a)), heapq.nsmallest(3, [5, 2, 8, 1]), heapq.nlargest(2, "hello"))
print(list(heapq.merge([1, 4], [2, 3], [0, 9])), heapq.nlargest(2, [1, 5, 3], key=lambda x: -x))
ordered = [1, 3, 5]
bisect.insort(ordered, 4)
print(ordered, bisect.bisect([1, 2, 2, 3], 2), bisect.bisect_left([1, 2, 2, 3], 2))
for kind in (deque, defaultdict, OrderedDict, Counter, UserList, ChainMap):
    print(kind.__name__, [a.__name__ for a in (collections.abc.Mapping, collections.abc.MutableSequence, collections.abc.Sized,
          collections.abc.Reversible, collections.abc.Hashable, collections.abc.Iterable) if issubclass(kind, a)])
print(types.MappingProxyType({"a": 1}), types.SimpleNamespace(a=1), types.new_class("N", (int,), {}, lambda ns: ns.update(k=5)).k)
