# A long random sequence of list operations gives what a model made of dictionaries gives.

seed = 99


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % limit


class Model:
    """A list as a dictionary from position to value."""

    def __init__(self):
        self.slots = {}

    def values(self):
        return [self.slots[i] for i in range(len(self.slots))]

    def replace(self, values):
        self.slots = dict(enumerate(values))

    def insert(self, index, value):
        size = len(self.slots)
        index = max(index + size, 0) if index < 0 else min(index, size)
        for i in range(size, index, -1):
            self.slots[i] = self.slots[i - 1]
        self.slots[index] = value

    def pop(self, index):
        size = len(self.slots)
        index += size if index < 0 else 0
        value = self.slots[index]
        for i in range(index, size - 1):
            self.slots[i] = self.slots[i + 1]
        del self.slots[size - 1]
        return value


def find(values, wanted):
    for i, value in enumerate(values):
        if value == wanted:
            return i
    return None


actual, model = [], Model()
counts = {}
for step in range(4000):
    action = random(14)
    value = random(20) if random(3) else f"s{random(5)}"
    size = len(actual)
    name = ""
    if action < 4 or size == 0:
        actual.append(value)
        model.insert(size, value)
        name = "append"
    elif action == 4:
        index = random(2 * size + 4) - size - 2
        actual.insert(index, value)
        model.insert(index, value)
        name = "insert"
    elif action in (5, 6):
        index = random(2 * size) - size
        if actual.pop(index) != model.pop(index):
            print("pop differs", step)
        name = "pop"
    elif action == 7:
        index = find(model.values(), value)
        try:
            actual.remove(value)
            if index is None:
                print("removed what was absent", step)
            else:
                model.pop(index)
        except ValueError:
            if index is not None:
                print("did not remove", step)
        name = "remove"
    elif action == 8:
        more = [random(20) for _ in range(random(4))]
        actual += more
        for item in more:
            model.insert(len(model.slots), item)
        name = "extend"
    elif action == 9:
        actual.reverse()
        model.replace([model.slots[i] for i in range(len(model.slots) - 1, -1, -1)])
        name = "reverse"
    elif action == 10:
        a, b = sorted((random(size + 1), random(size + 1)))
        new = [random(9) for _ in range(random(4))]
        actual[a:b] = new
        values = model.values()
        model.replace([*values[:a], *new, *values[b:]])
        name = "slice"
    elif action == 11:
        index = random(size)
        actual[index] = value
        model.slots[index] = value
        name = "store"
    elif action == 12 and size > 40:
        keep = random(20)
        del actual[keep:]
        model.replace(model.values()[:keep])
        name = "truncate"
    elif action == 13 and size > 30:
        del actual[:: 2 + random(3)]
        model.replace(actual)
        name = "thin"
    counts[name] = counts.get(name, 0) + 1
    if actual != model.values() or len(actual) != len(model.slots):
        print("differs after", name, "at", step)
        break
    if find(actual, value) != (actual.index(value) if value in actual else None) or actual.count(value) != sum(1 for x in actual if x == value):
        print("search differs", step)
print(sorted(counts.items()))
print(len(actual), actual[:10], actual[-5:])
