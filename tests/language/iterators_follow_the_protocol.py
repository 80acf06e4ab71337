# __iter__, __next__, __getitem__ iteration, sentinels, length hints, and built-in iterators' behaviour at the end.


class Count:
    def __init__(self, limit):
        self.limit, self.n = limit, 0

    def __iter__(self):
        return self

    def __next__(self):
        if self.n >= self.limit:
            raise StopIteration
        self.n += 1
        return self.n


class Restartable:
    def __iter__(self):
        return Count(3)


class Sequence:
    def __getitem__(self, index):
        if index >= 4:
            raise IndexError("end")
        return index * index


class Stops:
    def __getitem__(self, index):
        if index == 2:
            raise StopIteration
        return index


class Fails:
    def __getitem__(self, index):
        if index == 2:
            raise KeyError("not IndexError")
        return index


r, c = Restartable(), Count(3)
print(
    list(r), list(r), list(c), list(c), list(Sequence()), list(Stops()), 9 in Sequence(), 5 in Sequence(),
    [*Sequence()], max(Sequence()), tuple(iter(Sequence())), list(zip(Sequence(), "ab")),
    list(enumerate(Sequence(), 5)), sum(Count(10)), sorted(Restartable(), reverse=True), dict(zip("abc", Count(9)))
)
try:
    list(Fails())
except KeyError as error:
    print(repr(error))
first, *others = Count(4)
print(
    first, others, 3 in Count(5), 7 in Count(5), list(map(lambda a, b: a * b, Count(3), Sequence())),
    list(filter(None, Sequence())), "".join(iter("ab")), any(Sequence()), all(Sequence())
)
values = iter([1, 2, 3, 0, 4])
print(list(iter(lambda: next(values), 0)), next(values))
calls = iter(lambda: next(values), 99)
print(list(calls), type(calls).__name__)


class NoNext:
    def __iter__(self):
        return 5


class NoneIter:
    __iter__ = None


class BadIter:
    def __iter__(self):
        raise ValueError("from __iter__")


class BadNext:
    def __iter__(self):
        return self

    def __next__(self):
        raise ValueError("from __next__")


class NextOnly:
    def __next__(self):
        return 1


for bad in (NoNext(), NoneIter(), BadIter(), BadNext(), NextOnly(), 5, None, object(), len, int):
    for use in (iter, list, lambda b: [x for x in b], lambda b: 1 in b, lambda b: sum(b)):
        try:
            use(bad)
            print(type(bad).__name__, "fine")
        except Exception as error:
            print(type(bad).__name__, type(error).__name__, error)
print(next(NextOnly()), next(iter([]), "default"), next(iter([1]), "default"))


class Hint:
    def __init__(self, hint):
        self.hint = hint

    def __iter__(self):
        return iter([1, 2])

    def __length_hint__(self):
        if isinstance(self.hint, Exception):
            raise self.hint
        return self.hint


for hint in (0, 2, 50, NotImplemented, -1, "x", TypeError("ignored"), ValueError("not ignored")):
    try:
        print(list(Hint(hint)))
    except Exception as error:
        print(type(error).__name__, error)
iterator = iter([1, 2, 3])
for x in iterator:
    for y in iterator:
        print(x, y)
grows = [1]
it = iter(grows)
print(next(it), next(it, "end"), grows.append(2), next(it, "still ended"))
grows = [1, 2, 3]
it = iter(grows)
next(it)
grows.clear()
print(list(it))
for maker in (
    lambda: iter([1]), lambda: iter((1,)), lambda: iter("a"), lambda: iter(b"a"), lambda: iter({1}),
    lambda: iter({1: 2}), lambda: iter({1: 2}.values()), lambda: iter({1: 2}.items()), lambda: iter(range(1)),
    lambda: zip([1]), lambda: map(abs, [1]), lambda: filter(None, [1]), lambda: enumerate([1]), lambda: reversed([1]),
    lambda: iter(int, 0), lambda: (x for x in [1]), lambda: reversed("a"), lambda: reversed({1: 2})
):
    it = maker()
    kind = type(it).__name__
    print(kind, iter(it) is it, next(it, "empty"), next(it, "end"), next(it, "end"))


class Reversible:
    def __reversed__(self):
        return iter("reversed")


class SequenceLike:
    def __len__(self):
        return 3

    def __getitem__(self, index):
        return f"item {index}"


class NotReversible:
    __reversed__ = None

    def __len__(self):
        return 1

    def __getitem__(self, i):
        return i


print(
    "".join(reversed(Reversible())), list(reversed(SequenceLike())), list(reversed(range(3))), list(reversed((1, 2))),
    list(reversed(""))
)
for bad in (NotReversible(), 5, {1}, (x for x in ())):
    try:
        reversed(bad)
    except TypeError as error:
        print(error)
for i, (a, b) in enumerate(zip("ab", [1, 2]), start=10):
    print(i, a, b, end=";")
print()
for statement in (
    "next(5)", "next()", "next([1])", "iter()", "iter(5, 5)", "iter([], [])", "iter(1, 2, 3)",
    "list(iter(lambda: 1 / 0, 5))"
):
    try:
        exec(statement)
    except Exception as error:
        print(statement, "->", type(error).__name__, error)
