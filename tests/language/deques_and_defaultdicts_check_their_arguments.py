# The types of _collections: arguments right and wrong, results, and the words of the errors.
import _collections as C
from _collections import defaultdict, deque


def attempt(source):
    try:
        result = repr(eval(source, globals()))
        while " at 0x" in result:
            start = result.index(" at 0x")
            result = result[:start] + result[result.index(">", start):]
        print(source, "->", result)
    except BaseException as error:
        print(source, "raises", type(error).__name__, error)


def mk():
    return deque([1, 2, 3])


SOURCES = """
deque(1)
deque([1],-1)
deque([1],'a')
deque([1],None)
deque([1,2,3],2)
deque(iterable=[1],maxlen=3)
deque([1],2,3)
deque(foo=1)
deque(maxlen=3)
deque([1],2**70)
deque().pop()
deque().popleft()
mk().remove(7)
mk().index(7)
mk().index(2,0,1)
mk().index()
mk().index(2,'a')
mk().insert('a',1)
mk().insert(1)
deque([1],1).insert(0,1)
mk().rotate('a')
mk().rotate(1,2)
mk().rotate(n=1)
mk()[5]
mk()['a']
mk()[1.5]
mk()[0:1]
mk().__setitem__(7,1)
mk().__delitem__(7)
mk()+[1]
mk()+deque([4])
mk()*2
mk()*'a'
2*mk()
mk()*-1
deque([1,2],3)*4
mk()*2**62
mk()<deque([1,4])
mk()==[1,2,3]
mk()<[1]
hash(mk())
mk().append()
mk().append(1,2)
mk().extend(1)
mk().extendleft('ab')
mk().count()
mk().copy()
mk().__copy__()
mk().__reduce__()
deque([1],4).__reduce__()
iter(mk()).__reduce__()
reversed(mk()).__reduce__()
type(iter(mk()))
C._deque_iterator()
C._deque_iterator(1)
list(C._deque_iterator(mk(),1))
list(C._deque_iterator(mk(),index=1))
C._deque_iterator(mk(),'a')
list(C._deque_reverse_iterator(mk(),1))
iter(mk()).__length_hint__()
mk().maxlen
deque([],2).maxlen
1 in mk()
mk().__contains__(4)
mk().reverse()
repr(deque([],5))
repr(mk())
deque.__class_getitem__(int)
mk().__iadd__([3])
mk().__iadd__(1)
mk().__imul__(2)
deque([1,2],3).__imul__(2)
mk().__init__([1],2,3)
mk().maxlen.__class__
defaultdict(1)
defaultdict(None)
defaultdict(list,[(1,2)])
defaultdict(list,a=1)
defaultdict(list,1)
defaultdict(default_factory=list)
defaultdict()[1]
defaultdict(list).__missing__(3)
defaultdict().__missing__(3)
defaultdict(list,{1:2}).__reduce__()
defaultdict(None,{1:2}).__reduce__()
defaultdict(list,{1:2}).copy()
defaultdict(list,{1:2}).__copy__()
defaultdict(list,{1:2})|{3:4}
{3:4}|defaultdict(list,{1:2})
defaultdict(list,{1:2})|[(1,2)]
[(1,2)]|defaultdict(list,{1:2})
defaultdict(list,{1:2}).default_factory
C._tuplegetter(1,'doc')
C._tuplegetter()
C._tuplegetter('a',1)
C._tuplegetter(1,'doc').__get__((1,2))
C._tuplegetter(1,'doc').__get__((1,))
C._tuplegetter(1,'doc').__get__(None,int)
C._tuplegetter(1,'doc').__get__([1,2])
C._tuplegetter(1,'doc').__get__(1)
C._tuplegetter(1,'doc').__set__((1,2),3)
C._tuplegetter(1,'doc').__delete__((1,2))
C._tuplegetter(1,'doc').__reduce__()
C._tuplegetter(1,'doc').__doc__
C._tuplegetter(1,2).__doc__
C._tuplegetter(-1,2).__get__((1,2))
C._count_elements()
C._count_elements({},1)
C._count_elements({},'aab')
C._count_elements(1,'aab')
"""
for source in SOURCES.strip().splitlines():
    attempt(source)
