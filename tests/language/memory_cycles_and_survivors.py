# Many short-lived objects, cycles and long-lived structures: what is reachable stays whole while garbage is made.


class Node:
    def __init__(self, value, following=None):
        self.value, self.next = value, following


def garbage(n):
    for i in range(n):
        a, b = Node(i), Node(-i)
        a.next, b.next = b, a
        c = [a, {"b": b}, (a, b)]
        c.append(c)
        d = {}
        d["self"] = d
        f = lambda: f
        g = (x for x in c)
        next(g)
        e = ValueError(a)
        e.__context__ = e if i % 2 else None


survivors = {
    "list": [str(i) * 3 for i in range(2000)],
    "chain": None,
    "dict": {f"key{i}": [i, float(i), (i,)] for i in range(2000)},
    "set": frozenset(range(0, 4000, 3)),
    "closures": [(lambda n: lambda: n)(i) for i in range(500)],
    "generators": [],
    "big": [2**i for i in range(200)],
    "instances": [Node(i) for i in range(1000)],
    "bound": [Node(i).__init__ for i in range(100)],
    "classes": [type(f"C{i}", (), {"n": i}) for i in range(50)],
    "floats": [i / 7 * 1e300 for i in range(300)],
    "slices": [slice(i, [i]) for i in range(100)],
}
for i in range(3000):
    survivors["chain"] = Node(i, survivors["chain"])


def generator(n):
    local = [n] * 3
    while True:
        n = yield sum(local) + n


for i in range(100):
    g = generator(i)
    next(g)
    survivors["generators"].append(g)


def check():
    total = sum(len(text) for text in survivors["list"])
    node, length = survivors["chain"], 0
    while node:
        length += node.value
        node = node.next
    total += length + sum(v[0] + v[2][0] for v in survivors["dict"].values()) + sum(survivors["set"])
    total += sum(f() for f in survivors["closures"]) + sum(g.send(1) for g in survivors["generators"])
    total += sum(survivors["big"]) % 1000003 + sum(n.value for n in survivors["instances"]) + sum(b.__self__.value for b in survivors["bound"])
    total += sum(c.n for c in survivors["classes"]) + int(sum(survivors["floats"]) / 1e300) + sum(s.stop[0] for s in survivors["slices"])
    return total


first = check()
for round_ in range(8):
    garbage(3000)
    if check() != first:
        print("corrupted in round", round_)
print(first)
window = []
for i in range(60000):
    window.append([i, str(i)])
    if len(window) > 500:
        window.pop(0)
print(len(window), window[0], window[-1])
table = {}
for i in range(40000):
    table[i] = Node(i)
    if i >= 300:
        del table[i - 300]
print(len(table), min(table), sum(n.value for n in table.values()))
text = ""
for i in range(30000):
    text += chr(97 + i % 26)
pieces = [text[i : i + 10] for i in range(0, len(text), 10)]
print(len(text), len(pieces), "".join(pieces) == text, text.count("abc"))
copies = [text]
for i in range(200):
    copies.append(copies[-1][1:] + "!")
    if len(copies) > 5:
        copies.pop(0)
print(len(copies), copies[-1][-3:], copies[-1][:5])
matrix = [[i * j for j in range(100)] for i in range(100)]
for _ in range(20):
    matrix = [list(row) for row in zip(*matrix)]
print(sum(map(sum, matrix)))


def build(depth):
    return None if depth == 0 else [build(depth - 1), depth, build(depth - 1)]


def count(tree):
    return 0 if tree is None else 1 + count(tree[0]) + count(tree[2])


keep = build(12)
for _ in range(30):
    build(9)
print(count(keep))
queue = [Node(0)]
for i in range(50000):
    queue[0] = Node(i, queue[0] if i % 100 else None)
depth, node = 0, queue[0]
while node:
    depth, node = depth + 1, node.next
print(depth)
strings = {str(i): str(i) for i in range(20000)}
print(len(strings), strings["12345"], sum(len(k) for k in strings), all(k == v for k, v in strings.items()))
