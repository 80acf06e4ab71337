# sorted and list.sort: stability, keys, reverse, comparisons used, many patterns of data, and errors midway.


class Record:
    def __init__(self, key, serial):
        self.key, self.serial = key, serial

    def __repr__(self):
        return f"{self.key}{self.serial}"


records = [Record(key, serial) for serial, key in enumerate("cabbacabca")]
print(sorted(records, key=lambda r: r.key))
print(sorted(records, key=lambda r: r.key, reverse=True))
print(sorted(sorted(records, key=lambda r: r.serial, reverse=True), key=lambda r: r.key))
seed = 42


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % limit


patterns = {
    "random": [random(1000) for _ in range(2000)],
    "few values": [random(4) for _ in range(1500)],
    "ascending": list(range(1000)),
    "descending": list(range(1000, 0, -1)),
    "sawtooth": [i % 17 for i in range(1000)],
    "almost sorted": [i if i % 50 else random(1000) for i in range(1000)],
    "organ pipe": list(range(500)) + list(range(500, 0, -1)),
    "runs": sum(([*range(i, i + 40)] for i in (500, 100, 300, 0)), []),
    "floats": [random(10**6) / 997 for _ in range(800)],
    "mixed numbers": [random(100) if i % 2 else random(100) / 2 for i in range(500)],
    "strings": ["".join(chr(97 + random(26)) for _ in range(random(6))) for _ in range(800)],
    "tuples": [(random(5), random(5), "abc"[random(3)]) for _ in range(500)],
    "big": [random(10) * 2**70 - random(10) for _ in range(300)],
    "negative": [random(2000) - 1000 for _ in range(700)],
    "equal": [7] * 300,
    "small": [3, 1, 2],
    "two": [2, 1],
    "one": [1],
    "none": [],
}
for name, data in patterns.items():
    result = sorted(data)
    ordered = all(not result[i + 1] < result[i] for i in range(len(result) - 1))
    indexed = sorted(range(len(data)), key=lambda i: data[i])
    stable = all(data[a] < data[b] or (not data[b] < data[a] and a < b) for a, b in zip(indexed, indexed[1:]))
    backwards = sorted(data, reverse=True)
    reverse_indexed = sorted(range(len(data)), key=data.__getitem__, reverse=True)
    reverse_stable = all(
        data[b] < data[a] or (not data[a] < data[b] and a < b) for a, b in zip(reverse_indexed, reverse_indexed[1:])
    )
    copy = data[:]
    copy.sort()
    print(
        name, len(result), ordered, stable, reverse_stable,
        backwards == sorted(data)[::-1] or "only equal elements differ", copy == result, result[:3], result[-2:]
    )


class Counting:
    comparisons = 0

    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        Counting.comparisons += 1
        return self.n < other.n


def comparisons(values):
    Counting.comparisons = 0
    sorted(map(Counting, values))
    return Counting.comparisons


print(
    comparisons(range(100)), comparisons(range(100, 0, -1)), comparisons([]), comparisons([1]), comparisons([2, 1]),
    comparisons([7] * 50) == 49
)
calls = []
print(sorted([3, 1, 2], key=lambda x: calls.append(x) or -x), calls)
print(
    sorted("bca"), sorted({"b": 1, "a": 2}), sorted({3, 1, 2}), sorted(x % 3 for x in range(5)),
    sorted([True, 0, 2, False]), sorted([[2], [1, 5], []]), sorted(["B", "a", "C"], key=str.lower),
    sorted([(1, "b"), (1, "a"), (0, "z")]), sorted("ßéaz"), sorted([b"b", b"a"]), sorted(["10", "9", "1"], key=int)
)


class Lt:
    def __init__(self, n, fail_at=None):
        self.n = n

    def __lt__(self, other):
        if other.n == 3:
            raise ValueError("comparison failed")
        return self.n < other.n


values = [Lt(i) for i in (5, 4, 3, 2)]
try:
    values.sort()
except ValueError as error:
    print(error, sorted(v.n for v in values))


def key_fails(x):
    if x == 2:
        raise KeyError("in key")
    return x


values = [3, 2, 1]
try:
    values.sort(key=key_fails)
except KeyError as error:
    print(error, values)
values = [3, 2, 1]


def peeks(x):
    seen.append(list(values))
    return x


seen = []
values.sort(key=peeks)
print(seen, values)


class NotBool:
    def __lt__(self, other):
        return []


class BadTruth:
    def __lt__(self, other):
        return self

    def __bool__(self):
        raise ArithmeticError("no truth")


print(len(sorted([NotBool(), NotBool()])))
try:
    sorted([BadTruth(), BadTruth()])
except ArithmeticError as error:
    print(error)
for call in (
    "sorted()", "sorted(5)", "sorted([1, 'a'])", "sorted([1, None])", "sorted([1], [2])", "sorted([1], key=5)",
    "sorted([2, 1], key=len)", "sorted([1], reverse='x')", "sorted([2, 1], reverse=2)", "sorted([1], cmp=None)",
    "sorted([{}, {}])", "sorted([(1, {}), (1, {})])", "sorted([1, 2], key=lambda: 0)", "sorted([object(), object()])",
    "sorted(None)", "sorted([2, 1], key=None, reverse=None)", "sorted(iterable=[1])"
):
    try:
        print(call, "=", eval(call))
    except (Exception, SyntaxError) as error:
        print(call, "->", type(error).__name__, str(error).split(" (")[0])
