"""Finds primes by crossing out multiples in a list of flags, several times over, with explicit inner loops.

The sieve of Eratosthenes as a benchmark follows Gilbreath's (BYTE, September 1981), here with the classical indexing.
"""

import sys

ROUNDS = 5
# The number of primes below powers of ten (OEIS A006880), and below the default size.
KNOWN_COUNTS = {10: 4, 100: 25, 1000: 168, 10000: 1229, 100000: 9592, 1000000: 78498, 3000000: 216816, 10000000: 664579}


def sieve(limit):
    """A list of flags: flags[i] says whether i is prime, for 0 <= i < limit."""
    flags = [True] * limit
    flags[0] = flags[1] = False
    candidate = 2
    while candidate * candidate < limit:
        if flags[candidate]:
            multiple = candidate * candidate
            while multiple < limit:
                flags[multiple] = False
                multiple += candidate
        candidate += 1
    return flags


def summarise(flags):
    """How many primes, their sum, the largest one, and how many pairs of twins."""
    count = total = largest = twins = 0
    for number, is_prime in enumerate(flags):
        if is_prime:
            count += 1
            total += number
            if number - largest == 2 and largest > 2:
                twins += 1
            largest = number
    return count, total, largest, twins


def main(limit):
    results = [summarise(sieve(limit)) for _ in range(ROUNDS)]
    if any(result != results[0] for result in results):
        raise RuntimeError("the rounds disagree")
    count, total, largest, twins = results[0]
    if KNOWN_COUNTS.get(limit, count) != count:
        raise RuntimeError(f"found {count} primes below {limit}")
    print(f"primes below {limit}: {count}")
    print("sum:", total)
    print("largest:", largest)
    print("twins:", twins)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3000000)
