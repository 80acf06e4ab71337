"""Approximates the largest singular value of the infinite matrix 1/((i+j)(i+j+1)/2+i+1) by the power method.

The spectral-norm workload of the Computer Language Benchmarks Game, after problem 3 of SIAM's "Hundred-Dollar,
Hundred-Digit Challenge" (Trefethen, 2002).
"""

import math
import sys

ITERATIONS = 10
LIMIT = 1.274224152821228188


def element(row, column):
    diagonal = row + column
    return 1.0 / (diagonal * (diagonal + 1) // 2 + row + 1)


def multiply(vector):
    size = len(vector)
    result = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += element(row, column) * vector[column]
        result.append(total)
    return result


def multiply_transposed(vector):
    size = len(vector)
    result = []
    for row in range(size):
        total = 0.0
        for column in range(size):
            total += element(column, row) * vector[column]
        result.append(total)
    return result


def dot(left, right):
    total = 0.0
    for a, b in zip(left, right):
        total += a * b
    return total


def spectral_norm(size):
    u = [1.0] * size
    v = u
    for _ in range(ITERATIONS):
        v = multiply_transposed(multiply(u))
        u = multiply_transposed(multiply(v))
    return math.sqrt(dot(u, v) / dot(v, v))


def main(size):
    norm = spectral_norm(size)
    if not 1.0 <= norm < LIMIT or (size >= 50 and LIMIT - norm > 1e-4):
        raise RuntimeError(f"the norm cannot be {norm!r}")
    print("size:", size)
    print("norm: %.9f" % norm)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 550)
