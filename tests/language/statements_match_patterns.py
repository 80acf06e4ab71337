# match: literals, captures, wildcards, sequences, mappings, classes, or-patterns, guards, values, and binding rules.


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y


class Point3(Point):
    __match_args__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        super().__init__(x, y)
        self.z = z


class Colour:
    RED, GREEN = 1, 2


def describe(value):
    match value:
        case 0 | 0.5:
            return "zero or half"
        case -1:
            return "minus one"
        case -1.5:
            return "minus one and a half"
        case 10 | 11 | 12 as number:
            return f"ten to twelve: {number}"
        case True:
            return "true"
        case None:
            return "none"
        case "text" | b"bytes":
            return "text or bytes"
        case "a" "b":
            return "joined literal"
        case Colour.GREEN:
            return "value pattern"
        case str() as s if s.isdigit():
            return f"digits {s}"
        case str(s):
            return f"string {s}"
        case float():
            return "floating"
        case int(n) if n > 1000:
            return f"large {n}"
        case []:
            return "empty sequence"
        case [x]:
            return f"one element {x}"
        case [1, *rest]:
            return f"starts with one, rest {rest}"
        case [*_, 9]:
            return "ends with nine"
        case (a, b, (c, [d, *_])):
            return f"nested {a} {b} {c} {d}"
        case [_, _]:
            return "two elements"
        case [first, *middle, last]:
            return f"{first} {middle} {last}"
        case {"type": "circle", "radius": r}:
            return f"circle {r}"
        case {"type": t, **rest}:
            return f"type {t} with {rest}"
        case {1: _, "k": {"nested": [x, *_]}}:
            return f"deep mapping {x}"
        case {}:
            return "some mapping"
        case Point3(x, y, z=0):
            return f"flat 3d {x} {y}"
        case Point(0, 0):
            return "origin"
        case Point(x=0, y=y) | Point(x=y, y=0):
            return f"on an axis {y}"
        case Point(x, y) if x == y:
            return f"diagonal {x}"
        case Point(x, y):
            return f"point {x} {y}"
        case type():
            return "a class"
        case _:
            return "something else"


values = [
    0, 0.5, False, -1, -1.5, 11, True, 1, None, "text", b"bytes", "ab", 2, "123", "word", 2.25, 5000, 50, [], (), [7],
    (7,), [1, 2, 3], (1,), [2, 9], [0, 5, (6, [7, 8])], [5, 6], range(4), "no sequence", b"no", {1, 2}, iter([]),
    {"type": "circle", "radius": 2, "extra": 1}, {"type": "square", "side": 3}, {1: 0, "k": {"nested": "x"}},
    {1: 0, "k": {"nested": ["x"]}}, {}, {"z": 1}, Point(0, 0), Point(0, 5), Point(5, 0), Point(3, 3), Point(1, 2),
    Point3(1, 2, 0), Point3(1, 2, 3), int, object(), ..., [[]], [[1]], (1, 2, (3, (4,)))
]
for value in values:
    print(describe(value))


def bindings(value):
    match value:
        case [a, b] if a > b:
            return "descending", a, b
        case [a, b]:
            return "pair", a, b
        case {"k": v, **others}:
            return "mapping", v, others
        case (1 | 2 as n) | [n]:
            return "alternatives", n
        case n:
            return "capture", n


print(bindings([2, 1]), bindings((1, 2)), bindings({"k": 1, "z": 2}), bindings(2), bindings([5]), bindings("rest"))


def leaks(value):
    try:
        match value:
            case [x, 1]:
                pass
            case [_, y] if y == 5:
                pass
    finally:
        return sorted(set(locals()) - {"value"})


print(leaks([3, 1]), leaks([3, 5]), leaks([3, 4]), leaks(5))


class Weird:
    __match_args__ = ["x"]


class TooMany:
    __match_args__ = ("a",)
    a = 1


class BadName:
    __match_args__ = (5,)


class Duplicated:
    __match_args__ = ("a", "a")
    a = 1


class NoArgs:
    a = 1


for cls, count in ((Weird, 1), (TooMany, 2), (BadName, 1), (Duplicated, 2), (NoArgs, 1), (int, 2), (5, 1)):
    try:
        instance = cls() if isinstance(cls, type) else cls
        if count == 1:
            match instance:
                case cls(a):
                    print("matched", a)
                case _:
                    print("no match")
        else:
            match instance:
                case cls(a, b):
                    print("matched", a, b)
                case _:
                    print("no match")
    except TypeError as error:
        print(error)
for value in (5, "s", [1], (1,), {"a": 1}, {1}, frozenset([1]), 1.5, b"b", True):
    match value:
        case bool(x): print("bool", x)
        case int(x): print("int", x)
        case str(x) | bytes(x): print("text", x)
        case list(x) | tuple(x): print("sequence", x)
        case dict(x): print("dict", x)
        case set(x) | frozenset(x): print("set", x)
        case float(x): print("float", x)


class Seq:
    def __len__(self):
        return 2

    def __getitem__(self, i):
        return i


class MyDict(dict):
    def __missing__(self, key):
        return "invented"


class Attributes:
    def __getattr__(self, name):
        if name == "missing":
            raise AttributeError
        return f"dynamic {name}"


match Seq():
    case [a, b]: print("not reached")
    case _: print("a class with __getitem__ is no sequence")
match MyDict(a=1):
    case {"zz": x}: print("not reached", x)
    case {"a": x}: print("__missing__ is not asked", x)
match Attributes():
    case Attributes(missing=_): print("not reached")
    case Attributes(present=p): print(p)
match = 5
case = match + 1
print(match, case, [match for match in range(2)])
match [1, 2], 3:
    case [a, b], c: print(a, b, c)
match (1):
    case (1): print("parenthesised")
match {"x": -0.0}:
    case {"x": 0}: print("equal values match")
calls = []


def subject():
    calls.append("subject")
    return 7


match subject():
    case 1: pass
    case x if calls.append(f"guard {x}"): pass
    case 7: calls.append("third")
print(calls)
try:
    match {"a": 1}:
        case {"a": undefined_name_is_a_capture}: print(undefined_name_is_a_capture)
    match 1:
        case undefined.name: pass
except NameError as error:
    print(error)
for source in (
    "match x:\n case a: pass\n case b: pass", "match x:\n case _: pass\n case 1: pass", "match x:\n case a | b: pass",
    "match x:\n case [a, a]: pass", "match x:\n case 1 | a: pass", "match x:\n case {**r, 'k': 1}: pass",
    "match x:\n case {'k': 1, 'k': 2}: pass", "match x:\n case [*a, *b]: pass", "match x:\n case C(x=1, x=2): pass",
    "match x:\n case C(x=1, 2): pass", "match x:\n case 1 + 1: pass", "match x:\n case f'x': pass",
    "match x:\n case a.b(): pass", "match x:\n case {x: 1}: pass", "match x:\n case -a: pass",
    "match x:\n case 1 as _: pass", "match x:\n case a as b.c: pass", "match x:\n pass", "match x:\ncase 1: pass",
    "match x:\n case 1:\n", "match x:\n case: pass", "match:\n case 1: pass", "match x:\n case {**_}: pass",
    "match x:\n case 1 | 2 as a, b: pass", "match x:\n case *a: pass", "match x:\n case *a, b: pass",
    "match x:\n case (a): pass\n case [a]: pass"
):
    try:
        compile(source, "<s>", "exec")
        print(repr(source), "compiles")
    except SyntaxError as error:
        print(repr(source), "->", error.msg)
