# Everything in _functools and _operator: arguments right and wrong, results, and the words of the errors.
import _functools as F
import _operator as O
from _functools import *


def attempt(source):
    try:
        result = repr(eval(source, globals()))
        while " at 0x" in result:
            start = result.index(" at 0x")
            result = result[:start] + result[result.index(">", start):]
        print(source, "->", result)
    except BaseException as error:
        print(source, "raises", type(error).__name__, error)


def f(*a, **k):
    return (a, k)


p = partial(f, 1, 2, x=3)
q = partial(p, 4, y=5)
lw = F._lru_cache_wrapper(f, None, False, tuple)
lw2 = F._lru_cache_wrapper(f, 2, True, lambda *a: a)
k = cmp_to_key(lambda a, b: a - b)


class PS(partial):
    pass


ps = PS(f, 1)
ps.z = 2
SOURCES = """
partial()
partial(1)
partial(func=f)
p.func is f, p.args, p.keywords
p(7,z=8)
p(x=9)
q.func is f, q.args, q.keywords
partial(ps,3).func
q(1)
p.__dict__
p.__reduce__()[1:]
ps.__reduce__()[2][1:]
p.__setstate__(1)
p.__setstate__((1,2))
p.__setstate__((1,2,3,4))
p.__setstate__((f,[1],{},None))
p.__setstate__((f,(1,),[],None))
p.__setstate__((f,(1,),None,None))
p()
p.__setstate__((f,(1,),{'a':1},{'b':2}))
p.b, p()
partial(f, 1).__call__(2)
setattr(p,'func',1)
delattr(p,'args')
repr(partial(int, 1, base=2))
repr(PS(int,1))
partial[int]
reduce()
reduce(1)
reduce(max,[])
reduce(max,[],3)
reduce(max,[1,5,2])
reduce(max,1)
reduce(max,[1],2,3)
reduce(function=max,sequence=[])
reduce(lambda a,b:a+b,"abc",initial=1)
cmp_to_key()
cmp_to_key(1)
cmp_to_key(mycmp=max)
cmp_to_key(max,1)
k(1)<k(2), k(1)==k(1), k(1)!=k(1), k(3)>=k(2), k(3)<=k(2),k(3)>k(2)
k(1)<2
k()
k(obj=3).obj
k(1,2)
hash(k(1))
k(1).obj
k.obj
type(k).__name__, type(k) is type(k(1)), type(k).__module__
k(1).__call__(2)
sorted([3,1,2],key=k)
setattr(k(1),'obj',5)
F._lru_cache_wrapper()
F._lru_cache_wrapper(1,2,3,4)
F._lru_cache_wrapper(max,'a',3,tuple)
F._lru_cache_wrapper(max,1,3,4)
lw(1), lw(1), lw(x=1)
lw.cache_info()
lw.cache_clear()
lw.cache_info()
lw2(1),lw2(1.0),lw2(2),lw2(1)
lw2.cache_info()
lw.__wrapped__
lw.__dict__
lw2.__reduce__()
lw.__get__(None,int) is lw
lw.__get__(5)
lw.__copy__() is lw
lw.__deepcopy__(1) is lw
lw([])
lw.__name__
lw.cache_parameters
O.itemgetter()
O.itemgetter(1)
O.itemgetter(1,2)([5,6,7])
O.itemgetter(1)([5,6,7])
O.itemgetter(1)(1)
O.itemgetter('a')({'a':1})
O.itemgetter(9)((1,))
O.itemgetter(1)()
O.itemgetter(1)(1,2)
O.itemgetter(1)(a=1)
O.itemgetter(a=1)
O.itemgetter(1,'a').__reduce__()
O.itemgetter(slice(1,2))('abc')
O.attrgetter()
O.attrgetter(1)
O.attrgetter('real')
O.attrgetter('real','imag')(3)
O.attrgetter('real.imag','imag')(3)
O.attrgetter('foo')(3)
O.attrgetter('real.foo')(3)
O.attrgetter('real','a.b').__reduce__()
O.attrgetter('')(3)
O.attrgetter('a')()
O.attrgetter(x=1)
O.attrgetter('a')(b=1)
O.attrgetter('x.y.z')
O.methodcaller()
O.methodcaller(1)
O.methodcaller('upper')
O.methodcaller('upper')('a')
O.methodcaller('split','b',maxsplit=1)
O.methodcaller('split','b',maxsplit=1)('abbc')
O.methodcaller('split','b').__reduce__()
O.methodcaller('foo')(1)
O.methodcaller('upper')()
O.methodcaller('upper')('a','b')
O.methodcaller(name='upper')
O.methodcaller('upper')(x=1)
O._compare_digest('a','a')
O._compare_digest('a',b'a')
O._compare_digest('é','a')
O._compare_digest(b'a',bytearray(b'a'))
O._compare_digest(1,2)
O.add(1,'a')
O.add(1)
O.add(1,2,3)
O.add(a=1,b=2)
O.truth([])
O.not_([])
O.is_(1,1),O.is_not(1,1)
O.concat(1,2)
O.concat([1],[2])
O.concat([1],2)
O.iconcat([1],'a')
O.iconcat(1,2)
O.contains([1],1)
O.countOf([1,1,2],1)
O.countOf(1,1)
O.indexOf([1,2],2)
O.indexOf([1,2],3)
O.indexOf(1,3)
O.delitem([1],0)
O.setitem([1],0,2)
O.getitem([1],0)
O.length_hint([1,2])
O.length_hint(1)
O.length_hint(1,5)
O.length_hint(1,'a')
O.length_hint(iter([1,2]))
O.call(max,1,2)
O.call()
O.index(True)
O.index(1.5)
O.pow(2,3), O.ipow(2,3), O.matmul(1,2)
O.inv(5),O.invert(5),O.neg(5),O.pos(5),O.abs(-5)
O.lt(1,2),O.le(1,2),O.eq(1,2),O.ne(1,2),O.ge(1,2),O.gt(1,2)
O.add
O.floordiv(7,2),O.truediv(7,2),O.mod(7,2),O.lshift(1,3),O.rshift(8,1),O.and_(6,3),O.or_(6,3),O.xor(6,3)
O.iadd([1],[2]),O.isub(1,2),O.imul([1],2)
O.itemgetter.__call__
"""
for source in SOURCES.strip().splitlines():
    attempt(source)
