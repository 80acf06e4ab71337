# The text of the errors that programs meet most often: operators, attributes, names, items and iteration.


class Thing:
    slot = 1

    def method(self):
        pass


class Slotted:
    __slots__ = ("a",)


def function():
    pass


def generator():
    yield


thing, slotted, none, number, text, items, mapping, module = Thing(), Slotted(), None, 5, "abc", [1, 2], {"k": 1}, __import__("sys")
expressions = """1 + 'a'
'a' + 1
[] + ()
1 - 'a'
'a' - 'b'
{} + {}
None + 1
1 * None
'a' * 'b'
1 / 'a'
1 // None
1 % 'a'
[] % 2
2 ** 'a'
1 @ 2
1 << 'a'
1 & 'a'
1 | None
1 ^ 1.5
-'a'
+[]
~1.5
not_defined
thing.nope
thing.metod
Thing.nope
Thing.metho
none.attr
number.attr
text.attr
text.uper
items.push
mapping.key
function.nope
thing.method.nope
len.nope
module.nope
module.versio
int.nope
generator().nope
slotted.a
slotted.b
type.nope
object().x
(1).real.x
thing[0]
none[0]
number[0]
function[0]
Thing[0]
generator()[0]
items[10]
items['a']
items[1.5]
text[10]
text['a']
(1, 2)[5]
mapping['missing']
mapping[[]]
mapping[{}]
range(3)[5]
none()
number()
text()
items()
thing()
mapping()
module()
function.__code__()
none.x.y
iter(5)
iter(None)
list(5)
list(None)
tuple(thing)
[*5]
dict(5)
set(5)
sum(5)
max(5)
sorted(None)
len(5)
len(None)
len(thing)
len(generator())
'a' in 5
1 in None
1 in 'abc'
1 in thing
5 < 'a'
None < 1
[] < 1
{} < {}
thing < thing
1 < None
(1,) < [1]
sorted([1, 'a'])
max(1, 'a')
min([None, 1])
sum([1, 'a'])
sum(['a', 'b'])
int('x')
int(None)
int([])
float('x')
float(None)
abs('a')
abs(None)
round('a')
chr('a')
ord(5)
hex('a')
hex(1.5)
bin(None)
hash([])
hash({})
hash({1})
{[]: 1}
{{}}
isinstance(1, 5)
issubclass(1, int)
issubclass(int, 5)
isinstance(1, [int])
getattr(thing, 'nope')
getattr(thing, 5)
setattr(number, 'x', 1)
delattr(thing, 'nope')
next([])
next(iter([]))
reversed(5)
zip(5)
enumerate(5)
map(5)
' '.join([1])
' '.join(5)
''.join(None)
open(None)
open('/no/such/file')
open('/')
__import__('no_such_module')
__import__('')
__import__(5)
divmod(1, 'a')
pow('a', 2)
format(1, 5)
eval(5)
exec(5)
type('A', (5,), {})
type('A', (bool,), {})
super().x
all(5)
any(None)
filter(5, [1]).__next__()
[].index(5)
[].remove(5)
[].pop()
{}.popitem()
().index(1)
''.index('a')
range(1, 2, 0)
slice()
'%d' % 'a'
'%s %s' % 1
'{}'.format()
'{x}'.format()
b'a' + 'a'
'a' + b'a'
b'a'[5]
bytes('a')
b'a' in 'a'
1 if unknown else 2
lambda_ + 1
print(unknown_name)
[x for x in 5]
[y for x in [1]]
{**5}
function(*5)
function(**5)
function(1)
thing.method(1)
number.real()
none.method()
none['k'] + 1
text.foo.bar
Thing.method()
1 .x
NotImplemented[0]
thing @ thing
thing + 1
1 + thing
-thing
thing > 1
thing()()
type(thing)(1)
int.from_bytes()
generator().send(1)
(lambda: 1).x
Exception().x
Exception[0]
list[0]
list[int][0]
int[0]
print[0]""".splitlines()
for expression in expressions:
    try:
        code = compile(expression, "<e>", "eval")
    except SyntaxError as error:
        print(expression, "-> SyntaxError:", error.msg)
        continue
    try:
        print(expression, "=", type(eval(code)).__name__)
    except Exception as error:
        print(expression, "->", type(error).__name__ + ":", error)
statements = """del undefined
del thing.nope
del items[10]
del mapping['nope']
del text[0]
del number.x
text[0] = 'x'
number[0] = 1
none[0] = 1
none.x = 1
number.x = 1
text.x = 1
(1, 2)[0] = 1
function[0] = 1
Thing[0] = 1
int.x = 1
slotted.b = 1
len.x = 1
items['a'] = 1
items[10] = 1
mapping[[]] = 1
for x in 5: pass
for x in None: pass
for x in thing: pass
with 5: pass
with thing: pass
with None as x: pass
a, b = 1
a, b = [1]
a, b = 1, 2, 3
import no_such_module
import no_such.module
from sys import no_such_name
import sys.nope
from no_such import x
from . import x
raise 5
raise None
assert False
assert 0, 'message'
x: undefined_annotation = 1
class C(undefined_base): pass
class C(5): pass
class C(int, str): pass
class C(object, Thing): pass
class C(bool): pass
class C(Thing, Thing): pass
class C(function): pass
class C(None): pass
class C(metaclass=5): pass
class C(Thing, x=1): pass
@undefined_decorator\ndef f(): pass
global_undefined += 1
mapping['nope'] += 1
thing.nope += 1
none += 1
text -= 'a'
items += 5
number @= 1""".splitlines()
for statement in statements:
    statement = statement.replace("\\n", "\n")
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__ + ":", error)
