# Calls of every kind, loops, jumps, closures and comprehensions.
def factorial(n):
    if n < 2:
        return 1
    return n * factorial(n - 1)


def parameters(a, b=2, /, *rest, key, **options):
    return a + b


def counter():
    count = 0

    def increase(by=1):
        nonlocal count
        count += by
        return count

    return increase


class Point:
    kind = "point"

    def __init__(self, x):
        self.x = x

    def __add__(self, other):
        return Point(self.x + other.x)

    @property
    def double(self):
        return self.x * 2


print(factorial(3))
parameters(1, 3, 4, key="k", other=None)
increase = counter()
increase()
increase(by=5)
total = Point(1) + Point(2)
print(total.double, [x * 2 for x in range(3) if x], {c: ord(c) for c in "ab"})
i = 0
while True:
    i += 1
    if i == 2:
        continue
    if i > 2:
        break
for a, (b, *c) in [(1, "xyz")]:
    pass
print(sorted([3, 1, 2], key=lambda v: -v), f"{i!r:>4}", i if i else None)
x = "a" < "b" < "c"
del x
