# Loops that start with small integers and run into every representation limit, in both directions.


def double(n, times):
    for _ in range(times):
        n = n + n
    return n


def count_up(start, steps):
    n = start
    total = 0
    for i in range(steps):
        n += 1
        total ^= n
    return n, total


def count_down(start, steps):
    n = start
    for i in range(steps):
        n -= 1
    return n


def factorial(n):
    result = 1
    for i in range(2, n + 1):
        result *= i
    return result


def fibonacci(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def alternate(n):
    values = []
    x = 1
    for i in range(n):
        x = x * -3 + i
        values.append(x)
    return values[-1], sum(values), max(values), min(values)


def lcg(n):
    state = 1
    for _ in range(n):
        state = (state * 6364136223846793005 + 1442695040888963407) & 0xFFFFFFFFFFFFFFFF
    return state


def hash_string(text):
    h = 5381
    for char in text:
        h = h * 33 + ord(char)
    return h, h % 2**32


def mixed(n):
    x = 1
    for i in range(n):
        x = x * 1.5 if i % 3 == 2 else x + i
    return x


def shifts(n):
    out = []
    x = 1
    for i in range(n):
        x <<= 1
        if i % 10 == 9:
            x >>= 7
        out.append(x)
    return out[-1], sum(out)


def compare(limit):
    n = 1
    crossed = []
    for exponent in range(200):
        if n > limit and not crossed:
            crossed.append(exponent)
        n *= 2
    return crossed


def floor_and_mod(n):
    digits = 0
    while n:
        n, digit = divmod(n, 10)
        digits = digits * 10 + digit
    return digits


def negative_shift(n):
    total = 0
    for i in range(130):
        total += (-n) >> i
        total += n << i
    return total


print(
    double(1, 10), double(1, 61), double(1, 62), double(1, 63), double(1, 64), double(-1, 61), double(-1, 62),
    double(-1, 64), double(3, 100)
)
for power in (60, 61, 62, 63, 64):
    print(
        count_up(2**power - 50, 100), count_down(-(2**power) + 50, 100), count_up(-(2**power) - 50, 100)[0],
        count_down(2**power + 50, 100)
    )
print(factorial(5), factorial(20), factorial(21), factorial(25), factorial(60))
print(fibonacci(10), fibonacci(88), fibonacci(90), fibonacci(92), fibonacci(94), fibonacci(300))
print(alternate(10), alternate(38), alternate(40), alternate(42), alternate(90))
print(lcg(1000), hash_string("the quick brown fox"), mixed(50), mixed(200), shifts(60), shifts(700)[0])
print(
    [compare(2**power) for power in (30, 60, 61, 62, 63, 64, 100)], floor_and_mod(12345678901234567890123),
    negative_shift(5), negative_shift(2**61)
)
for n in (2**30, 2**31, 2**32, 3037000499, 3037000500, 2**31 + 1, 1518500250):
    print(n * n, -n * n, n * -n, (n + 1) * (n - 1), n * 2**31, n * -(2**31))
for a in (2**61, -(2**61), 2**62, -(2**62), 2**63, -(2**63)):
    print(
        [a + d for d in (-1, 0, 1)], -a, abs(a), ~a, a // -1, a % -1, a * -1, a - a, a ^ -1, a & (2**62), a | 1,
        a >> 1, a << 1
    )


def range_sums():
    return sum(range(2**61 - 2, 2**61 + 2)), [i for i in range(2**62 - 2, 2**62 + 2)], list(range(-(2**63) - 1, -(2**63) + 1)), sum(i for i in range(2**63 - 3, 2**63 + 3))


print(range_sums())
total = 0
for i in range(1000):
    total += i * 4611686018427387904
    if i % 100 == 99:
        total //= 1000003
print(total)
indices = [0] * 5
for i in range(-5, 5):
    indices[i] += i
print(indices)
try:
    [1][2**62]
except IndexError as error:
    print(error)
try:
    "a"[2**64]
except IndexError as error:
    print(error)
