# Deep recursion works up to the limit; beyond it RecursionError can be caught again and again.

import sys


def depth(n):
    return 0 if n == 0 else 1 + depth(n - 1)


def forever(n=0):
    return forever(n + 1)


def is_even(n):
    return True if n == 0 else is_odd(n - 1)


def is_odd(n):
    return False if n == 0 else is_even(n - 1)


print(sys.getrecursionlimit(), depth(900), is_even(500), is_odd(501))
for _ in range(3):
    try:
        forever()
    except RecursionError as error:
        print(type(error).__name__, error, isinstance(error, RuntimeError))
sys.setrecursionlimit(5000)
print(sys.getrecursionlimit(), depth(4500))
try:
    depth(6000)
except RecursionError as error:
    print(error)
sys.setrecursionlimit(200)
try:
    depth(300)
except RecursionError as error:
    print("again", error)
sys.setrecursionlimit(1000)
for bad in (0, -1, "a", 2**100):
    try:
        sys.setrecursionlimit(bad)
    except (ValueError, TypeError, OverflowError) as error:
        print(type(error).__name__, error)


def through_finally(n):
    try:
        return through_finally(n + 1)
    finally:
        counts.append(n)


counts = []
try:
    through_finally(0)
except RecursionError:
    print(len(counts) > 500, counts[-1], counts[0] == len(counts) - 1)


class Attribute:
    def __getattr__(self, name):
        return getattr(self, name + "x")


class Representation:
    def __repr__(self):
        return repr(self)


class Equal:
    def __eq__(self, other):
        return self == other


class Item:
    def __getitem__(self, key):
        return self[key]


class Call:
    def __call__(self):
        return self()


class Add:
    def __add__(self, other):
        return self + other


class Iterates:
    def __iter__(self):
        return iter(self)


class Prop:
    @property
    def value(self):
        return self.value


class Length:
    def __len__(self):
        return len(self)


class Hash:
    def __hash__(self):
        return hash(self)


class New:
    def __new__(cls):
        return cls()


def generate():
    yield from generate()


actions = [
    lambda: Attribute().a, lambda: repr(Representation()), lambda: Equal() == 1, lambda: Item()[0], lambda: Call()(),
    lambda: Add() + 1, lambda: iter(Iterates()), lambda: Prop().value, lambda: len(Length()), lambda: hash(Hash()),
    New, lambda: next(generate()), lambda: [x for x in Iterates()]
]
for action in actions:
    try:
        action()
        print("returned")
    except RecursionError as error:
        print("RecursionError", str(error).startswith("maximum recursion depth exceeded"))
recovered = 0


def recover(n):
    global recovered
    try:
        recover(n + 1)
    except RecursionError:
        recovered += 1


recover(0)
print(recovered, depth(900))


def ackermann(m, n):
    if m == 0:
        return n + 1
    return ackermann(m - 1, 1) if n == 0 else ackermann(m - 1, ackermann(m, n - 1))


def hanoi(n, a="A", b="B", c="C"):
    return [] if n == 0 else hanoi(n - 1, a, c, b) + [a + c] + hanoi(n - 1, b, a, c)


def permutations(items):
    return [[]] if not items else [[items[i]] + rest for i in range(len(items)) for rest in permutations(items[:i] + items[i + 1 :])]


print(ackermann(2, 9), len(hanoi(8)), hanoi(3), len(permutations([1, 2, 3, 4, 5])), permutations("abc")[3])
