# The wording of every TypeError for a call that does not fit the signature.


def none():
    pass


def one(a):
    pass


def two(a, b):
    pass


def three(a, b, c):
    pass


def optional(a, b=1):
    pass


def all_optional(a=1, b=2):
    pass


def keyword_only(*, x):
    pass


def two_keyword_only(*, x, y):
    pass


def three_keyword_only(a, *, x, y, z=1):
    pass


def positional_only(a, b, /):
    pass


def mixed(a, /, b, *, c):
    pass


def variadic(a, *args):
    pass


def keywords(a, **kwargs):
    pass


class Thing:
    value = None

    def __init__(self, value):
        pass

    def method(self, a):
        pass

    @classmethod
    def build(cls, a):
        pass

    @staticmethod
    def free(a):
        pass

    def nothing():
        pass


class Plain:
    pass


class WithNew:
    def __new__(cls, a):
        return object.__new__(cls)


def outer():
    def inner(a):
        pass
    return inner


thing = Thing(1)
five = 5
calls = """none(1)
none(1, 2)
none(x=1)
none(*[1])
none(**{'x': 1})
one()
one(1, 2)
one(b=1)
one(1, a=2)
one(1, 2, b=3)
one(1, x=2)
two()
two(1)
two(b=1)
two(1, 2, 3)
two(1, b=2, c=3)
two(1, 2, a=3)
three()
three(1)
three(1, c=2)
three(*[1, 2, 3, 4])
optional()
optional(1, 2, 3)
optional(b=1)
all_optional(1, 2, 3)
all_optional(c=1)
all_optional(1, 2, 3, 4, c=5)
keyword_only()
keyword_only(1)
keyword_only(1, x=2)
keyword_only(1, 2, 3, x=2)
keyword_only(y=1)
two_keyword_only()
two_keyword_only(x=1)
two_keyword_only(1, x=1)
three_keyword_only()
three_keyword_only(1)
three_keyword_only(1, 2, x=1, y=2)
positional_only()
positional_only(1)
positional_only(a=1, b=2)
positional_only(1, b=2)
positional_only(1, 2, 3)
positional_only(1, 2, a=3)
mixed()
mixed(1)
mixed(1, 2)
mixed(a=1, b=2, c=3)
mixed(1, 2, 3, c=4)
mixed(1, 2, c=4, d=5)
variadic()
variadic(a=1, b=2)
variadic(1, a=1)
keywords()
keywords(1, 2)
keywords(1, a=2)
keywords(1, **{'a': 2})
Thing()
Thing(1, 2)
Thing(v=1)
thing.method()
thing.method(1, 2)
thing.method(b=1)
Thing.method()
Thing.method(1)
Thing.build()
Thing.build(1, 2)
Thing.free()
thing.free(1, 2)
thing.nothing()
Plain(1)
Plain(x=1)
WithNew()
WithNew(1, 2)
outer()()
outer()(1, 2)
(lambda: 0)(1)
(lambda a: 0)()
(lambda a, *, b: 0)(1)
one(1, **5)
one(*5)
one(*None)
one(**[1])
one(**{1: 2})
keywords(1, **{'x': 1}, **{'x': 2})
keywords(x=1, **{'x': 2})
keywords(1, **{1: 2})
two(*[1], **{'a': 1})
five()
thing()
thing.value()
Thing.build()()
[].append()
[].append(1, 2)
[].append(x=1)
{}.get()
{}.get(1, 2, 3)
len()
len(1, 2)
len(5)
len(x=[])
abs()
ord(1, 2)
isinstance(1)
isinstance(1, 2)
int(1, 2, 3)
str(1, 2, 3, 4)
print(sep=1)
print(end=1)
print(nope=1)
sorted()
sorted(1)
sorted([1], 2)
max()
max(1)
max([])
max(1, 2, nope=3)
max(1, 2, default=3)
min([], default=None, key=5)
sum()
sum(1)
sum(['a'])
sum([1], 'a')
zip(1)
zip([1], strict=5)
enumerate()
enumerate(5)
map()
map(len)
list(map(5, [1]))
filter(1)
iter()
iter(5)
iter(5, 1)
next()
next(5)
getattr(1)
getattr(1, 2)
setattr(1, 'a')
hasattr(1, 2)
reversed(5)
reversed({1})
round('a')
round()
divmod(1)
chr()
type()
type(1, 2)
type('a', 5, {})
object(1)
object.__init__(1, 2)
super()
super(5)
super(int, 'a')
callable()
hash()
id()
repr()
input(1, 2)
open()
range(1, 2, 3, 4)
slice()
property(1, 2, 3, 4, 5)
classmethod()
staticmethod(1, 2)
vars(1, 2, 3)
bool(1, 2)
tuple(1, 2)
'a'.join()
'a'.split(1, 2, 3)
'a'.replace(x=1)
'a'.encode(nope=1)
str.upper()
str.upper(5)
list.append(5, 1)
int.__add__()
int.__add__(1)
int.__add__('a', 1)
dict.fromkeys()
''.format_map()
(1).bit_length(2)
(5).__add__(1, 2)
object().__eq__()""".splitlines()
for call in calls:
    try:
        value = eval(call)
        print(call, "=", type(value).__name__)
    except Exception as error:
        print(call, "->", type(error).__name__ + ":", error)
