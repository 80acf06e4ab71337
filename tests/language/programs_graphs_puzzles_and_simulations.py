# Whole small programs: shortest paths, heaps, sudoku, life, knights, knapsack, Huffman, LRU cache, bank, union-find.


class Heap:
    def __init__(self):
        self.items = []

    def push(self, item):
        items = self.items
        items.append(item)
        at = len(items) - 1
        while at and items[at] < items[(at - 1) // 2]:
            parent = (at - 1) // 2
            items[at], items[parent] = items[parent], items[at]
            at = parent

    def pop(self):
        items = self.items
        items[0], items[-1] = items[-1], items[0]
        result = items.pop()
        at = 0
        while (child := 2 * at + 1) < len(items):
            if child + 1 < len(items) and items[child + 1] < items[child]:
                child += 1
            if not items[child] < items[at]:
                break
            items[at], items[child] = items[child], items[at]
            at = child
        return result

    def __len__(self):
        return len(self.items)


class Random:
    def __init__(self, seed):
        self.state = seed

    def __call__(self, limit):
        self.state = (self.state * 1103515245 + 12345) & 0x7FFFFFFF
        return (self.state >> 8) % limit


random = Random(7)
heap = Heap()
for _ in range(200):
    heap.push((random(100), random(1000)))
drained = [heap.pop() for _ in range(len(heap))]
print(drained == sorted(drained), drained[:3])


def dijkstra(graph, source):
    distance, previous, queue = {source: 0}, {}, Heap()
    queue.push((0, source))
    while len(queue):
        d, node = queue.pop()
        if d > distance[node]:
            continue
        for neighbour, weight in graph[node].items():
            if neighbour not in distance or d + weight < distance[neighbour]:
                distance[neighbour] = d + weight
                previous[neighbour] = node
                queue.push((d + weight, neighbour))
    return distance, previous


graph = {i: {} for i in range(60)}
for i in range(60):
    for _ in range(3):
        j, w = random(60), 1 + random(20)
        graph[i][j] = graph[j][i] = w
distance, previous = dijkstra(graph, 0)
path, node = [59], 59
while node:
    node = previous[node]
    path.append(node)
print(
    distance[59], path[::-1], sum(distance.values()),
    all(distance[j] <= distance[i] + w for i in graph for j, w in graph[i].items())
)


def sudoku(board):
    grid = [[int(c) for c in row] for row in board.split()]
    rows, columns, boxes = [set() for _ in range(9)], [set() for _ in range(9)], [set() for _ in range(9)]
    for r in range(9):
        for c in range(9):
            if v := grid[r][c]:
                rows[r].add(v), columns[c].add(v), boxes[r // 3 * 3 + c // 3].add(v)
    steps = 0

    def solve():
        nonlocal steps
        steps += 1
        best = None
        for r in range(9):
            for c in range(9):
                if not grid[r][c]:
                    free = [v for v in range(1, 10) if v not in rows[r] and v not in columns[c] and v not in boxes[r // 3 * 3 + c // 3]]
                    if best is None or len(free) < len(best[2]):
                        best = r, c, free
        if best is None:
            return True
        r, c, free = best
        for v in free:
            grid[r][c] = v
            for group in (rows[r], columns[c], boxes[r // 3 * 3 + c // 3]):
                group.add(v)
            if solve():
                return True
            for group in (rows[r], columns[c], boxes[r // 3 * 3 + c // 3]):
                group.remove(v)
        grid[r][c] = 0
        return False

    return solve(), steps, ["".join(map(str, row)) for row in grid]


print(sudoku("530070000 600195000 098000060 800060003 400803001 700020006 060000280 000419005 000080079"))


def life(cells, generations):
    for _ in range(generations):
        counts = {}
        for x, y in cells:
            for dx in (-1, 0, 1):
                for dy in (-1, 0, 1):
                    if dx or dy:
                        counts[x + dx, y + dy] = counts.get((x + dx, y + dy), 0) + 1
        cells = {cell for cell, n in counts.items() if n == 3 or (n == 2 and cell in cells)}
    return sorted(cells)


print(life({(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}, 20), len(life({(0, 0), (0, 1), (0, 2), (1, 1), (-1, 2)}, 30)))


def knight(size):
    board = {(x, y): 0 for x in range(size) for y in range(size)}
    moves = [(1, 2), (2, 1), (2, -1), (1, -2), (-1, -2), (-2, -1), (-2, 1), (-1, 2)]

    def free(at):
        return [(at[0] + x, at[1] + y) for x, y in moves if board.get((at[0] + x, at[1] + y)) == 0]

    at = (0, 0)
    for step in range(1, size * size + 1):
        board[at] = step
        options = free(at)
        if not options:
            break
        at = min(options, key=lambda o: (len(free(o)), o))
    return step, [board[x, 0] for x in range(size)]


print(knight(6), knight(8))


def knapsack(items, capacity):
    best = [(0, ())] * (capacity + 1)
    for name, weight, value in items:
        for c in range(capacity, weight - 1, -1):
            candidate = best[c - weight][0] + value
            if candidate > best[c][0]:
                best[c] = candidate, best[c - weight][1] + (name,)
    return best[capacity]


def longest_common(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if x == y else max(table[i][j + 1], table[i + 1][j])
    out, i, j = [], len(a), len(b)
    while i and j:
        if a[i - 1] == b[j - 1]:
            out.append(a[i - 1])
            i, j = i - 1, j - 1
        elif table[i - 1][j] >= table[i][j - 1]:
            i -= 1
        else:
            j -= 1
    return "".join(reversed(out))


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


print(
    knapsack([("a", 12, 4), ("b", 2, 2), ("c", 1, 1), ("d", 1, 2), ("e", 4, 10)], 15),
    longest_common("the quick brown fox", "a quack crown box"), edit_distance("kitten sitting", "sitting kitten")
)


def huffman(text):
    counts = {}
    for char in text:
        counts[char] = counts.get(char, 0) + 1
    heap = Heap()
    for serial, (char, n) in enumerate(sorted(counts.items())):
        heap.push((n, serial, char))
    serial = len(counts)
    while len(heap) > 1:
        a, b = heap.pop(), heap.pop()
        heap.push((a[0] + b[0], serial, (a, b)))
        serial += 1
    codes = {}

    def walk(node, prefix):
        if isinstance(node[2], str):
            codes[node[2]] = prefix or "0"
        else:
            walk(node[2][0], prefix + "0")
            walk(node[2][1], prefix + "1")

    walk(heap.pop(), "")
    encoded = "".join(codes[c] for c in text)
    decode, decoded, current = {v: k for k, v in codes.items()}, [], ""
    for bit in encoded:
        current += bit
        if current in decode:
            decoded.append(decode[current])
            current = ""
    return len(encoded), "".join(decoded) == text, sorted(codes.items(), key=lambda kv: (len(kv[1]), kv))[:4]


print(huffman("this is an example of a huffman tree " * 3))


class LruCache:
    def __init__(self, size):
        self.size, self.data, self.hits, self.misses = size, {}, 0, 0

    def __call__(self, function):
        def wrapper(*args):
            if args in self.data:
                self.hits += 1
                self.data[args] = self.data.pop(args)
            else:
                self.misses += 1
                self.data[args] = function(*args)
                if len(self.data) > self.size:
                    del self.data[next(iter(self.data))]
            return self.data[args]

        wrapper.cache = self
        return wrapper


@LruCache(30)
def paths(x, y):
    return 1 if not x or not y else paths(x - 1, y) + paths(x, y - 1)


print(paths(12, 12), paths.cache.hits, paths.cache.misses, list(paths.cache.data)[:2])


class InsufficientFunds(Exception):
    def __init__(self, needed):
        super().__init__(f"{needed} short")
        self.needed = needed


class Account:
    interest = 0

    def __init__(self, owner, balance=0):
        self.owner, self._balance, self.history = owner, balance, []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("deposits are positive")
        self._balance += amount
        self.history.append(("in", amount))
        return self

    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFunds(amount - self._balance)
        self._balance -= amount
        self.history.append(("out", amount))
        return self

    def __repr__(self):
        return f"{type(self).__name__}({self.owner}, {self.balance})"

    def __lt__(self, other):
        return self.balance < other.balance


class Savings(Account):
    interest = 3

    def end_of_year(self):
        return self.deposit(self.balance * self.interest // 100)


accounts = [Account("ann", 100), Savings("bob", 1000), Account("cid")]
for action in (
    lambda: accounts[0].deposit(50).withdraw(30), lambda: accounts[1].end_of_year(), lambda: accounts[2].withdraw(5),
    lambda: accounts[0].deposit(-1), lambda: setattr(accounts[0], "balance", 5), lambda: accounts[2].end_of_year()
):
    try:
        print(action())
    except (InsufficientFunds, ValueError, AttributeError) as error:
        print(type(error).__name__, error, getattr(error, "needed", ""))
print(sorted(accounts), max(accounts), [a.history for a in accounts])


class UnionFind:
    def __init__(self, n):
        self.parent = list(range(n))

    def find(self, x):
        while self.parent[x] != x:
            self.parent[x] = x = self.parent[self.parent[x]]
        return x

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        self.parent[a] = b
        return a != b


def kruskal(n, edges):
    sets = UnionFind(n)
    return [(a, b, w) for w, a, b in sorted(edges) if sets.union(a, b)]


def topological(graph):
    state, order = {}, []

    def visit(node, trail):
        if state.get(node) == "done":
            return
        if state.get(node) == "open":
            raise ValueError("cycle " + "-".join(trail[trail.index(node) :] + [node]))
        state[node] = "open"
        for following in graph.get(node, ()):
            visit(following, trail + [node])
        state[node] = "done"
        order.append(node)

    for node in graph:
        visit(node, [])
    return order[::-1]


tree = kruskal(20, [(random(50), random(20), random(20)) for _ in range(80)])
print(len(tree), sum(w for _, _, w in tree), topological({"a": "bc", "b": "d", "c": "d", "d": "e"}))
try:
    topological({"a": "b", "b": "c", "c": "a"})
except ValueError as error:
    print(error)


def simulate(customers):
    events, log, busy, waiting, clock, served = Heap(), [], False, [], 0, 0
    for i in range(customers):
        events.push((random(100), 0, i))
    total = 0
    while len(events):
        clock, kind, who = events.pop()
        if kind == 0:
            waiting.append((clock, who))
        else:
            busy = False
            served += 1
        if waiting and not busy:
            arrived, who = waiting.pop(0)
            total += clock - arrived
            busy = True
            events.push((clock + 3 + random(7), 1, who))
    return clock, served, total


print(simulate(30))


def permutations(items):
    if len(items) <= 1:
        yield items
        return
    for i, item in enumerate(items):
        for rest in permutations(items[:i] + items[i + 1 :]):
            yield (item,) + rest


def word_puzzle():
    """SEND + MORE = MONEY."""
    for s, e, n, d, o, r, y in ((9, *p) for p in permutations((5, 6, 7, 0, 8, 2)) for _ in [0]):
        m = 1
        if (s + m) * 1000 + (e + o) * 100 + (n + r) * 10 + d + e == m * 10000 + o * 1000 + n * 100 + e * 10 + y:
            return s * 1000 + e * 100 + n * 10 + d, m * 1000 + o * 100 + r * 10 + e


print(word_puzzle(), sum(1 for _ in permutations(tuple(range(6)))))
