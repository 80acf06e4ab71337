# A hot for statement over each built-in iterator, over generators, and over all of them in turn.

import sys


def collect(iterable):
    result = []
    for element in iterable:
        result.append(element)
    return result


def count(n):
    for i in range(n):
        yield i


def nested(n):
    for i in count(n):
        for j in count(i):
            yield i, j


class Halves(enumerate):
    def __next__(self):
        index, value = super().__next__()
        return index / 2, value


class Down:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        self.n -= 1
        if self.n < 0:
            raise StopIteration
        return self.n


class Old:
    def __getitem__(self, i):
        if i == 3:
            raise IndexError
        return i * i


d = {"a": 1, "b": 2, "c": 3}
makers = [
    lambda: range(4), lambda: range(10, 0, -3), lambda: range(2**62 - 2, 2**62 + 2), lambda: range(2**70, 2**70 + 2),
    lambda: [], lambda: [1, 2, 3], lambda: (4, 5), lambda: "h\u00e9\u0142\U0001f600", lambda: b"ab", lambda: bytearray(b"cd"),
    lambda: d, lambda: d.values(), lambda: d.items(), lambda: reversed(d), lambda: {7}, lambda: frozenset("x"),
    lambda: enumerate("ab"), lambda: enumerate([9, 8], 2**64), lambda: zip("ab", [1, 2, 3]), lambda: zip(),
    lambda: map(str, (1, 2)), lambda: filter(None, [0, 3]), lambda: reversed([1, 2]), lambda: Halves("xy"),
    lambda: count(3), lambda: nested(3), lambda: (x * x for x in range(3)), lambda: Down(3), lambda: Old(),
    lambda: iter(lambda it=iter([1, 2, 0]): next(it), 0),
]
for make in makers:
    for _ in range(40):
        result = collect(make())
    print(result)
for i in range(400):
    make = makers[(i * i + i // 7) % len(makers)]
    result = collect(make())
    if i % 40 == 0:
        print(result)


# --- containers that change while they are walked
def grow_list(limit):
    items = [0]
    for x in items:
        if x < limit:
            items.append(x + 1)
    return len(items)


def shrink_list():
    items = list(range(50))
    seen = []
    for x in items:
        seen.append(x)
        items.pop()
    return seen, items


def change_dict(kind, change):
    d = {i: str(i) for i in range(20)}
    seen = 0
    try:
        for element in getattr(d, kind)():
            seen += 1
            if seen == 10:
                change(d)
    except RuntimeError as error:
        return seen, str(error), sys.exc_info()[2].tb_lineno - change_dict.__code__.co_firstlineno
    return seen, sum(1 for _ in d)


def add(d):
    d["new"] = 1


def remove(d):
    del d[3]


def replace(d):
    d[5] = "other"


def swap(d):
    del d[19]
    d["new"] = 1


for _ in range(30):
    results = [grow_list(100), shrink_list()]
    for kind in ("keys", "values", "items"):
        results.append([change_dict(kind, change) for change in (add, remove, replace, swap)])
for result in results:
    print(result)


# An exhausted list iterator stays exhausted though the list grows.
def exhausted():
    items = [1, 2]
    iterator = iter(items)
    first = [x for x in iterator]
    items.append(3)
    second = []
    for x in iterator:
        second.append(x)
    return first, second


for _ in range(50):
    result = exhausted()
print(result)


# --- generators
def careful(log, n):
    try:
        for i in range(n):
            try:
                received = yield i
                if received is not None:
                    log.append(("received", received))
            except ValueError as error:
                log.append(("caught", str(error)))
                yield "after error"
    finally:
        log.append("finally")


def close_inside():
    log = []
    generator = careful(log, 10)
    for x in generator:
        log.append(x)
        if x == 2:
            generator.close()
    return log


def throw_inside():
    log = []
    generator = careful(log, 4)
    for x in generator:
        log.append(x)
        if x == 1:
            log.append(generator.throw(ValueError("thrown")))
        elif x == 2:
            log.append(generator.send("sent"))
    return log


def leave_early():
    log = []
    generator = careful(log, 5)
    for x in generator:
        if x == 1:
            break
    else:
        log.append("else")
    generator.close()
    return log


def reenter():
    def inner():
        for x in generator:
            yield x

    generator = inner()
    try:
        for x in generator:
            pass
    except ValueError as error:
        return str(error)


def failing(n):
    for i in range(n):
        if i == 3:
            raise KeyError(i)
        yield i


def fail():
    seen = []
    try:
        for x in failing(5):
            seen.append(x)
    except KeyError as error:
        trace = error.__traceback__
        lines = []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno - trace.tb_frame.f_code.co_firstlineno))
            trace = trace.tb_next
        return seen, lines


