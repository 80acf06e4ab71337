# and, or, not and conditional expressions: short circuits, returned operands and use in conditions.


def t(x):
    print("t", x, end="; ")
    return x


print(t(1) and t(2), t(0) and t(2), t(1) or t(2), t(0) or t(2), t("") or t([]) or t({}), t(1) and t([]) and t(3))
print(
    t(0) and t(1) or t(2), t(1) and (t(0) or t(3)), not t(0), not t(1) or t(5), not (t(0) or t(0)),
    (t(0) or t(1)) and t(2)
)
print(
    "a" if t(1) else "b", "a" if t(0) else "b", "a" if t(0) else "b" if t(0) else "c", ("x" if t(1) else "y") + "z",
    [t(i) if i % 2 else -i for i in range(4)]
)
print(
    None or "default", "" or None, 0 or 0.0, [] and "x", () or {} or set() or "last", 1 and 2 and 3, 1 and 0 and 3,
    not not [0], not "", 5 and not 5
)
if t(0) or t(1):
    print("or taken")
if t(1) and not t(0):
    print("and not taken")
if not (t(1) and t(0)) and (t(0) or t("x")):
    print("mixed taken")
i = 0
while i < 5 and not i == 3 or i == 10:
    i += 1
print(i, [x for x in range(20) if x % 2 == 0 and x % 3 == 0 or x == 5], [x for x in range(10) if not x % 4])


class NoTruth:
    def __bool__(self):
        raise RuntimeError("asked for truth")


n = NoTruth()
for function in (
    lambda: n and 1, lambda: n or 1, lambda: not n, lambda: 1 if n else 2, lambda: [x for x in [n] if x],
    lambda: all([n]), lambda: any([n]), lambda: list(filter(None, [n]))
):
    try:
        print(function())
    except RuntimeError as error:
        print(error)
print((0 or n) is n, (1 and n) is n)


class Counted:
    count = 0

    def __bool__(self):
        Counted.count += 1
        return False


c = Counted()
print(
    (c or c or c) is c, Counted.count, (c and c) is c, Counted.count, not c, Counted.count, 1 if c else 2,
    Counted.count
)
assert t(1), t("not evaluated")
try:
    assert t(0) or t(None), t("message")
except AssertionError as error:
    print(repr(error))
x = y = z = 0
x = y or 5
y = x and 7
z = x if not z else y
print(
    x, y, z, (lambda a, b=0: a or b)(0), (lambda a, b=0: a and b)(1), True and None, False or (), [1] and [0] and [[]]
)
print(
    1 if 1 else 2 if 0 else 3, (1 if 0 else 2) if 1 else 3, lambda: (1 if 0 else 2), sep="|"
) if 0 else print("no lambda printed")
del x
print("x" in dir() or "deleted", __debug__ and "debug")
