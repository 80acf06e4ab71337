# OrderedDict: arguments, hooks of subclasses, errors of changed iteration, and long random lives against a list of pairs.
from _collections import OrderedDict as O


def attempt(source):
    try:
        print(source, "->", repr(eval(source, globals())))
    except BaseException as error:
        print(source, "raises", type(error).__name__, error)


def mk():
    return O([("a", 1), ("b", 2), ("c", 3)])


class Log(O):
    def __setitem__(self, k, v):
        print("set", k, v)
        super().__setitem__(k, v)

    def __getitem__(self, k):
        print("get", k)
        return super().__getitem__(k)

    def __delitem__(self, k):
        print("del", k)
        super().__delitem__(k)

    def __contains__(self, k):
        print("in", k)
        return super().__contains__(k)


class Miss(O):
    def __missing__(self, k):
        return "missing " + k


class Sub(O):
    pass


log = Log(a=1, b=2)
SOURCES = """
O(1)
O([1])
O([(1,2,3)])
O([(1,)])
O(['ab','cd'])
O({'a':1},b=2)
O([],[])
O(O(x=1))
O(a=1).update([1],[2])
O.update()
mk().move_to_end('a')
mk().move_to_end('zz')
mk().move_to_end()
mk().move_to_end('a',True,1)
mk().move_to_end('a',last=0)
mk().popitem()
mk().popitem(False)
mk().popitem(last=False)
mk().popitem(1,2)
O().popitem()
mk().pop('a')
mk().pop('zz')
mk().pop('zz',5)
mk().pop('zz',default=5)
mk().pop()
mk().pop(key='a')
mk().pop([])
mk().setdefault('a')
mk().setdefault('zz')
mk().setdefault('zz',default=4)
mk().setdefault()
mk().clear()
mk().copy()
mk().keys(), mk().values(), mk().items()
list(reversed(mk())), list(reversed(mk().keys())), list(reversed(mk().values())), list(reversed(mk().items()))
mk()==O([('b',2),('a',1),('c',3)])
mk()=={'b':2,'a':1,'c':3}
{'b':2,'a':1,'c':3}==mk()
mk()!=O([('b',2),('a',1),('c',3)])
mk()<mk()
mk().__eq__(1)
mk()|{'z':1}
{'z':1}|mk()
mk()|[('z',1)]
mk().__ior__([('z',1)])
mk().__or__(1)
mk().__reduce__()[:4], list(mk().__reduce__()[4])
iter(mk()).__reduce__()
iter(mk().items()).__reduce__()
sorted(set(dir(iter(mk())))-set(dir(object())))
type(iter(mk()))()
O.fromkeys('ab')
O.fromkeys('ab',1)
O.fromkeys('ab',value=1)
O.fromkeys(iterable='ab',value=1)
O.fromkeys()
Sub.fromkeys('ab')
repr(O()), repr(mk()), repr(Sub(a=1))
hash(mk())
O[int]
log.pop('a')
log.pop('q',7)
log.popitem()
log.setdefault('s',1)
log.setdefault('s',1)
log.update(m=1)
log.copy()
log.keys(), log.items()
list(log.values())
list(log.items())
log==Log(s=1,m=1)
Miss()['x'], Miss().pop('x',3)
Miss().pop('x')
Miss().setdefault('x')
mk().__dict__
mk().__sizeof__()>0
O.__init__
mk().__setitem__([],1)
mk().__delitem__('zz')
mk().__delitem__([])
mk()['zz']
'a' in mk(), len(mk()), mk().get('a')
mk().keys() & {'a'}
mk().items() - {('a',1)}
mk().items() == O(a=1).items()
"""
for source in SOURCES.strip().splitlines():
    attempt(source)
for op in ("d['zz'] = 1", "d['a'] = 5", "del d['c']", "d.move_to_end('a')", "d.popitem()", "d.clear()", "d.pop('b')"):
    for view in ("d", "d.items()", "reversed(d)"):
        d = mk()
        try:
            n = 0
            for x in eval(view):
                exec(op)
                n += 1
            print(op, view, "ok", n, d)
        except Exception as error:
            print(op, view, type(error).__name__, error)
d = mk()
d.x = 1
print(d.__dict__, d.__reduce__()[2], d.copy().__dict__)
d = O()
d["self"] = d
print(d)
state = 7


def random(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n


for keys in (5, 40, 400):
    d, model = O(), []
    for step in range(6000):
        what, k = random(10), random(keys)
        at = next((i for i, pair in enumerate(model) if pair[0] == k), -1)
        if what <= 3:
            d[k] = step
            if at >= 0:
                model[at] = (k, step)
            else:
                model.append((k, step))
        elif what == 4 and at >= 0:
            del d[k]
            del model[at]
        elif what == 5 and at >= 0:
            d.move_to_end(k)
            model.append(model.pop(at))
        elif what == 6 and at >= 0:
            d.move_to_end(k, last=False)
            model.insert(0, model.pop(at))
        elif what == 7 and model:
            assert d.popitem() == model.pop()
        elif what == 8 and model:
            assert d.popitem(last=False) == model.pop(0)
        elif what == 9 and random(100) == 0:
            d.clear()
            model.clear()
        if step % 50 == 0:
            assert list(d.items()) == model and list(reversed(d.values())) == [v for k, v in model[::-1]], step
            assert all(d[k] == v for k, v in model) and len(d) == len(model) and d == O(model)
    print(keys, list(d.items())[:5], len(d))
queue = O((i, i) for i in range(5000))
total = 0
for i in range(20000):
    key, value = queue.popitem(last=False)
    total += key
    queue[i + 5000] = i
    queue.move_to_end(i + 5000, last=i % 2)
    total += next(iter(queue))
print(total, len(queue))
