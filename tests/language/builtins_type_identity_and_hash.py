# type(), isinstance on everything, identity of singletons, id, and hashes of numbers, strings, tuples and sets.

values = [
    None, True, 1, 1.5, "s", b"b", [], (), {}, set(), frozenset(), range(1), slice(1), len, print, int, type, object,
    object(), lambda: 0, (x for x in ()), ..., NotImplemented, Exception, Exception(), iter([]), iter(()), iter("a"),
    iter({}), iter(set()), iter(range(1)), {}.keys(), {}.values(), {}.items(), zip(), map(abs, []), filter(None, []),
    enumerate([]), reversed([]), super(int, 1), property(), classmethod(len), staticmethod(len), "a".join, str.join,
    int.__add__, (1).__add__, type.__dict__, __builtins__, compile("1", "", "eval"), iter(int, 1), int | str,
    list[int]
]
for value in values:
    print(
        type(value).__name__, type(type(value)).__name__, isinstance(value, object), isinstance(value, type(value)),
        value.__class__ is type(value), callable(value), type(value).__module__, end="; "
    )
print()
print(
    None is None, True is True, ... is Ellipsis, NotImplemented is NotImplemented, int is int, type(None)() is None,
    bool(1) is True, type(type) is type, type(1) is int, id(None) == id(None), id([]) != 0, isinstance(id("x"), int)
)
a, b = [1], [1]
print(a is a, a is b, id(a) == id(a), id(a) != id(b), a is not b, [a, b].index(b), any(x is b for x in [a]))
print([hash(n) for n in (
    0, 1, -1, -2, 2, 2**31, 2**61 - 2, 2**61 - 1, 2**61, 2**62, -(2**61), 2**64, 10**30, -(10**30)
)])
print([hash(x) for x in (
    0.0, -0.0, 0.5, 1.5, -1.5, 0.1, 1e10, 1e100, 1e-100, float("inf"), float("-inf"), 2.0**61, 123456.789
)])
print([hash(x) for x in ("", "a", "abc", "é", "☃", "𝄞", "a" * 100, b"", b"a", b"abc")])
print([hash(x) for x in ((), (0,), (1, 2), ("a", 1), ((), ()), (1.5, None is None), (-1, -2), tuple(range(20)))])
print([hash(x) for x in (
    frozenset(), frozenset([1]), frozenset([1, 2, 3]), frozenset(["a"]), frozenset(range(50)), range(5),
    range(1, 10, 3), True, False
)])
print(
    hash("abc") == hash(b"abc"), hash(1) == hash(1.0) == hash(True), hash((1, 2)) == hash((1.0, 2.0)),
    hash(range(3)) == hash(range(0, 3, 1)), hash(None) == hash(None), hash(int) == hash(int)
)
for value in ([], {}, set(), slice(1), [1], {1: 2}.items(), {}.keys(), (1, []), ({},)):
    try:
        print(type(value).__name__, "hashable", hash(value) is not None)
    except TypeError as error:
        print(error)
T = type("T", (int,), {"x": 5, "__len__": lambda self: 3})
print(T.__name__, T.__bases__, T(7) + 1, len(T(7)), T.x, type(T), isinstance(T(1), int), issubclass(T, int), T.__mro__)
for call in (
    "type(1, 2)", "type()", "type('X', (), {}, 1)", "type('X', [], {})", "type('X', (), [])",
    "type('', (), {}).__name__", "type(5)(6)", "type(None)()", "isinstance(1, 'int')", "id()", "id(1, 2)", "hash()",
    "type(1)(2, 3, 4)", "object()()", "type.mro(int)", "type.__subclasses__(bool)", "type.mro()", "callable()",
    "callable(1, 2)"
):
    try:
        print(call, "=", eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
