# Hot loops around try, generators, closures, with and comprehensions give the thousandth answer like the first.


def parse(texts):
    good = bad = 0
    for text in texts:
        try:
            good += int(text)
        except ValueError:
            bad += 1
        except TypeError as error:
            bad += len(str(error)) // 100 + 100
        else:
            good += 1
        finally:
            bad += 0
    return good, bad


print(parse(["1", "x", "2", "", None, "3"] * 100))


def nested(n):
    caught = []
    for i in range(n):
        try:
            try:
                if i % 3 == 0:
                    raise KeyError(i)
                if i % 3 == 1:
                    raise IndexError(i)
            except KeyError as error:
                raise ValueError(i) from error
        except (ValueError, IndexError) as error:
            caught.append((type(error).__name__, type(error.__cause__).__name__))
    return len(caught), caught[-2:], sum(1 for c in caught if c[0] == "ValueError")


print(nested(500))


def deep_raise(n):
    if n == 0:
        raise LookupError("deep")
    deep_raise(n - 1)


def unwinding():
    count = 0
    for i in range(200):
        try:
            deep_raise(i % 20)
        except LookupError as error:
            traceback, depth = error.__traceback__, 0
            while traceback:
                depth += 1
                traceback = traceback.tb_next
            count += depth
    return count


print(unwinding())


def squares(n):
    for i in range(n):
        yield i * i


def filtered(source):
    for x in source:
        if x % 3:
            yield x


def averager():
    total = count = 0
    value = None
    while True:
        value = yield (total / count if count else None)
        total += value
        count += 1


print(
    sum(squares(1000)), sum(filtered(squares(500))), sum(x for x in filtered(squares(300)) if x % 2),
    max(filtered(filtered(squares(200))))
)
a = averager()
next(a)
for i in range(1000):
    last = a.send(i)
print(last)


def tree(depth):
    return None if depth == 0 else (tree(depth - 1), depth, tree(depth - 1))


def walk(node):
    if node:
        yield from walk(node[0])
        yield node[1]
        yield from walk(node[2])


print(sum(walk(tree(10))), list(walk(tree(4))))


def counter():
    n = 0

    def bump(by):
        nonlocal n
        n += by
        return n

    return bump


bump = counter()
for i in range(500):
    bump(i)
for i in range(100):
    bump(0.5)
print(bump(2**62), bump(-1))
adders = [lambda x, n=n: x + n for n in range(10)]
print(sum(adders[i % 10](i) for i in range(1000)))


def compose(f, g):
    return lambda x: f(g(x))


pipeline = lambda x: x
for i in range(50):
    pipeline = compose(lambda x, i=i: x + i, pipeline)
print([pipeline(i) for i in range(100)][-1])


class Manager:
    active = 0

    def __enter__(self):
        Manager.active += 1
        return self

    def __exit__(self, kind, value, traceback):
        Manager.active -= 1
        return kind is KeyError


def managed(n):
    entered = 0
    for i in range(n):
        with Manager() as m:
            entered += m.active
            if i % 2:
                raise KeyError
        if i % 5 == 4:
            continue
    return entered, Manager.active


print(managed(300))


def comprehend(n):
    return sum([i for i in range(n) if i % 2]), len({i % 7 for i in range(n)}), sum({i: i * 2 for i in range(n)}.values()), sum(i for i in range(n)), [[j for j in range(i)] for i in range(3)]


for _ in range(50):
    result = comprehend(100)
print(result)


def kwargs_heavy(a, b=2, *args, c=3, **kwargs):
    return a + b + sum(args) + c + sum(kwargs.values())


total = 0
for i in range(200):
    total += kwargs_heavy(i)
    total += kwargs_heavy(i, 1, 2, 3, c=4, d=5)
    total += kwargs_heavy(*[i, 1], **{"c": 2, "z": 3})
    total += kwargs_heavy(b=1, a=i)
print(total)


def matcher(value):
    match value:
        case int() if value > 100:
            return "big"
        case int():
            return "int"
        case [x, y]:
            return f"pair {x} {y}"
        case {"k": v}:
            return f"k={v}"
        case str():
            return "str"
        case _:
            return "other"


counts = {}
for i in range(600):
    key = matcher([i, [i, 1], {"k": i % 3}, "s", None, 3.5][i % 6])
    counts[key.split(" ")[0]] = counts.get(key.split(" ")[0], 0) + 1
print(counts)


def formats(n):
    return [f"{i}:{i / 3:.2f}:{i!r:>4}:{i:x}" for i in range(n)][-1]


for _ in range(20):
    text = formats(30)
print(text)
words = "the quick brown fox jumps over the lazy dog the end".split()
index = {}
for round_ in range(20):
    for position, word in enumerate(words):
        index.setdefault(word, []).append(position)
print(sorted((word, len(positions)) for word, positions in index.items()))


class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def __matmul__(self, other):
        return Matrix([[sum(a * b for a, b in zip(row, column)) for column in zip(*other.rows)] for row in self.rows])


m = Matrix([[1, 1], [1, 0]])
product = Matrix([[1, 0], [0, 1]])
for _ in range(100):
    product = product @ m
print(product.rows)
