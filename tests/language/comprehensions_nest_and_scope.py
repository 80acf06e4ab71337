# List, set, dict and generator comprehensions: nesting, conditions, scopes, walrus targets and evaluation order.

print(
    [x for x in range(5)], [x * y for x in range(3) for y in range(3)], [x for x in range(20) if x % 2 if x % 3],
    [(x, y) for x in range(3) for y in range(x) if x + y > 1], [[y for y in range(x)] for x in range(4)],
    [x for row in [[1, 2], [3]] for x in row]
)
print(
    {x % 3 for x in range(10)}, {x: x * x for x in range(4)}, {k: v for k, v in zip("abc", [1, 2, 3]) if v != 2},
    {y: [x for x in range(y)] for y in range(3)}, sorted({c for c in "hello"}), {**{x: 1 for x in (1, 2)}},
    dict.fromkeys(x for x in "ab"), {(x, y): x + y for x in range(2) for y in range(2)}
)
print(
    sum(x for x in range(5)), list(x + 1 for x in range(3)), tuple(x for x in "ab"),
    "".join(c for c in "abc" if c != "b"), any(x > 2 for x in range(4)), max((x, -x) for x in range(3)),
    [*(x for x in range(2))], [x if x % 2 else -x for x in range(4)], [not x for x in (0, 1)],
    [x or "zero" for x in (0, 1)]
)
x = "outer"
print([x for x in range(3)], x, [[x for x in range(2)] for x in range(2)], x, [x for x in [x, x]], x)
z = 10
print(
    [z + i for i in range(2)], [(lambda: z + i)() for i in range(2)], [f() for f in [lambda: i for i in range(3)]],
    [f() for f in [lambda i=i: i for i in range(3)]], [z for z in range(z) if z > 7],
    [[z for _ in range(2)] for z in range(2)]
)


def in_function(n):
    local = 5
    doubled = [local * i for i in range(n)]
    nested = [[local + i + j for j in range(2)] for i in range(2)]
    generator = (local + i for i in range(n))
    local = 100
    return doubled, nested, list(generator), [locals() is None, n]


print(
    in_function(3), [y := 5, y + 1], [last := i for i in range(4)], last,
    [half for i in range(6) if (half := i // 2)], half, {k: (v := k * 2) for k in range(2)}, v
)


def walrus_in_function():
    total = 0
    partial = [total := total + i for i in range(5)]
    first = next((hit for i in range(10) if (hit := i * i) > 20), None)
    return total, partial, first, hit


print(walrus_in_function())


class Body:
    n = 3
    values = [i for i in range(n)]
    pairs = [(i, j) for i in range(n) for j in "a"]
    try:
        fails = [n for _ in range(1)]
    except NameError as error:
        message = str(error)
    lambdas = [lambda: 1 for _ in range(2)]


print(Body.values, Body.pairs, Body.message, [f() for f in Body.lambdas], hasattr(Body, "i"))
log = []


def note(value, result=None):
    log.append(value)
    return value if result is None else result


result = [note("element") for a in note("outer", [1, 2]) if note("condition") for b in note("inner", [3])]
print(log)
log.clear()
result = {note("key"): note("value") for _ in note("iterable", [1])}
print(log)
log.clear()
lazy = (note("body") for _ in note("immediately", [1, 2]))
print(log, next(lazy), log)
try:
    ([1 / 0 for _ in [1]])
except ZeroDivisionError as error:
    print(error)
try:
    (i for i in 5)
except TypeError as error:
    print("immediately:", error)
lazy = (j for i in [1] for j in 5)
try:
    list(lazy)
except TypeError as error:
    print("later:", error)
try:
    [never for never in []]
    never
except NameError as error:
    print(error)
print(
    [a for a, b in [(1, 2)]], [a + b for (a, b), c in [((1, 2), 3)]], [a for a, *b in ["xyz"]],
    [b for a, *b in ["xyz"]], [t.v for t in [type("T", (), {"v": 1})]], [i for i in range(3) for i in range(i)],
    [i for i in range(5) if i in [j for j in range(0, 5, 2)]]
)
values = [0, 0]
print([0 for values[0] in range(3)], values, [d for d in ({"k": i} for i in range(2))])
matrix = [[1, 2, 3], [4, 5, 6]]
print(
    [[row[i] for row in matrix] for i in range(3)], [*zip(*matrix)], [sum(row) for row in matrix],
    [[cell * 2 for cell in row if cell % 2] for row in matrix],
    {i: {j: matrix[i][j] for j in range(3)} for i in range(2)}
)
for source in (
    "[x for x in range(3)] = 1", "[x, y for x in []]", "[x for x in]", "[for x in y]", "(x for x in y, 1)",
    "f(x for x in y, 1)", "[x := 1 for x in y]", "[(x := 1) for x in y]", "[i := 0 for i, j in y]",
    "[j for i in y if (i := 1)]", "class C: [(z := 1) for x in y]", "[x for x in (y := z)]",
    "[x for x in lambda: y, z]", "{**a for a in b}", "[*a for a in b]", "{k: v for k in}", "{x: y, z for x in w}",
    "[x if y for x in z]", "[yield x for x in y]", "[(yield x) for x in y]", "{a: b for a: b in c}", "[x for 5 in y]",
    "[x for f() in y]", "[await x for x in y]", "[x async for x in y]", "[lambda: x for x in y]", "[x for x in 1, 2]",
    "[x for x in *y]", "del [x for x in y]"
):
    try:
        compile(source, "<s>", "exec")
        print(source, "compiles")
    except SyntaxError as error:
        print(source, "->", error.msg)
deep = [[[[[i + j + k + l + m for m in range(2)] for l in range(2)] for k in range(2)] for j in range(2)] for i in range(2)]
print([[sum(c) for c in b] for d in deep for a in d for b in a][:3])
