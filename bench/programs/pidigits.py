"""The digits of pi by an unbounded spigot: big integers grow, are multiplied by small ones and divided.

Gibbons' streaming algorithm ("Unbounded Spigot Algorithms for the Digits of Pi", 2006) in the form of the Computer
Language Benchmarks Game.
"""

import sys


def digits_of_pi():
    numerator, accumulator, denominator = 1, 0, 1
    term = 0
    while True:
        term += 1
        odd = 2 * term + 1
        accumulator = (accumulator + 2 * numerator) * odd
        numerator *= term
        denominator *= odd
        if numerator > accumulator:
            continue
        digit = (numerator * 3 + accumulator) // denominator
        if digit == (numerator * 4 + accumulator) // denominator:
            yield digit
            accumulator = (accumulator - denominator * digit) * 10
            numerator *= 10


def main(number):
    line = []
    digits = digits_of_pi()
    for position in range(1, number + 1):
        line.append(str(next(digits)))
        if position % 10 == 0 or position == number:
            print("".join(line).ljust(10) + f"\t:{position}")
            line.clear()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1500)
