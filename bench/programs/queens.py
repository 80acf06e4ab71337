"""Finds every way to place n queens on an n by n board so that none attacks another, with recursive generators.

The eight queens puzzle (Bezzel, 1848), solved by backtracking (Dijkstra, "Notes on Structured Programming", 1972).
"""

import sys

# Number of solutions for n = 0, 1, 2, … (OEIS A000170).
KNOWN_SOLUTIONS = [1, 1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2680, 14200]


class Board:
    """The columns and diagonals that are taken, and the column of the queen in each row so far."""

    def __init__(self, size):
        self.size = size
        self.queens = []
        self.free_columns = [True] * size
        self.free_rising = [True] * (2 * size)
        self.free_falling = [True] * (2 * size)

    def is_free(self, row, column):
        return self.free_columns[column] and self.free_rising[row + column] and self.free_falling[row - column]

    def mark(self, row, column, free):
        self.free_columns[column] = free
        self.free_rising[row + column] = free
        self.free_falling[row - column] = free

    def solutions(self, row=0):
        if row == self.size:
            yield tuple(self.queens)
            return
        for column in range(self.size):
            if self.is_free(row, column):
                self.queens.append(column)
                self.mark(row, column, False)
                yield from self.solutions(row + 1)
                self.mark(row, column, True)
                self.queens.pop()


def verify(queens):
    size = len(queens)
    if len(set(queens)) != size:
        raise RuntimeError("two queens share a column")
    if len({row + column for row, column in enumerate(queens)}) != size:
        raise RuntimeError("two queens share a rising diagonal")
    if len({row - column for row, column in enumerate(queens)}) != size:
        raise RuntimeError("two queens share a falling diagonal")


def main(size):
    count = checksum = 0
    first = None
    for queens in Board(size).solutions():
        verify(queens)
        if first is None:
            first = queens
        count += 1
        for column in queens:
            checksum = (checksum * 33 + column) & 0xFFFFFFFF
    if size < len(KNOWN_SOLUTIONS) and count != KNOWN_SOLUTIONS[size]:
        raise RuntimeError(f"found {count} solutions, not {KNOWN_SOLUTIONS[size]}")
    print("solutions:", count)
    print("first:", first)
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 12)
