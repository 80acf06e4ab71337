"""Dense matrices of floats and of integers are multiplied, with lists of rows as storage.

A workload of nested loops, list indexing and multiply-add, once with indexes and once with zip.
"""

import sys


def random_matrix(rows, columns, seed, convert):
    """Entries in [0, 1) scaled by `convert`, from a linear congruential generator (Numerical Recipes' constants)."""
    result = []
    for _ in range(rows):
        row = []
        for _ in range(columns):
            seed = (seed * 1664525 + 1013904223) & 0xFFFFFFFF
            row.append(convert(seed))
        result.append(row)
    return result


def transposed(matrix):
    return [list(column) for column in zip(*matrix)]


def multiply_by_index(a, b):
    """Row times column, everything addressed by index."""
    n, m, p = len(a), len(b), len(b[0])
    result = [[0] * p for _ in range(n)]
    for i in range(n):
        row, target = a[i], result[i]
        for j in range(p):
            total = 0
            for k in range(m):
                total += row[k] * b[k][j]
            target[j] = total
    return result


def multiply_by_zip(a, b):
    """Row times column, the columns made rows first."""
    columns = transposed(b)
    result = []
    for row in a:
        line = []
        for column in columns:
            total = 0
            for x, y in zip(row, column):
                total += x * y
            line.append(total)
        result.append(line)
    return result


def trace(matrix):
    return sum(row[i] for i, row in enumerate(matrix))


def main(size):
    floats = random_matrix(size, size, 42, lambda n: n / 4294967296.0)
    others = random_matrix(size, size, 43, lambda n: n / 4294967296.0 - 0.5)
    integers = random_matrix(size, size, 44, lambda n: n >> 20)
    by_index = multiply_by_index(floats, others)
    by_zip = multiply_by_zip(floats, others)
    if by_index != by_zip:
        raise RuntimeError("the two ways to multiply disagree")
    squares = multiply_by_index(integers, transposed(integers))
    print(f"trace of floats: {trace(by_index):.12f}")
    print("trace of integers:", trace(squares))
    print("corner:", squares[0][-1], squares[-1][0])


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
