# __eq__ and friends: reflection, subclass priority, fallback to identity, __ne__ from __eq__, and the rules of __hash__.

log = []


def make(label, **results):
    namespace = {"__repr__": lambda self: label}
    for name, result in results.items():
        method = f"__{name}__"

        def compare(self, other, method=method, result=result):
            log.append(f"{label}.{method}")
            return result

        namespace[method] = compare
    return type(label, (), namespace)()


plain, eq, lt, ne, gt, nothing = make("Plain"), make("Eq", eq=True), make("Lt", lt="less"), make("Ne", ne="differs"), make("Gt", gt="greater"), make(
    "Nothing", eq=NotImplemented, lt=NotImplemented, le=NotImplemented, gt=NotImplemented, ge=NotImplemented,
    ne=NotImplemented
)
for left, right in (
    (plain, plain), (plain, eq), (eq, plain), (lt, plain), (plain, lt), (ne, plain), (plain, ne), (gt, lt), (lt, gt),
    (nothing, nothing), (nothing, eq), (nothing, plain), (plain, gt), (1, lt), (1, nothing)
):
    for symbol in ("==", "!=", "<", "<=", ">", ">="):
        log.clear()
        try:
            result = eval(f"left {symbol} right")
        except TypeError as error:
            result = error
        print(left, symbol, right, "=", result, log)


class Base:
    def __eq__(self, other):
        log.append(f"{type(self).__name__}.__eq__")
        return NotImplemented

    def __lt__(self, other):
        log.append(f"{type(self).__name__}.__lt__")
        return NotImplemented

    def __gt__(self, other):
        log.append(f"{type(self).__name__}.__gt__")
        return NotImplemented


class Derived(Base):
    def __eq__(self, other):
        log.append("own eq")
        return "derived"

    def __gt__(self, other):
        log.append("own gt")
        return "derived gt"


class Inherits(Base):
    pass


for left, right in ((Base(), Derived()), (Derived(), Base()), (Base(), Inherits()), (Base(), Base())):
    for symbol in ("==", "<"):
        log.clear()
        try:
            print(eval(f"left {symbol} right"), log)
        except TypeError as error:
            print(error, log)


class Hashable:
    pass


class EqOnly:
    def __eq__(self, other):
        return True


class EqAndHash(EqOnly):
    __hash__ = object.__hash__


class InheritsHash(EqAndHash):
    pass


class Explicit:
    __hash__ = None


class Values:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return self.value


class BadHash(Values):
    pass


print(
    Hashable.__hash__ is object.__hash__, EqOnly.__hash__, InheritsHash.__hash__ is object.__hash__, hash(Values(5)),
    hash(Values(-1)), hash(Values(2**61 - 1)), hash(Values(2**61)), hash(Values(2**200)), hash(Values(True))
)
for value in (EqOnly(), Explicit(), BadHash("x"), BadHash(1.5), BadHash(None), [], {}, {1}, [1], slice(1), ([],)):
    try:
        print(hash(value))
    except TypeError as error:
        print(error)
    try:
        {value}
    except TypeError as error:
        print(error)
h = Hashable()
print(hash(h) == hash(h), h == h, h != h, h == Hashable(), {h: 1}[h], h in {h}, h in [h])


class AlwaysEqual:
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 1


class NeverEqual:
    def __eq__(self, other):
        return False

    def __hash__(self):
        return 2


n, a = NeverEqual(), AlwaysEqual()
print(
    n in [n], [n] == [n], n == n, (n,) == (n,), {n: 1} == {n: 1}, [n].index(n), [n].count(n), n in {n},
    {n: "found"}[n], a in [1], a == 1, 1 == a, [a] == [5], {1: "x"}.get(a), len({AlwaysEqual(), AlwaysEqual()}),
    len({NeverEqual(), NeverEqual()})
)


class Odd:
    def __eq__(self, other):
        return []

    def __ne__(self, other):
        return "ne"

    def __lt__(self, other):
        return {}


o = Odd()
print(
    o == 1, o != 1, o < 1, not o == 1, 1 in [o], [o] == [1], bool(o == 1), sorted([o, o], key=id)[0] is o,
    [1 if o < 2 else 2], o == 1 == 1
)


class Total:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    def __repr__(self):
        return f"T{self.n}"


x, y = Total(1), Total(2)
print(x < y, x > y, max(x, y), min([y, x]), sorted([y, x]), x != y, x == Total(1))
for symbol in ("<=", ">="):
    try:
        eval(f"x {symbol} y")
    except TypeError as error:
        print(error)
try:
    x == 5
except AttributeError as error:
    print(error)


class Point(tuple):
    def __eq__(self, other):
        return "tuple subclass eq"

    __hash__ = tuple.__hash__


print(
    Point((1,)) == (1,), (1,) == Point((1,)), hash(Point((1,))) == hash((1,)), Point((1,)) != (1,),
    object.__eq__(x, x), object.__eq__(x, y), object.__ne__(x, x), object.__lt__(x, y), (1).__eq__("a"),
    int.__eq__(1, 1.0), "a".__lt__(1), [].__eq__(()), type.__eq__(int, int)
)
