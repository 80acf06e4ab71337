# Searches that end at the first slot, and those that do not: collisions, dummies, keys whose hash or equality is odd.
class Odd:
    def __init__(self, number, same=()):
        self.number, self.same = number, same

    def __hash__(self):
        return self.number

    def __eq__(self, other):
        asked.append((self.number, getattr(other, "number", other)))
        return other in self.same if not isinstance(other, Odd) else self is other

    def __repr__(self):
        return f"Odd({self.number})"


asked = []
numbers = set(range(0, 64, 8))
for extra in (8 << 5, 8 << 10, 64, 128, 1 << 61, (1 << 61) - 1, -1, -2, 2.0, 8.0, True):
    print(extra in numbers, end=" ")
    numbers.add(extra)
    print(extra in numbers, len(numbers))
numbers.discard(16)
numbers.discard(16)
print(16 in numbers, 16.0 in numbers, 24.0 in numbers, len(numbers))
numbers.add(16)
print(sorted(numbers)[:5], len(numbers))

twin, other = Odd(5, (5,)), Odd(5)
mixed = {5}
print(twin in mixed, other in mixed, asked)
asked.clear()
mixed.add(other)
print(len(mixed), other in mixed, 5 in mixed, asked)
asked.clear()
mixed.discard(5)
print(len(mixed), 5 in mixed, other in mixed, asked)

changing = Odd(1)
holder = {changing}
changing.number = 2
print(changing in holder, len(holder))
changing.number = 1
print(changing in holder)
nan = float("nan")
print(nan in {nan}, float("nan") in {nan}, len({nan, nan, float("nan")}))


class Clearing:
    def __hash__(self):
        return 3

    def __eq__(self, other):
        victim.clear()
        return False


victim = {3, 11, 19}
print(Clearing() in victim, victim)
victim = {3, 11, 19}
victim.add(Clearing())
print(len(victim))

a, b = set(range(0, 900, 2)), set(range(0, 900, 3))
for operation in ("__and__", "__or__", "__sub__", "__xor__"):
    result = getattr(a, operation)(b)
    print(operation, len(result), sum(result), list(result)[:6], list(getattr(frozenset(b), operation)(a))[-6:])
words = [f"w{i % 37}" for i in range(200)]
print(len(set(words)), len(set(words) & {"w1", "w2", "x"}), len(set(words) ^ set(words[:5])), sorted(set(words) - set(words[3:40])))
a -= set(range(0, 900, 4))
print(len(a), sum(a), 4 in a, 6 in a)
a ^= {6, 7, 8}
print(len(a), 6 in a, 7 in a, 8 in a)


class Meta(type):
    def __hash__(cls):
        return 7

    def __eq__(cls, other):
        return True


class WithMeta(metaclass=Meta):
    pass


print(hash(WithMeta), 7 in {WithMeta}, WithMeta in {int, str}, hash(int) == object.__hash__(int), {int: 1}[int])
thing = object()
print(hash(thing) == object.__hash__(thing) == thing.__hash__(), {thing: 2}[thing], len({thing, thing, len, len, print}))
