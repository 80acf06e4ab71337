# Exceptions from class bodies, default arguments, decorators, comprehensions, descriptors, iterators, keys and exits.


def fail(message="failed"):
    raise ValueError(message)


class Fails:
    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        fail(f"getattr {name}")

    def __iter__(self):
        fail("iter")

    def __next__(self):
        fail("next")

    def __len__(self):
        fail("len")

    def __bool__(self):
        fail("bool")

    def __hash__(self):
        fail("hash")

    def __eq__(self, other):
        fail("eq")

    def __lt__(self, other):
        fail("lt")

    def __contains__(self, item):
        fail("contains")

    def __getitem__(self, key):
        fail("getitem")

    def __setitem__(self, key, value):
        fail("setitem")

    def __delitem__(self, key):
        fail("delitem")

    def __call__(self):
        fail("call")

    def __enter__(self):
        fail("enter")

    def __exit__(self, *details):
        fail("exit")

    def __repr__(self):
        fail("repr")

    def __str__(self):
        fail("str")

    def __format__(self, spec):
        fail("format")

    def __index__(self):
        fail("index")

    def __int__(self):
        fail("int")

    def __float__(self):
        fail("float")

    def __neg__(self):
        fail("neg")

    def __add__(self, other):
        fail("add")

    def __radd__(self, other):
        fail("radd")

    def __iadd__(self, other):
        fail("iadd")

    def __reversed__(self):
        fail("reversed")

    def __round__(self, digits=None):
        fail("round")

    def __abs__(self):
        fail("abs")

    def __divmod__(self, other):
        fail("divmod")

    def __pow__(self, other, modulus=None):
        fail("pow")

    def __dir__(self):
        fail("dir")

    def __setattr__(self, name, value):
        fail("setattr")

    def __delattr__(self, name):
        fail("delattr")

    def __missing__(self, key):
        fail("missing")

    def __bytes__(self):
        fail("bytes")

    def keys(self):
        fail("keys")

    def write(self, text):
        fail("write")

    def __instancecheck__(self, instance):
        fail("instancecheck")

    def __subclasscheck__(self, subclass):
        fail("subclasscheck")

    def __mro_entries__(self, bases):
        fail("mro_entries")

    def __length_hint__(self):
        fail("length_hint")

    def __matmul__(self, other):
        fail("matmul")


f = Fails()
statements = r"""f.x
f.x = 1
del f.x
f[0]
f[0] = 1
del f[0]
f()
f + 1
1 + f
f += 1
-f
f == 1
f < 1
1 > f
f in [1]
1 in f
[1].index(f)
[f] == [1]
{f: 1}
{f}
{1: 2}[f]
hash(f)
not f
f and 1
1 if f else 2
while f: pass
assert f
for x in f: pass
[x for x in f]
a, b = f
[*f]
print(*f)
dict(**f)
{**f}
list(f)
sum(f)
max(f)
sorted([f, f])
min([f, f])
any([f])
all([f])
list(filter(None, [f]))
list(map(f, [1]))
list(zip(f))
list(enumerate(f))
next(f)
len(f)
list(range(f))
[1, 2][f]
[1, 2][f:]
[0] * f
'%d' % f
'%s' % f
'%r' % f
'{}'.format(f)
'{0.x}'.format(f)
'{0[0]}'.format(f)
f'{f}'
f'{f!r}'
str(f)
repr([f])
print(f)
print('x', file=f)
int(f)
float(f)
bytes(f)
abs(f)
round(f)
divmod(f, 1)
pow(f, 1)
pow(f, 1, 2)
reversed(f)
dir(f)
isinstance(1, f)
issubclass(int, f)
isinstance(1, (str, f))
with f: pass
with f as x, f as y: pass
class C(f): pass
class C: x = fail('class body')
class C(fail('bases')): pass
class C(metaclass=fail('metaclass')): pass
def g(a=fail('default')): pass
def g(*, a=fail('keyword default')): pass
def g(a: fail('annotation')): pass
lambda a=fail('lambda default'): 0
@fail('decorator')\ndef g(): pass
@f\ndef g(): pass
raise fail('raise')
raise ValueError from fail('cause')
raise ValueError(fail('argument'))
raise f
try: 1 / 0\nexcept fail('handler type'): pass
try: 1 / 0\nexcept f: pass
try: pass\nfinally: fail('finally')
try: pass\nexcept: pass\nelse: fail('else')
[fail('element') for x in [1]]
[x for x in fail('iterable')]
[x for x in [1] if fail('condition')]
{fail('key'): 1}
{1: fail('value')}
(lambda: fail('lambda'))()
(fail('generator') for x in [1]).__next__()
list(fail('lazy') for x in [1])
x = y = fail('assignment')
x[fail('subscript')] = 1
fail('callee')(1)
len(fail('argument'))
len(*fail('star'))
dict(**fail('double star'))
dict(a=fail('keyword'))
f'{fail("f-string")}'
f'{1:{fail("spec")}}'
1 < fail('comparison') < 2
0 or fail('or')
fail('if') if 1 else 2
del fail('del').x
global q; q = fail('global')
import no_such_module_at_all
assert 0, fail('assert message')
return_ = [i for i in iter(lambda: fail('sentinel'), 0)]
match f:\n case [1]: pass\n case {'k': 1}: pass\n case 5: pass
match 1:\n case 1 if fail('guard'): pass
match fail('subject'):\n case _: pass
exec("fail('exec')")
eval("fail('eval')")
type('X', (), {'__set_name__': 1, 'a': type('D', (), {'__set_name__': lambda *a: fail('set_name')})()})
setattr(f, 'x', 1)
getattr(f, 'x', 1)
hasattr(f, 'x')
'a'.join(f)
'abc'.translate(f)
''.join([f])
'a' * f
sum([1], f)
[].extend(f)
{}.update(f)
set().update(f)
{1}.union(f)
{f} if 0 else {1}.add(f)
sorted([1], key=f)
memo = {}; memo[f] = 1
print(1, sep=f)
open(f)
chr(f)
f @ 1
(1, 2)[f]
slice(f).indices(5)
range(10)[f]
divmod(1, f)
'{:{}}'.format(1, f)""".splitlines()
for statement in statements:
    source = statement.replace("\\n", "\n")
    try:
        exec(source, {"f": f, "fail": fail, "x": [0]})
        print(source.replace("\n", "; "), "-> nothing raised")
    except BaseException as error:
        chain = [f"{type(error).__name__}: {error}"]
        while error.__context__ is not None:
            error = error.__context__
            chain.append(f"{type(error).__name__}: {error}")
        print(source.replace("\n", "; "), "->", " <- ".join(chain))
