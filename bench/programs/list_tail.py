"""Takeuchi's function over the lengths of linked lists: recursion, pointer chasing and nothing else.

The List workload of the Are-We-Fast-Yet suite (Marr, Daloze and Moessenboeck 2016), after Takeuchi's `tak`.
"""

import sys


class Element:
    """A cell of a list that ends with None."""

    def __init__(self, value):
        self.value = value
        self.next = None

    def length(self):
        if self.next is None:
            return 1
        return 1 + self.next.length()


def make_list(length):
    if length == 0:
        return None
    element = Element(length)
    element.next = make_list(length - 1)
    return element


def is_shorter_than(x, y):
    x_tail, y_tail = x, y
    while y_tail is not None:
        if x_tail is None:
            return True
        x_tail = x_tail.next
        y_tail = y_tail.next
    return False


def tail(x, y, z):
    if is_shorter_than(y, x):
        return tail(tail(x.next, y, z), tail(y.next, z, x), tail(z.next, x, y))
    return z


def main(rounds):
    total = 0
    for _ in range(rounds):
        result = tail(make_list(15), make_list(10), make_list(6))
        total += result.length()
    if total != 10 * rounds:
        raise RuntimeError(f"the lengths sum up to {total}")
    print("rounds:", rounds)
    print("sum of lengths:", total)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
