# bool is a subclass of int with two instances; truth values come from __bool__ and __len__.

print(True, False, repr(True), str(False), f"{True:>6}|{True:d}|{False!r}", "%d %s" % (True, True))
print(int(True), float(False), True + True, True * 3, True / 2, -True, ~True, True == 1, True is (1 == 1))
print(
    isinstance(True, int), issubclass(bool, int), bool.__mro__, type(True & False), type(True & 1), type(True | True),
    type(True ^ True)
)
print(True and "x", False and "x", True or "x", False or "x", not True, not 0, not [], not "a", not None)
print([bool(x) for x in (
    0, 1, -1, 0.0, -0.0, 0.1, float("nan"), "", "a", b"", b"a", [], [0], (), (0,), {}, {0: 0}, set(), {0}, None, ...,
    range(0), range(1)
)])
print(
    {True: "t", 1: "one", 1.0: "float"}, [10, 20][True], "ab"[False], sorted([True, False, True]),
    sum([True, True, False])
)
print(bool(), bool("False"), bool(int), True < 2, False < True, hash(True), hash(False), True.bit_length(), True.real)


class Empty:
    def __len__(self):
        return 0


class Truthy:
    def __len__(self):
        return 0

    def __bool__(self):
        return True


class BadBool:
    def __bool__(self):
        return 1


class BadLen:
    def __len__(self):
        return -1


class FloatLen:
    def __len__(self):
        return 1.5


class Raises:
    def __bool__(self):
        raise ValueError("no truth")


print(bool(Empty()), bool(Truthy()), bool(object()), bool(Empty))
for make in (BadBool, BadLen, FloatLen, Raises):
    for test in (bool, lambda value: not value, lambda value: 1 if value else 2, lambda value: value and 1):
        try:
            print(test(make()))
        except Exception as error:
            print(make.__name__, type(error).__name__, error)
try:
    class Sub(bool):
        pass
except TypeError as error:
    print(error)
for call in ("bool(1, 2)", "bool(x=1)", "True + 'a'", "True.x", "len(True)"):
    try:
        print(eval(call))
    except Exception as error:
        print(call, "->", type(error).__name__, error)
print(bool.__new__(bool, 3), bool.from_bytes(b"\x01", "big"), True.__and__(False), True.__and__(2), True.__or__("a"))
