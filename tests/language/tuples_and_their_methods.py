# Tuples: literals, indexing, concatenation, comparison, hashing, methods, and what they refuse.

t = (1, "two", 3.0, None, (4, [5]))
print(
    t, (), (1,), tuple(), tuple("ab"), tuple([1, 2]), 1, 2, (1), len(t), t[0], t[-1][1][0], t[1:3], t[::-1], t[5:],
    t[True], t * 2, 2 * (1,), t + (6,), (1,) * 0, (1,) * -1
)
print(
    (1, 2) == (1, 2), (1, 2) != (1, 3), (1, 2) < (1, 3), (1,) < (1, 0), (2,) > (1, 9), () <= (), (1, 2) == [1, 2],
    (1, "a") == (1, "a"), (1.0, True) == (1, 1), ((1, 2), 3) < ((1, 2), 4)
)
print(
    hash((1, 2)) == hash((1, 2)), hash(()) == hash(tuple()), hash((1, 2)) == hash((2, 1)), hash((1, (2, 3))),
    hash(()), hash((1,)), hash((1, 2, 3)), hash((0.5, -1, 2**65, True))
)
print(
    (1, 2, 1).count(1), (1, 2, 1).index(1, 1), 2 in (1, 2), None in t, [5] in (4, [5]), (1, 2, 3).index(3),
    ("a",).count("b"), {(1, 2): "key"}[1, 2], (1, 2).__contains__(1), (1,).__add__((2,))
)
for expression in (
    "t[5]", "t[-6]", "t['a']", "t[1.0]", "t.append(1)", "t + [1]", "t + 1", "1 + t", "t * 'a'", "t < 5",
    "(1, 'a') < (1, 2)", "hash((1, []))", "(1,).index(2)", "(1, 2).index(1, 1)", "tuple(5)", "tuple(1, 2)",
    "tuple(x=1)", "(1,).count()", "t[::0]", "t[None]", "t - t"
):
    try:
        print(expression, "=", eval(expression))
    except Exception as error:
        print(expression, "->", type(error).__name__, error)
for statement in ("t[0] = 1", "del t[0]", "t[0:1] = (1,)", "del t[:]", "t.x = 1"):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
holder = ([1], 2)
try:
    holder[0] += [3]
except TypeError as error:
    print(error, holder)
holder[0].append(4)
print(holder, tuple(holder) is holder, holder[:] is holder, tuple([]) == ())
u = (1, 2)
v = u
u += (3,)
print(u, v, u is v)
recursive = ([],)
recursive[0].append(recursive)
print(
    recursive, tuple(x * 2 for x in range(4)), (*range(3), *"ab"), sorted([(2, "b"), (1, "z"), (2, "a")]),
    max((1, 5), (2, 0)), sum(((1,), (2,)), ())
)


class Named(tuple):
    def __new__(cls, x, y):
        return super().__new__(cls, (x, y))

    @property
    def x(self):
        return self[0]

    def __repr__(self):
        return "Named" + super().__repr__()


n = Named(3, 4)
print(
    n, n.x, n == (3, 4), n[1], n + (5,), type(n + (5,)), type(n[:]), hash(n) == hash((3, 4)), isinstance(n, tuple),
    n.__dict__, tuple(n), len(n), sorted(n, reverse=True)
)
n.extra = 1
print(
    n.extra, vars(n), tuple.__new__(tuple, "ab"), tuple.__getnewargs__((1, 2)), (1, 2).__getnewargs__(),
    iter(()).__length_hint__(), next(iter(()), "none")
)
x, (y, *z) = 1, (2, 3, 4)
print(x, y, z, (lambda *args: args)(1, 2), (lambda *args: args)(), [(a, b) for a, b in ((1, 2), (3, 4))])
