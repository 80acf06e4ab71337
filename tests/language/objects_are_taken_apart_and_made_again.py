# object.__reduce_ex__ of every protocol, __getstate__, and what copy makes of all kinds of objects.
import copy
import copyreg
import re
import sys
import types


class P:
    pass


class S:
    __slots__ = ('a', '__b', 'c')


class T(S):

    def __init__(self):
        self.z = 1


class L(list):
    pass


class D(dict):
    pass


class I(int):
    pass


class St(str):
    pass


class Tu(tuple):
    pass


class By(bytes):
    pass


class Se(set):
    pass


class E(Exception):
    pass


class NA:

    def __getnewargs__(self):
        return (1, 2)


class NAX:

    def __getnewargs_ex__(self):
        return ((1,), {'k': 2})


class BadNA:

    def __getnewargs__(self):
        return [1]


class BadNAX:

    def __getnewargs_ex__(self):
        return [1]


class BadNAX2:

    def __getnewargs_ex__(self):
        return (1, 2, 3)


class BadNAX3:

    def __getnewargs_ex__(self):
        return (1, {})


class BadNAX4:

    def __getnewargs_ex__(self):
        return ((), 1)


class GS:

    def __getstate__(self):
        return 'my state'


class WithSlotsOnly:
    __slots__ = ('x',)

    def __reduce__(self):
        return 'reduced'
p = P()
p.x = 1
s = S()
s.a = 5
s._S__b = 6
t = T()
t.c = 3
l = L([1, 2])
l.x = 1


def f():
    yield
vals = [
    object(), p, P(), s, S(), t, l, [1], D(a=1), {1: 2}, I(3), 3, 1.5, 2j, St('x'), 'x', Tu((1, 2)), (1,),
    By(b'x'), b'x', bytearray(b'a'), Se('a'), {1}, frozenset([1]), E(1, 2), ValueError(1), NA(), NAX(),
    BadNA(), BadNAX(), BadNAX2(), BadNAX3(), BadNAX4(), GS(), None, ..., NotImplemented, True, range(3),
    slice(1, 2), f, f(), [].append, str.join, int, type, P, memoryview(b''), property(), staticmethod(str),
    iter([1, 2]), iter((1,)), iter('ab'), iter({1: 2}), iter({1}), iter(range(3)), reversed([1]),
    enumerate('a'), zip('a'), map(len, 'a'), filter(None, 'a'), types.MappingProxyType({}), {}.keys(),
    sys._getframe(), f.__code__, types.SimpleNamespace(a=1), types.MethodType(len, []), super(T, t),
    P.__dict__['__dict__'], types.GenericAlias(list, (int,)), int | str, WithSlotsOnly(), types.CellType(1),
    sys.flags, sys.version_info,
]


def clean(r):
    text = re.sub('0x[0-9a-f]+', '0x', repr(r))
    return re.sub(r"'__doc__': (\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')", "'__doc__': a text", text)
for v in vals:
    for proto in (0, 1, 2, 4):
        try:
            r = clean(v.__reduce_ex__(proto))
        except BaseException as e:
            r = (type(e).__name__, str(e))
        print(type(v).__name__, proto, r)
    try:
        r = (clean(v.__getstate__()), getattr(v, '__dict__', 0) is v.__getstate__())
    except BaseException as e:
        r = (type(e).__name__, str(e))
    print('  state', r)
    for c in (copy.copy, copy.deepcopy):
        try:
            r = c(v)
            r = (type(r).__name__, r is v, clean(getattr(r, '__dict__', None)) if isinstance(getattr(r, '__dict__', None), dict) else None)
        except BaseException as e:
            r = (type(e).__name__, str(e))
        print('  ', c.__name__, r)
print(S.__slotnames__, T.__slotnames__, copyreg._slotnames(S))
try:
    object().__reduce_ex__('a')
except TypeError as e:
    print(e)
try:
    object().__reduce_ex__()
except TypeError as e:
    print(e)
