# What the interpreter made before the program began lives as long as the program does, and so does what it is made to
# refer to later.
import _imp
import gc
import os
import sys
import types
import weakref


def churn():
    [bytes(1 << 16) for _ in range(100)]
    [(i, str(i), [i]) for i in range(200)]
    gc.collect()


def describe(value, depth=0):
    if isinstance(value, types.CodeType):
        return (value.co_name, value.co_names, value.co_varnames, tuple(describe(c) for c in value.co_consts))
    if isinstance(value, (str, bytes, int, float, tuple, frozenset, type(None))):
        return repr(sorted(value) if isinstance(value, frozenset) else value)
    return type(value).__name__


def everything():
    found = []
    for name in ("os", "posixpath", "abc", "codecs", "io", "stat", "genericpath"):
        module = sys.modules[name]
        for key, value in sorted(vars(module).items()):
            if isinstance(value, types.FunctionType):
                found.append((name, key, describe(value.__code__), value.__code__.co_filename, value.__name__))
    for cls in (str, int, dict, list, tuple, type, object, BaseException, OSError):
        found.append((cls.__name__, cls.__mro__, sorted(vars(cls)), cls.__bases__))
    return found


before = repr(everything())
for _ in range(5):
    churn()
print(len(before) > 10000, repr(everything()) == before)

# A code object of the interpreter's own is told another file name, which nobody else keeps.
code = os.path.join.__code__
old = code.co_filename
_imp._fix_co_filename(code, "".join(["/somewhere", "/else/", str(len(sys.argv)), ".py"]))
for _ in range(5):
    churn()
print(code.co_filename)
_imp._fix_co_filename(code, old)
churn()
print(code.co_filename == old, os.path.join("a", "b"))


# Classes below built-in ones, attributes and operators that come and go.
class Child(dict):
    pass


for round in range(3):
    Child.__len__ = lambda self, n=round: 100 + n
    churn()
    print(len(Child()), len({}), len(dict.__subclasses__()) > 0)
del Child.__len__
churn()
print(len(Child(a=1)))

# What the program made dies as ever.
class Box:
    def __init__(self, content):
        self.content = content


box = Box((1, "two", b"three", 4.5))
seen = weakref.ref(box)
box = None
churn()
print(seen() is None)


# Pairs that loops hand out are not kept as they were.
def pairs(mapping):
    for key, value in mapping.items():
        yield key, value
    for number, value in enumerate(mapping):
        yield number, value
    for left, right in zip(mapping, [[1], [2], [3]]):
        yield left, right


walking = pairs({"a": [1], "b": [2], "c": [3]})
for pair in walking:
    churn()
    print(pair)
