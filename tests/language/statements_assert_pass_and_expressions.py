# assert, pass, expression statements, annotations, semicolons, line joining, docstrings and global statements.


def check(condition, *message):
    try:
        if message:
            assert condition, message[0]
        else:
            assert condition
        return "passed"
    except AssertionError as error:
        return f"{error!r} {error}"


print(
    check(1), check(0), check([], "message"), check(None, ("a", 1)), check("", None), check(0, 5),
    check([0], "unused")
)
pass; pass
...
"expression"
1 + 1; 2 * 2; x = 3; print(x)
if x: pass
total = 1 + \
    2 + \
    3
parenthesised = (
    1
    + 2  # a comment inside
    # a whole line

    + 3
)
listed = [
    1, 2,
    3,
]
print(total, parenthesised, listed, "implicit " "joining "
      'of literals', """triple
lines""", 1 if 1 else 2)
a: int = 5
b: str
(c): float = 1.5
listed[0]: "subscript target is evaluated, annotation too" = 9
check.attribute: int = 7
print(__annotations__, a, c, listed, check.attribute)
try:
    b
except NameError as error:
    print(error)


def annotated():
    local: undefined_but_not_evaluated = 1
    other: also_undefined
    return local, sorted(locals())


def documented():
    """The docstring."""
    "not part of it"


def not_documented():
    f"an f-string is {1} no docstring"


class Documented:
    """Class
    docstring."""


print(annotated(), documented.__doc__, not_documented.__doc__, Documented.__doc__, __doc__)
def one_line(): return 1
class OneLine: x = 1; y = 2
print(one_line(), OneLine.x, OneLine.y)
try: raise ValueError
except ValueError: print("one-line try")
finally: print("one-line finally")
with open(__file__) as f: first = f.readline()
print(first.startswith("# assert"))
if True:
	tab_indented = 1
	if tab_indented:
	    mixed_but_consistent = 2
print(tab_indented + mixed_but_consistent)
if 1:
      print("six")
      if 1:
       print("seven")
print(type(...), None is None, Ellipsis is ..., NotImplemented is NotImplemented, __debug__, not __debug__)
lambda: (yield)
[1, 2, 3][1]
{}.get
"no effect".upper()
print(
    (lambda: None)(), (lambda *a, **k: (a, k))(1, *[2], x=3, **{"y": 4}), (lambda x, /, y, *, z: x + y + z)(1, 2, z=3)
)
日本 = "unicode identifiers"
ñ, ﬁ = 1, 2
print(日本, ñ, fi, "ﬁ" in globals(), "fi" in globals())
print(0xFF, 0o17, 0b11, 1_000, 1e3, 1.5e-3, .5, 5., 0_0, 1_0.1_0, 0XAB, 0B1, 1E5)
_ = 5
__ = _ + 1
print(_, __)
x = y = z = []
x.append(1)
print(y is z, z)
(x) = 1
[x] = [2]
print(x)
x = 1,
print(x)
x = *[1, 2], 3
print(x)
print(*[], sep="")
nonlocal_name = 5
def f():
    x = 1
    def g():
        nonlocal x; x += 1; return x
    return g(), g()
print(f())
if x:
    # only a comment before the body
    print("after the comment")
	
print("blank line with a tab above")
