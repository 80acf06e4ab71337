"""The Towers of Hanoi with disks that are linked objects and piles that check every move.

The Towers workload of the Stanford integer benchmarks (Hennessy and Nye), in the shape of the Are-We-Fast-Yet suite.
"""

import sys

DISKS = 13


class Disk:
    def __init__(self, size):
        self.size = size
        self.below = None


class Towers:
    def __init__(self, disks):
        self.piles = [None, None, None]
        self.moves = 0
        for size in range(disks, 0, -1):
            self.push(Disk(size), 0)

    def push(self, disk, pile):
        top = self.piles[pile]
        if top is not None and disk.size >= top.size:
            raise RuntimeError("a disk may not lie on a smaller one")
        disk.below = top
        self.piles[pile] = disk

    def pop(self, pile):
        top = self.piles[pile]
        if top is None:
            raise RuntimeError("an empty pile has no disk to take")
        self.piles[pile] = top.below
        top.below = None
        return top

    def move_top(self, source, target):
        self.push(self.pop(source), target)
        self.moves += 1

    def move(self, disks, source, target):
        if disks == 1:
            self.move_top(source, target)
            return
        other = 3 - source - target
        self.move(disks - 1, source, other)
        self.move_top(source, target)
        self.move(disks - 1, other, target)


def height(disk):
    result = 0
    while disk is not None:
        result += 1
        disk = disk.below
    return result


def main(rounds):
    for _ in range(rounds):
        towers = Towers(DISKS)
        towers.move(DISKS, 0, 1)
        heights = [height(pile) for pile in towers.piles]
        if heights != [0, DISKS, 0] or towers.moves != 2**DISKS - 1:
            raise RuntimeError(f"{towers.moves} moves left piles of {heights}")
    print("moves of a round:", towers.moves)
    print("heights:", *heights)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 150)
