# Small numeric programs whose every bit is fixed: matrices, integration, Newton, FFT, random numbers, statistics.

import math


def matmul(a, b):
    return [[sum(x * y for x, y in zip(row, column)) for column in zip(*b)] for row in a]


def lu(matrix):
    n = len(matrix)
    m = [row[:] for row in matrix]
    for k in range(n):
        for i in range(k + 1, n):
            m[i][k] /= m[k][k]
            for j in range(k + 1, n):
                m[i][j] -= m[i][k] * m[k][j]
    return m


def simpson(f, a, b, n):
    h = (b - a) / n
    total = f(a) + f(b)
    for i in range(1, n):
        total += f(a + i * h) * (4 if i % 2 else 2)
    return total * h / 3


def newton(f, df, x):
    for _ in range(50):
        step = f(x) / df(x)
        x -= step
        if abs(step) < 1e-15 * abs(x):
            break
    return x


def fft(values):
    """Radix 2, on pairs of floats."""
    n = len(values)
    if n == 1:
        return values
    even, odd = fft(values[::2]), fft(values[1::2])
    out = [None] * n
    for k in range(n // 2):
        angle = -2 * k / n
        # sqrt-free twiddles: exact for the eighths of a turn that n = 8 needs
        c = {0.0: 1.0, -0.25: 0.7071067811865476, -0.5: 0.0, -0.75: -0.7071067811865476}[angle]
        s = {0.0: 0.0, -0.25: -0.7071067811865475, -0.5: -1.0, -0.75: -0.7071067811865476}[angle]
        re, im = odd[k][0] * c - odd[k][1] * s, odd[k][0] * s + odd[k][1] * c
        out[k] = (even[k][0] + re, even[k][1] + im)
        out[k + n // 2] = (even[k][0] - re, even[k][1] - im)
    return out


class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state ^= self.state << 13 & 0xFFFFFFFFFFFFFFFF
        self.state ^= self.state >> 7
        self.state ^= self.state << 17 & 0xFFFFFFFFFFFFFFFF
        return self.state

    def random(self):
        return (self.next() >> 11) / 2**53


hilbert = [[1 / (i + j + 1) for j in range(6)] for i in range(6)]
print(matmul(hilbert, hilbert)[2], lu(hilbert)[5], sum(map(sum, matmul(lu(hilbert), hilbert))))
print(
    simpson(lambda x: x * x * x - 2 * x + 1, 0.0, 3.0, 100), simpson(lambda x: 1 / (1 + x * x), 0, 1, 1000) * 4,
    newton(lambda x: x * x - 2, lambda x: 2 * x, 1.0), newton(lambda x: x**3 - x - 1, lambda x: 3 * x * x - 1, 1.5)
)
print(fft([(float(x), 0.0) for x in (1, 2, 3, 4, 0, -1, -2, 0.5)]))
r = Random(88172645463325252)
samples = [r.random() for _ in range(5000)]
mean = sum(samples) / len(samples)
variance = sum((x - mean) ** 2 for x in samples) / len(samples)
print(
    repr(mean), repr(variance), repr(max(samples)), repr(min(samples)), r.state, math.fsum(samples),
    sorted(samples)[2500]
)
inside = sum(1 for x, y in zip(samples[::2], samples[1::2]) if x * x + y * y < 1)
print(inside, [round(x, 4) for x in samples[:5]], [int(x * 1000) for x in samples[5:10]])
compensated = c = 0.0
for x in samples:
    y = x - c
    t = compensated + y
    c = (t - compensated) - y
    compensated = t
print(repr(compensated), repr(sum(samples)))
x, y = 0.1, 0.2
for _ in range(1000):
    x, y = 1 - 1.4 * x * x + y, 0.3 * x
print(repr(x), repr(y))
logistic = 0.5
for _ in range(200):
    logistic = 3.9 * logistic * (1 - logistic)
print(repr(logistic), repr(sum(1 / n for n in range(1, 10001))), repr(sum(1.0 / n for n in range(10000, 0, -1))))
harmonic, denormal, steps = 1.0, 1.0, 0
while denormal > 0:
    denormal, steps = denormal / 2, steps + 1
print(
    steps, repr(2.0**-1074), 2.0**-1075, 1.0 + 2.0**-53 == 1.0, 1.0 + 2.0**-52 > 1.0, 0.1 + 0.7, 0.1 * 3, 1.1 + 2.2,
    1e16 + 1.0, 4.35 * 100, 1.005 * 1000
)


class Fraction:
    def __init__(self, n, d=1):
        g = math.gcd(n, d) * (1 if d > 0 else -1)
        self.n, self.d = n // g, d // g

    def __add__(self, other):
        return Fraction(self.n * other.d + other.n * self.d, self.d * other.d)

    def __mul__(self, other):
        return Fraction(self.n * other.n, self.d * other.d)

    def __sub__(self, other):
        return self + Fraction(-other.n, other.d)

    def __truediv__(self, other):
        return Fraction(self.n * other.d, self.d * other.n)

    def __repr__(self):
        return f"{self.n}/{self.d}"


total = Fraction(0)
for i in range(1, 60):
    total = total + Fraction(1, i)
print(total)
bernoulli, row = [], []
for m in range(13):
    row.append(Fraction(1, m + 1))
    for j in range(m, 0, -1):
        row[j - 1] = Fraction(j) * (row[j - 1] - row[j])
    bernoulli.append(row[0])
print(bernoulli)
interest = 1000.0
for year in range(40):
    interest += interest * 0.0375
    interest = round(interest, 2)
print(
    interest, "%.2f" % interest, f"{interest:,.2f}", round(interest / 7, 3), divmod(interest, 12.5),
    int(interest * 100) / 100
)