def stop_inside():
    def generator():
        yield 1
        raise StopIteration

    try:
        for x in generator():
            pass
    except RuntimeError as error:
        return str(error), type(error.__cause__).__name__


def handled_exceptions_are_the_generators_own():
    def generator():
        try:
            raise ValueError("inside")
        except ValueError:
            yield str(sys.exc_info()[1])
        yield sys.exc_info()[1] is None or str(sys.exc_info()[1])

    try:
        raise KeyError("outside")
    except KeyError:
        result = []
        for x in generator():
            result.append((x, str(sys.exc_info()[1])))
        return result


def look_at_the_frame():
    def generator():
        x = 0
        while True:
            x += 1
            yield x

    g = generator()
    seen = []
    for value in g:
        seen.append((value, g.gi_frame.f_locals["x"], g.gi_running, g.gi_frame.f_lineno - g.gi_code.co_firstlineno))
        if value == 3:
            return seen


for _ in range(60):
    results = [close_inside(), throw_inside(), leave_early(), reenter(), fail(), stop_inside(),
               handled_exceptions_are_the_generators_own(), look_at_the_frame()]
for result in results:
    print(result)


def deep(n):
    if n:
        for x in deep(n - 1):
            yield x + 1
    else:
        yield 0


def delegate(n):
    if n:
        yield from delegate(n - 1)
    yield n


for _ in range(20):
    result = list(deep(100)), sum(delegate(60))
print(result)


def too_deep():
    for x in too_deep():
        yield x


for _ in range(3):
    try:
        list(too_deep())
    except RecursionError:
        print("RecursionError")


# --- unpacking
def two(sequence):
    a, b = sequence
    return b, a


def three(sequence):
    a, b, c = sequence
    return c, b, a


class Pair(tuple):
    def __iter__(self):
        return iter(("from", "iter"))


class PairList(list):
    def __iter__(self):
        return iter(("from", "list iter"))


values = [(1, 2), [3, 4], "ab", {5: 6, 7: 8}, Pair((1, 2)), PairList([1, 2]), range(2), count(2), (1, 2, 3), [1], (), 7,
          None, "abc", count(3), count(5)]
for function in (two, three):
    for i in range(200):
        value = values[0] if i % 3 and i < 100 else values[1] if i < 150 and i % 5 else values[i % len(values)]
        try:
            result = function(value)
        except (TypeError, ValueError) as error:
            result = type(error).__name__, str(error)
        if i % 11 == 0 or i > 180:
            print(result)


# --- pairs that are unpacked at once, and pairs that are kept
def unpacked(iterable):
    total = []
    for a, b in iterable:
        total.append((b, a))
    return total


def kept(iterable):
    total = []
    for pair in iterable:
        total.append(pair)
    return total


def shared(iterator):
    result = []
    for a, b in iterator:
        result.append((a, b))
        for pair in iterator:
            result.append(pair)
            break
        for c, d in iterator:
            result.append((c, d))
            break
    return result


def reentrant():
    def source():
        for i in range(6):
            yield i
            if i == 2:
                result.append(next(pairs))

    result = []
    pairs = zip(source(), "abcdef")
    for a, b in pairs:
        result.append((a, b))
    return result


def unequal():
    try:
        for a, b in zip([1, 2], [1], strict=True):
            pass
    except ValueError as error:
        return str(error)


def cannot_unpack():
    try:
        for a, b in zip([1], [2], [3]):
            pass
    except ValueError as error:
        return str(error)


pairs = {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6}
for i in range(60):
    huge = 2**62 - 2 if i % 2 else 2**63 - 2
    results = [unpacked(pairs.items()), unpacked(enumerate("xy", huge)), unpacked(enumerate(range(3), -1)),
               unpacked(zip((1, 2), [3, 4])), unpacked(zip(count(2), "ab")), kept(pairs.items()), kept(enumerate("ab")),
               kept(zip("ab", "cd")), shared(iter(pairs.items())), shared(enumerate("abcdefgh")),
               shared(zip("abcdefgh", range(9))), unequal(), cannot_unpack()]
    try:
        results.append(reentrant())
    except ValueError as error:
        results.append(str(error))
for result in results:
    print(result)
