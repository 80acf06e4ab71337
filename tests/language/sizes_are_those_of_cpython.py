# sys.getsizeof, __sizeof__, __basicsize__ and their like: numbers that programs add up, the same as CPython's.
import sys
import types
import weakref


class Plain:
    pass


class Slots:
    __slots__ = ("a", "b")


class SlotsDict:
    __slots__ = ("a", "__dict__")


class SlotsWeak:
    __slots__ = ("a", "__weakref__")


class Int(int):
    pass


class List(list):
    pass


class Text(str):
    pass


class Float(float):
    __slots__ = ()


class Tuple(tuple):
    pass


class Error(Exception):
    pass


class Meta(type):
    pass


class Module(types.ModuleType):
    pass


def function(a, b):
    return lambda: a


def generator(a):
    x = a
    yield x


values = [0, 1, -5, 2**29, 2**30, 2**60, 2**100, -2**100, True, 1.5, 2j, "", "a", "é", "€", "😀", "é" * 10, b"", b"abc",
          (), (1,), (1, 2, 3), [], {}, {1: 2}, {"a": 1}, {i: i for i in range(6)}, {i: i for i in range(11)},
          {str(i): i for i in range(100)}, dict.fromkeys("abc"), set(), {1}, set(range(10)), frozenset(), None, ..., range(3),
          slice(1), object(), Plain(), Slots(), SlotsDict(), SlotsWeak(), Int(3), List(), Float(), Tuple(), Tuple((1, 2)),
          Error(), Module("m"), function, function(1, 2).__closure__[0], len, [].append, str.join, int, type, Plain, Slots, Meta,
          sys, iter([]), iter(()), iter("a"), iter({}), iter(set()), iter(range(3)), enumerate([]), zip(), map(len, []),
          filter(None, []), reversed([]), memoryview(b"abc"), property(), staticmethod(len), classmethod(len),
          super(Plain, Plain()), types.SimpleNamespace(), types.MappingProxyType({}), {}.keys(), generator(1),
          weakref.ref(Plain), weakref.proxy(Plain), Exception(), OSError(1, 2), StopIteration(), KeyError(),
          types.MethodType(len, []), Plain.__dict__["__dict__"], int.__add__, (1).__add__, types.GenericAlias(list, (int,)),
          int | str]
for v in values:
    print(type(v).__name__, sys.getsizeof(v))
for t in [object, int, bool, float, complex, str, bytes, bytearray, tuple, list, dict, set, frozenset, type, slice, range,
          types.FunctionType, types.ModuleType, memoryview, property, Exception, OSError, ImportError, Plain, Slots, SlotsDict,
          SlotsWeak, Int, List, Text, Float, Tuple, Error, Meta, Module]:
    print(t.__name__, t.__basicsize__, t.__itemsize__, t.__dictoffset__, t.__weakrefoffset__)


class Sized:
    def __sizeof__(self):
        return 1000


class Wrong:
    def __sizeof__(self):
        return "x"


class Negative:
    def __sizeof__(self):
        return -1


print(sys.getsizeof(Sized()), sys.getsizeof(Wrong(), "default"))
for v in Wrong(), Negative():
    try:
        sys.getsizeof(v)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
