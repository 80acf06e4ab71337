# Tuple, list, nested and starred targets, chained assignment, evaluation order, and every unpacking error.

a, b = 1, 2
a, b = b, a
[c, d] = "xy"
(e, (f, [g])), h = (1, (2, "z")), 3
print(a, b, c, d, e, f, g, h)
first, *rest = range(5)
*init, last = "abc"
one, *mid, two = [1, 2]
x, *y, (z, *w) = 1, 2, 3, (4, 5, 6)
[*all_] = {1: 2, 3: 4}
(*only,) = "q"
print(first, rest, init, last, one, mid, two, x, y, z, w, all_, only)
p = q = r = []
p.append(1)
i, j = k = (5, 6)
print(p, q is r, i, j, k)
for a, (b, *c) in [(1, "xyz"), (2, "q")]:
    print(a, b, c)
print(
    [x + y for x, y in [(1, 2), (3, 4)]], [n for m, *n in ["abc", "de"]],
    {k: v for k, (v, _) in {"a": (1, 2)}.items()}
)
print(*[1, 2], *"ab", 3, *(), sep=",")
print([*range(2), 9, *"c"], (*[1], *[2]), {*[1, 2], 3}, {**{"a": 1}, "b": 2}, [*{1: 2}], *[[]])
for statement in (
    "a, b = 1", "a, b = 1, 2, 3", "a, b = 1,", "a, b, c = 'ab'", "a, *b, c = [1]", "a, *b = []",
    "(a, b), c = (1, 2, 3), 4", "(a, b), c = 1, 2", "a, b = None", "[a, b] = {1}", "a, b = iter([1])",
    "a, b, *c = 'x'", "*a, b = ()", "for a, b in [1]: pass", "for a, b in ['abc']: pass", "a, b = {1: 2, 3: 4, 5: 6}",
    "[*5]", "(*None,)", "{**1}", "print(*5)", "print(**5)", "a, b = 1.5", "a, = []", "[] = [1]", "() = 5", "() = ()",
    "[a for a, b in [(1, 2, 3)]]"
):
    try:
        exec(statement)
        print(statement, "fine")
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
for statement in (
    "*a = [1]", "*a, *b = [1]", "a, b += 1", "(a, b): int = 1", "f() = 1", "1 = a", "a + b = 1", "(a) = 5",
    "None = 1", "[a, 1] = 1, 2", "*a", "del *a", "x = *a", "x = *[1],", "(yield) = 1", "a = b = 1 = c", "'s' = 1",
    "a if b else c = 1", "(*a) = 1", "{a: b} = 1", "f'x' = 1", "__debug__ = 1", "lambda: 1 = 2", "a.b += c = 1",
    "True += 1", "x = (*[1])", "[*a] = 1, 2", "a := 1", "(a := 1)", "(a.b := 1)", "-a = 1", "not a = 1", "a < b = 1",
    "a and b = 1", "... = 1", "[i for i in a] = 1"
):
    try:
        compile(statement, "<s>", "exec")
        print(statement, "compiles")
    except SyntaxError as error:
        print(statement, "->", error.msg, error.offset, error.end_offset)
log = []


def note(value):
    log.append(value)
    return value


class Target:
    def __setattr__(self, name, value):
        log.append(f"set {name}")

    def __setitem__(self, key, value):
        log.append(f"item {key}")


t = Target()
note(t).a, t[note("key")], (t.b, t.c) = note(1), note(2), note((3, 4))
print([entry if entry is not t else "t" for entry in log])
values = [0, 1, 2]
n = 0
n, values[n] = 2, "changed"
print(n, values)


class Infinite:
    def __iter__(self):
        n = 0
        while True:
            yield n
            n += 1


try:
    a, b = Infinite()
except ValueError as error:
    print(error)
long = list(range(300))
(v0, *middle, v298, v299) = long
print(v0, len(middle), v298, v299)
