"""Flips prefixes of every permutation of 0..n-1 until zero leads, and finds the largest number of flips.

Anderson and Rettig, "Performing Lisp Analysis of the FANNKUCH Benchmark" (1994), with the checksum of the
Computer Language Benchmarks Game.
"""

import sys

ROUNDS = 4
# Largest number of flips for n = 0, 1, 2, … (OEIS A000375).
KNOWN_FLIPS = [0, 0, 1, 2, 4, 7, 10, 16, 22, 30, 38, 51, 65]


def count_flips(permutation):
    """The number of prefix reversals until element 0 comes first."""
    flips = 0
    work = permutation[:]
    first = work[0]
    while first:
        work[: first + 1] = work[first::-1]
        flips += 1
        first = work[0]
    return flips


def next_permutation(permutation, counts):
    """Step to the next permutation by rotating prefixes; false after the last one."""
    size = len(permutation)
    length = 1
    while length < size:
        permutation.insert(length, permutation.pop(0))
        counts[length] += 1
        if counts[length] <= length:
            return True
        counts[length] = 0
        length += 1
    return False


def fannkuch(size):
    permutation = list(range(size))
    counts = [0] * size
    most = checksum = 0
    sign = 1
    while True:
        if permutation[0]:
            flips = count_flips(permutation)
            if flips > most:
                most = flips
            checksum += sign * flips
        if not next_permutation(permutation, counts):
            return most, checksum
        sign = -sign


def main(size):
    results = [fannkuch(size) for _ in range(ROUNDS)]
    if any(result != results[0] for result in results):
        raise RuntimeError("the rounds disagree")
    most, checksum = results[0]
    if size < len(KNOWN_FLIPS) and most != KNOWN_FLIPS[size]:
        raise RuntimeError(f"found {most} flips, not {KNOWN_FLIPS[size]}")
    print("checksum:", checksum)
    print(f"most flips of {size}: {most}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 9)
