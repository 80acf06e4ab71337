# Globals, builtins, modules and the parts of functions change under hot code that reads them.
import sys, builtins, types
# globals of many kinds
def reads(): return g1, len([1]), abs(-2)
g1 = 1
for i in range(30):
    if i == 8: g1 = 2
    if i == 9:
        for k in range(50): globals()[f'extra{k}'] = k
    if i == 10:
        for k in range(49): del globals()[f'extra{k}']
    if i == 11: len = lambda x: 'shadow'
    if i == 12: del len
    if i == 13: builtins.len, keep = (lambda x: 'patched'), builtins.len
    if i == 14: builtins.len = keep
    if i == 15: globals()[3] = 4
    if i == 16: globals().pop(3)
    if i == 17: del g1; builtins.g1 = 'b'
    if i == 18: del builtins.g1
    if i == 19: globals().update(g1=7)
    if i == 20: abs = 5
    if i == 21: del abs
    if i == 22:
        saved = dict(globals()); 
        for k in list(globals()):
            if k.startswith('extra'): globals().pop(k)
    if i == 23: builtins.abs, keepa = (lambda x: 'pa'), builtins.abs
    if i == 24: builtins.abs = keepa
    try: print(i, reads())
    except Exception as e: print(i, type(e).__name__, e)
# one code, several globals
code = compile('''
def f():
    global c
    c = c + 1
    return c, helper(3)
''', 'm', 'exec')
spaces = []
for n in range(4):
    ns = {'c': n * 100, 'helper': (lambda k: lambda x: (k, x))(n)}
    exec(code, ns); spaces.append(ns)
for i in range(40):
    print([ns['f']() for ns in spaces])
    if i == 20: spaces[1]['__builtins__'] = {'q': 1}
    if i == 22: spaces[2].clear(); spaces[2].update(c=5, helper=str, f=spaces[0]['f'])
class NS(dict):
    def __missing__(self, k): return k
fn = types.FunctionType((lambda: (g1, zork)).__code__, {'g1': 1})
for i in range(20):
    try: print(fn())
    except NameError as e: print(e)
    if i == 10: fn.__globals__['zork'] = 9
    if i == 13: fn.__globals__.clear()
# modules
m = types.ModuleType('m')
m.x = 1; m.f = lambda *a: a
def use(m):
    return m.x, m.f(1), m.f(m.x)
class Sub(types.ModuleType):
    @property
    def x(self): return 'sub'
for i in range(40):
    try: print(i, use(m))
    except Exception as e: print(i, e)
    if i == 9: m.x = 2
    if i == 10: del m.x
    if i == 11: m.__getattr__ = lambda n: n
    if i == 12: m.x = 8
    if i == 13: m.__dict__['x'] = 9
    if i == 14: m.__dict__.clear()
    if i == 15: m.x = 1; m.f = print
    if i == 16: m.f = m
    if i == 17: m.f = len
    if i == 18: m.f = lambda *a: a
    if i == 20: m.__class__ = Sub
    if i == 22: m.__class__ = types.ModuleType
    if i == 25:
        for k in range(40): setattr(m, f'n{k}', k)
    if i == 27:
        for k in range(40): delattr(m, f'n{k}')
# exec with locals
def hot(ns):
    exec('y = x + 1\nfor i in range(3): y += i\nz = [q for q in range(y)]', ns)
    return ns['y'], ns['z']
for i in range(12): print(hot({'x': i if i % 3 else float(i)}) if i % 3 else i)
# functions' code and defaults
def h(a, b=1, *, c=2): return a, b, c
def h2(a, b=1, *, c=2): return 'h2', a, b, c
def h3(a): return 'h3', a
def callh(): return h(1), h(1, 2), h(1, c=5), h(a=1), h(1, *[2])
for i in range(40):
    try: print(callh())
    except TypeError as e: print(e)
    if i == 8: h.__defaults__ = (9,)
    if i == 10: h.__kwdefaults__ = {'c': 77}
    if i == 12: h.__kwdefaults__['c'] = 78
    if i == 14: h.__code__, old = h2.__code__, h.__code__
    if i == 16: h.__code__ = old
    if i == 18: h.__defaults__ = None
    if i == 20: h.__defaults__ = (1, 2)
    if i == 22: h.__kwdefaults__ = None
    if i == 24: h.__kwdefaults__ = {'c': 3, 'd': 5}
    if i == 26: h.__code__ = h3.__code__
    if i == 28: h.__code__ = old
    if i == 30: h.__defaults__ = (5, 6, 7)
    if i == 32: h.__defaults__ = ()
