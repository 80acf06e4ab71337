"""Every permutation of a short list, by recursive swaps.

The Permute workload of the Stanford integer benchmarks (Hennessy and Nye), in the shape of the Are-We-Fast-Yet suite.
"""

import sys

LENGTH = 8


class Permuter:
    def __init__(self, length):
        self.count = 0
        self.checksum = 0
        self.items = list(range(length))

    def swap(self, i, j):
        items = self.items
        items[i], items[j] = items[j], items[i]

    def permute(self, n):
        self.count += 1
        if n == 0:
            self.checksum = (self.checksum * 31 + self.items[0] * 8 + self.items[-1]) & 0xFFFFFF
            return
        last = n - 1
        self.permute(last)
        for i in range(last, -1, -1):
            self.swap(last, i)
            self.permute(last)
            self.swap(last, i)


def main(rounds):
    for _ in range(rounds):
        permuter = Permuter(LENGTH)
        permuter.permute(LENGTH - 1)
        if permuter.items != list(range(LENGTH)):
            raise RuntimeError("the swaps were not undone")
    print("visited:", permuter.count)
    print("checksum:", permuter.checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
