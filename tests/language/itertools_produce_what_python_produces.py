# The items of every iterator of itertools, nested, endless, shared and interrupted.
import itertools as I

print(list(I.accumulate(range(10))), list(I.accumulate([3, 1, 4, 1, 5], max)), list(I.accumulate([], initial=7)))
print(list(I.accumulate("abc", initial="-")), list(I.accumulate([[1], [2]], lambda a, b: a + b)))
print(list(I.chain("ab", [1, 2], {"k": 1}, (), range(2))), list(I.chain.from_iterable(["xy", "z"])))
print(list(I.chain(I.chain(I.chain("a", "b"), "c"), "d")))
for r in range(5):
    print(r, ["".join(c) for c in I.combinations("abcd", r)], ["".join(c) for c in I.permutations("abc", r)])
    print(r, ["".join(c) for c in I.combinations_with_replacement("abc", r)])
print(list(I.permutations([1, 2, 3])), len(list(I.permutations(range(7)))), len(list(I.combinations(range(12), 5))))
print(list(I.product("ab", [1, 2])), list(I.product([0, 1], repeat=3)), list(I.product()), list(I.product("ab", "")))
print(list(I.compress("abcdef", [1, 0, 1, 0, 1])), list(I.compress(I.count(), [1, 1, 0, 1])))
print(list(I.islice(I.count(5), 3)), list(I.islice(I.count(0.5, 0.25), 3)), list(I.islice(I.count(2**62, 2**61), 4)))
print(list(I.islice(I.count(2**63 - 2), 4)), list(I.islice(I.count(-(2**63) + 1, -1), 4)), list(I.islice(I.count(1j), 2)))
print(list(I.islice(I.cycle("abc"), 8)), list(I.islice(I.cycle([]), 3)))
print(list(I.dropwhile(lambda x: x < 3, [1, 2, 3, 1])), list(I.takewhile(lambda x: x < 3, [1, 2, 3, 1])))
print(list(I.filterfalse(None, [0, 1, "", 2])), list(I.filterfalse(lambda x: x % 2, range(6))))
for key, group in I.groupby("aaabbca"):
    print(key, list(group), end=" ")
print()
print([(k, [len(w) for w in g]) for k, g in I.groupby(["a", "bb", "cc", "d"], key=len)])
groups = I.groupby("aab")
first, members = next(groups)
second, others = next(groups)
print(first, list(members), second, list(others), list(groups))
for arguments in [(3,), (1, 4), (1, None), (0, 9, 3), (2, 2), (None, None, 2), (5, 3)]:
    print(arguments, list(I.islice("abcdefgh", *arguments)))
print(list(I.pairwise("abcd")), list(I.pairwise("a")), list(I.pairwise([])))
print(list(I.repeat("x", 3)), list(I.repeat(1, 0)), list(zip(I.repeat(7), "ab")))
print(list(I.starmap(pow, [(2, 3), (3, 2)])), list(I.starmap(max, [[1, 2], (4, 3)])))
print(list(I.zip_longest("abc", "x", [1, 2])), list(I.zip_longest("ab", [], fillvalue="-")))

a, b, c = I.tee(range(200), 3)
print(sum(a), [next(b) for _ in range(3)], sum(b), sum(I.islice(c, 100)), sum(c))
a, b = I.tee("abc")
next(a)
d = a.__copy__()
print(list(a), list(d), list(b))


class Broken:
    def __init__(self, good):
        self.good = good

    def __iter__(self):
        return self

    def __next__(self):
        if self.good == 0:
            raise ZeroDivisionError("broken")
        self.good -= 1
        return self.good


def tried(make):
    iterator = make()
    result = []
    for _ in range(4):
        try:
            result.append(next(iterator))
        except Exception as error:
            result.append(type(error).__name__)
    return result


def stopping(*_):
    raise StopIteration


print(tried(lambda: I.accumulate(Broken(2))), tried(lambda: I.chain([9], Broken(1), [8])))
print(tried(lambda: I.chain([9], 5, [8])), tried(lambda: I.cycle(Broken(2))), tried(lambda: I.islice(Broken(1), 5)))
print(tried(lambda: I.pairwise(Broken(2))), tried(lambda: I.zip_longest(Broken(1), "abc")))
print(tried(lambda: I.takewhile(bool, Broken(3))), tried(lambda: I.dropwhile(bool, Broken(2))))
print(tried(lambda: I.groupby(Broken(0))), tried(lambda: I.tee(Broken(1))[0]), tried(lambda: I.starmap(pow, [(1, 1), 3])))
print(tried(lambda: I.takewhile(stopping, "abc")), tried(lambda: I.accumulate("abc", stopping)))


class Reenter:
    def __init__(self):
        self.tee = None

    def __iter__(self):
        return self

    def __next__(self):
        return next(self.tee)


outer = Reenter()
outer.tee, _ = I.tee(outer)
print(tried(lambda: outer.tee))


class Count(I.count):
    pass


class Chain(I.chain):
    def __next__(self):
        return super().__next__() * 2


counter = Count(3)
counter.note = "kept"
print(next(counter), counter, counter.note, list(Chain([1], [2])), [x for x in Chain("ab")])
numbers = I.count()
print([next(numbers) for _ in range(3)], numbers)
total = 0
for i, (x, y) in enumerate(I.product(range(50), repeat=2)):
    total += i * x - y
for x in I.chain(range(1000), range(1000)):
    total += x
for x in I.islice(I.cycle(range(7)), 1000):
    total += x
for x, y in I.zip_longest(range(300), range(200), fillvalue=1):
    total += x * y
for x in I.repeat(3, 500):
    total += x
print(total)
states = [I.combinations("abcd", 2), I.permutations("abcd", 2), I.product("ab", repeat=3), I.cycle("abc"),
          I.combinations_with_replacement("abc", 2), I.islice("abcdefgh", 1, None, 2), I.accumulate([1, 2, 3, 4]),
          I.chain("ab", "cd"), I.repeat(1, 5), I.count(4, 3), I.zip_longest("abc", "d"), I.dropwhile(str.islower, "aBc")]
for iterator in states:
    next(iterator)
    kind, arguments, *rest = iterator.__reduce__()
    copy = kind(*arguments)
    if rest:
        copy.__setstate__(rest[0])
    print(kind.__name__, list(I.islice(copy, 6)))
