# Values of every kind on the stack, among them those whose own text would run code of the program.
class Loud:
    def __repr__(self):
        print("repr was called")
        return "loud"

    __str__ = __format__ = __hash__ = __eq__ = __repr__

    def __getattr__(self, name):
        print("getattr was called", name)
        raise AttributeError(name)


class Meta(type):
    def __repr__(cls):
        print("repr of a class was called")
        return "meta"


class Made(metaclass=Meta):
    pass


class Number(int):
    def __repr__(self):
        print("repr of a number was called")
        return "number"


class Sequence(list):
    def __iter__(self):
        print("iter was called")
        return iter(())


class Error(Exception):
    def __str__(self):
        print("str was called")
        return "error"

    __repr__ = __str__


loud = Loud()
cell = (lambda: loud).__closure__
values = (
    None, True, ..., NotImplemented, 0, -5, 2**62, 10**30, -10**60, 2**2000, 1.5, -0.0, 1e300, float("nan"), 1 + 2j,
    "text", "it's", 'both \' and "', "tab\tnewline\nnul\0", "\u00e9\u20ac\U0001f40d\ud800\u200b", "x" * 100, b"bytes",
    b"\xff\0", bytearray(b"a")
)
a = values[0:4]
b = values[4:10]
c = values[10:15]
d = values[15:20]
e = values[20:]
f = [], [1], [1, 2, 3, 4, 5, 6, 7], [[[["deep"]]]]
g = {}, {"k": [1]}, {1, }, set(), frozenset(), frozenset({2})
h = range(3), range(1, 9, 2), slice(1, None), (1, ), ()
j = loud, Made, Made(), Number(3), Sequence([1]), Error(loud, "x")
k = len, [].append, loud.__init__, int, print, type, Loud.__repr__, (lambda: 0), __import__("sys"), str.join
l = iter([]), iter({}), {}.items(), zip(), (x for x in ()), memoryview(b""), property(), super, object()
cycle = []
cycle.append(cycle)
m = cycle
n = loud is loud
many = [0, 1, 2, 3, 4, 5, 6, 7, 8, loud, [9]]
print("done")
