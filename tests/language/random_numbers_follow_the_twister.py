# The Mersenne Twister gives the same sequences, states and errors.
import _random


def attempt(function, *arguments, **keywords):
    try:
        print(function.__name__, str(arguments)[:60], keywords, "->", str(function(*arguments, **keywords))[:100])
    except Exception as error:
        print(function.__name__, str(arguments)[:60], keywords, "!!", type(error).__name__, error)


for seed in (0, 1, -1, 5, -5, 2**32, 2**64 + 3, 2**100 + 7, -(10**400), 0.5, 1.5, 2**62, -(2**62), True, (1, 2.5), 1e300):
    generator = _random.Random(seed)
    print([generator.random() for _ in range(3)], [generator.getrandbits(bits) for bits in range(0, 200, 13)])
generator = _random.Random(42)
numbers = [generator.random() for _ in range(1000)]
print(sum(numbers), numbers[-1], generator.getrandbits(100000) % (10**9 + 7))
state = generator.getstate()
print(len(state), state[:3], state[-1])
first = [generator.random() for _ in range(700)]
generator.setstate(state)
print(first == [generator.random() for _ in range(700)])
generator.seed()
print(0 <= generator.random() < 1, _random.Random().random() != _random.Random().random())


class Sub(_random.Random):
    def __init__(self, x, y=None):
        self.x = x


print(Sub(3).x, Sub(3).random(), Sub(3).__dict__)
attempt(_random.Random, 1, 2)
attempt(_random.Random, a=1)
attempt(_random.Random, [])
attempt(generator.getrandbits, -1)
attempt(generator.getrandbits, "x")
attempt(generator.getrandbits, 2**40)
attempt(generator.seed, 1, 2)
attempt(generator.random, 1)
attempt(generator.setstate, 5)
attempt(generator.setstate, (1, 2))
attempt(generator.setstate, ("x",) * 625)
attempt(generator.setstate, (2**40,) * 625)
attempt(generator.setstate, (-1,) * 625)
attempt(generator.setstate, (5,) * 624 + (625,))
attempt(generator.setstate, (5,) * 624 + (-1,))

import random

random.seed(12345)
print(random.random(), random.randint(1, 10**30), random.choice("abcdef"), random.sample(range(100), 5), random.gauss(0, 1))
print(random.choices("abc", k=5), random.shuffle([1, 2, 3]), random.uniform(1, 2), random.randbytes(10), random.betavariate(1, 2))
random.seed("text")
print(random.random(), random.Random(b"bytes").random(), random.triangular(), random.expovariate(1.5))
