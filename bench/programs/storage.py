"""A tree of nested lists with random fan-out is built over and over: an allocation workload.

The Storage workload of the Are-We-Fast-Yet suite (Marr, Daloze and Moessenboeck 2016).
"""

import sys

DEPTH = 7


class Random:
    def __init__(self):
        self.seed = 74755

    def next(self):
        self.seed = (self.seed * 1309 + 13849) & 65535
        return self.seed


class Storage:
    def __init__(self):
        self.count = 0
        self.leaves = 0

    def build(self, depth, random):
        self.count += 1
        if depth == 1:
            size = random.next() % 10 + 1
            self.leaves += size
            return [None] * size
        children = [None] * 4
        for i in range(4):
            children[i] = self.build(depth - 1, random)
        return children


def depth_of(tree):
    depth = 0
    while tree:
        depth += 1
        tree = tree[0]
    return depth


def main(rounds):
    for _ in range(rounds):
        storage = Storage()
        tree = storage.build(DEPTH, Random())
    if depth_of(tree) != DEPTH:
        raise RuntimeError(f"the tree is {depth_of(tree)} deep")
    print("lists:", storage.count)
    print("leaves:", storage.leaves)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 250)
