"""Counts and draws the points of a square grid that belong to the Mandelbrot set, with plain float arithmetic.

The mandelbrot workload of the Computer Language Benchmarks Game; area estimate after Ewing and Schober (1992).
"""

import sys

LIMIT = 50
AREA = 1.5066


def escape_time(cr, ci):
    """The number of iterations before z*z + c leaves the circle of radius 2, at most LIMIT."""
    zr = zi = 0.0
    zr2 = zi2 = 0.0
    for iteration in range(LIMIT):
        zi = 2.0 * zr * zi + ci
        zr = zr2 - zi2 + cr
        zr2 = zr * zr
        zi2 = zi * zi
        if zr2 + zi2 > 4.0:
            return iteration
    return LIMIT


def row_of(size, y):
    ci = 2.0 * y / size - 1.0
    return [escape_time(2.0 * x / size - 1.5, ci) for x in range(size)]


def pack(row):
    """The row as a number, one bit per point that did not escape."""
    bits = 0
    for time in row:
        bits = bits << 1 | (time == LIMIT)
    return bits


def main(size):
    inside = steps = 0
    checksum = 0
    for y in range(size):
        row = row_of(size, y)
        inside += row.count(LIMIT)
        steps += sum(row)
        checksum = (checksum * 31 + pack(row)) % 4294967291
    # The grid covers 2 by 2 units and LIMIT is low, so the estimate is coarse and a little too large.
    area = 4.0 * inside / (size * size)
    if size >= 50 and abs(area - AREA) > 0.15:
        raise RuntimeError(f"the area cannot be {area!r}")
    print("points inside:", inside)
    print("iterations:", steps)
    print("area: %.6f" % area)
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 850)
