"""Builds, walks and drops perfect binary trees of many depths while one long-lived tree stays alive.

The binary-trees workload of the Computer Language Benchmarks Game, a descendant of Boehm's GCBench (1997).
"""

import sys

SHORTEST = 4


class Node:
    """An inner node or, with no children, a leaf."""

    __slots__ = ("left", "right")

    def __init__(self, left, right):
        self.left = left
        self.right = right


def build(depth):
    if depth == 0:
        return Node(None, None)
    return Node(build(depth - 1), build(depth - 1))


def count(node):
    if node.left is None:
        return 1
    return 1 + count(node.left) + count(node.right)


def checked_count(tree, depth):
    nodes = count(tree)
    if nodes != 2 ** (depth + 1) - 1:
        raise RuntimeError(f"a tree of depth {depth} has {nodes} nodes")
    return nodes


def main(longest):
    longest = max(longest, SHORTEST + 2)
    stretch = longest + 1
    print(f"stretch tree of depth {stretch}: {checked_count(build(stretch), stretch)}")
    survivor = build(longest)
    for depth in range(SHORTEST, longest + 1, 2):
        trees = 2 ** (longest - depth + SHORTEST)
        nodes = 0
        for _ in range(trees):
            nodes += checked_count(build(depth), depth)
        print(f"{trees} trees of depth {depth}: {nodes}")
    print(f"long-lived tree of depth {longest}: {checked_count(survivor, longest)}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 15)
