"""Computes Fibonacci numbers by naive double recursion: nothing but calls, comparisons and small additions.

The oldest call benchmark there is; the number of calls is 2*fib(n+1)-1 (Knuth, TAOCP 1, 1.2.8).
"""

import sys


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def fib_by_iteration(n):
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def main(n):
    result = fib(n)
    if result != fib_by_iteration(n):
        raise RuntimeError(f"fib({n}) cannot be {result}")
    print(f"fib({n}) = {result}")
    print("calls:", 2 * fib_by_iteration(n + 1) - 1)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 36)
