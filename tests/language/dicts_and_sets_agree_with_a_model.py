# A long random sequence of dict and set operations keeps contents and insertion order like an association list.

seed = 4242


def random(limit):
    global seed
    seed = (seed * 1103515245 + 12345) % 2**31
    return (seed >> 8) % limit


class Collide:
    """Keys whose hashes collide often."""

    def __init__(self, n):
        self.n = n

    def __hash__(self):
        return self.n % 4

    def __eq__(self, other):
        return isinstance(other, Collide) and self.n == other.n

    def __repr__(self):
        return f"C{self.n}"


def make_key():
    n = random(60)
    return (n, f"k{n}", n / 2, (n, "t"), Collide(n), n * 2**40, -n, bool(n % 2), None)[random(9)]


pairs = []


def position(key):
    for i, (existing, _) in enumerate(pairs):
        if existing == key and hash(existing) == hash(key):
            return i
    return None


d = {}
counts = {}
for step in range(6000):
    key, value, action = make_key(), random(1000), random(10)
    at = position(key)
    if action < 5:
        d[key] = value
        if at is None:
            pairs.append((key, value))
        else:
            pairs[at] = (pairs[at][0], value)
        name = "store"
    elif action == 5:
        got = d.pop(key, "absent")
        if got != ("absent" if at is None else pairs.pop(at)[1]):
            print("pop differs", step)
        name = "pop"
    elif action == 6:
        try:
            del d[key]
            if at is None:
                print("deleted the absent", step)
            else:
                pairs.pop(at)
        except KeyError as error:
            if at is not None or error.args != (key,):
                print("did not delete", step)
        name = "delete"
    elif action == 7:
        got = d.setdefault(key, value)
        if at is None:
            pairs.append((key, value))
        elif got != pairs[at][1]:
            print("setdefault differs", step)
        name = "setdefault"
    elif action == 8 and pairs and random(4) == 0:
        if d.popitem() != pairs.pop():
            print("popitem differs", step)
        name = "popitem"
    else:
        if d.get(key, "none") != ("none" if at is None else pairs[at][1]) or (key in d) != (at is not None):
            print("get differs", step)
        name = "get"
    counts[name] = counts.get(name, 0) + 1
    if step % 97 == 0 and (list(d.items()) != pairs or len(d) != len(pairs) or list(reversed(d)) != [k for k, _ in pairs][::-1]):
        print("order differs at", step)
        break
    if step == 3000:
        copy = dict(d)
        d = {k: v for k, v in copy.items() if random(3)}
        pairs = list(d.items())
print(sorted(counts.items()), len(d), list(d.items())[:5], list(d)[-5:])
merged = {**d, "extra": 1} | {1: "one"}
merged.update(zip(range(5), "abcde"))
print(len(merged), list(merged)[-6:], merged == dict(reversed(list(merged.items()))), d == merged)


def model_operations(a, b):
    return (
        sorted({x for x in a} | {x for x in b}), sorted(x for x in a if x in b), sorted(x for x in a if x not in b),
        sorted([x for x in a if x not in b] + [x for x in b if x not in a])
    )


for _ in range(300):
    a, b = [random(40) for _ in range(random(30))], [random(40) for _ in range(random(30))]
    sa, sb = set(a), set(b)
    results = (sorted(sa | sb), sorted(sa & sb), sorted(sa - sb), sorted(sa ^ sb))
    if results != model_operations(list(sa), list(sb)) or (sa <= sb) != all(x in b for x in a) or sa.isdisjoint(sb) != (not any(x in b for x in a)) or len(sa) != len([
        x for i, x in enumerate(a) if x not in a[:i]
    ]):
        print("set operations differ", a, b)
members, model = set(), []
for step in range(4000):
    item, action = random(120) * (2**61 if random(10) == 0 else 1), random(6)
    if action < 3:
        members.add(item)
        if item not in model:
            model.append(item)
    elif action == 3:
        members.discard(item)
        if item in model:
            model.remove(item)
    elif action == 4 and random(20) == 0 and members:
        model.remove(members.pop())
    elif (item in members) != (item in model):
        print("membership differs", step)
    if len(members) != len(model):
        print("size differs", step)
        break
print(
    len(members), sorted(members) == sorted(model), sum(members) % 1000003, frozenset(model) == members,
    hash(frozenset(members)) == hash(frozenset(model))
)
print(
    {i * 8 for i in range(10)}, {i * i % 31 for i in range(31)}, set(range(0, 64, 5)) - {5, 10},
    {-i for i in range(8)}, {i << 40 for i in range(6)} == {0, 2**40, 2**41, 3 << 40, 2**42, 5 << 40}
)
