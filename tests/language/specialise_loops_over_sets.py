# Loops over sets that change, end, go on later, or are followed by other iterables at the same place.
def collect(iterable, limit=None):
    found = []
    for item in iterable:
        found.append(item)
        if limit is not None and len(found) == limit:
            break
    return found


def change(values, do):
    seen = 0
    try:
        for value in values:
            seen += 1
            do(values, value)
    except RuntimeError as error:
        return seen, str(error)
    return seen, "no error"


for _ in range(30):
    small = sorted(collect({3, 1, 2}))
print(small, collect(set()), collect(frozenset()), sorted(collect(frozenset("abc"))), collect({()}), collect({None, None}))
print(sorted(collect(set(range(1000))))[-3:], len(collect(set(range(1000)), 10)))

discarded = set(range(100))
for value in range(0, 100, 3):
    discarded.discard(value)
print(sorted(collect(discarded))[:6], len(collect(discarded)))

for _ in range(20):
    print(change({1, 2, 3}, lambda s, v: s.add(v + 100))) if _ == 19 else change({1, 2, 3}, lambda s, v: s.add(v + 100))
print(change({1, 2, 3}, lambda s, v: s.discard(v)))
print(change({1, 2, 3}, lambda s, v: s.clear()))
print(change({1, 2, 3}, lambda s, v: (s.add("x"), s.discard("x"))))
print(change({1, 2, 3}, lambda s, v: s.update(())))
print(change({1}, lambda s, v: s.pop()))

walking = iter({1, 2, 3, 4, 5})
print(len(collect(walking, 2)), walking.__length_hint__(), len(collect(walking)), walking.__length_hint__(), collect(walking))
emptied = {1, 2}
walking = iter(emptied)
print(collect(walking, 2) == list({1, 2}), collect(walking), next(walking, "end"))
emptied.add(3)
print(collect(walking), next(walking, "still the end"))


class Below(set):
    pass


class Own(set):
    def __iter__(self):
        return iter(["own"])


for kind in (set, frozenset, Below, Own, list, tuple, dict.fromkeys, str, range, set) * 3:
    made = kind(5) if kind is range else kind("ab")
    result = collect(made)
print(result == list(set("ab")))
for made in (Below("ab"), Own("ab"), ["a"], {"k": 1}, "xy", range(2), {7}, (x for x in (1, 2)), {1: 2}.items(), {9}):
    print(sorted(collect(made), key=str))


def nested(sets):
    total = 0
    for inner in sets:
        for value in inner:
            for other in inner:
                total += value * other
    return total


print(nested({frozenset({1, 2}), frozenset({3}), frozenset()}), [nested([{1, 2, 3}] * 20)][-1])
