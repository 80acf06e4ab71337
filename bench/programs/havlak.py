"""Finds the nesting of loops in generated control-flow graphs, reducible and irreducible, with union-find sets.

Havlak, "Nesting of Reducible and Irreducible Loops" (TOPLAS 19(4), 1997); as a cross-language benchmark: Hundt, "Loop
Recognition in C++/Java/Go/Scala" (Scala Days 2011).
"""

import sys

NON_HEADER, REDUCIBLE, SELF, IRREDUCIBLE = "non-header", "reducible", "self", "irreducible"


class Block:
    """A basic block and its edges."""

    def __init__(self, identity):
        self.identity = identity
        self.predecessors = []
        self.successors = []


class Graph:
    """A control-flow graph; block 0 is the entry."""

    def __init__(self):
        self.blocks = []

    def new_block(self):
        block = Block(len(self.blocks))
        self.blocks.append(block)
        return block

    def connect(self, source, target):
        source.successors.append(target)
        target.predecessors.append(source)


class GraphBuilder:
    """Builds graphs of known loop structure; every piece takes its first block and returns its last."""

    def __init__(self):
        self.graph = Graph()

    def follow(self, block):
        successor = self.graph.new_block()
        self.graph.connect(block, successor)
        return successor

    def straight(self, block, length):
        for _ in range(length):
            block = self.follow(block)
        return block

    def diamond(self, block):
        left = self.follow(block)
        right = self.follow(block)
        join = self.follow(left)
        self.graph.connect(right, join)
        return join

    def self_loop(self, block):
        body = self.follow(block)
        self.graph.connect(body, body)
        return self.follow(body)

    def irreducible_loop(self, block):
        """Two blocks that jump to each other and can both be entered from outside."""
        left = self.follow(block)
        right = self.follow(block)
        self.graph.connect(left, right)
        self.graph.connect(right, left)
        return self.follow(right)

    def nest(self, block, depth):
        """Reducible loops, `depth` deep; the innermost body holds a diamond."""
        if depth == 0:
            return self.diamond(block)
        header = self.follow(block)
        bottom = self.nest(self.follow(header), depth - 1)
        self.graph.connect(bottom, header)
        return self.follow(bottom)


class Loop:
    """A loop found in the graph: its header block, its own blocks and the loops directly inside it."""

    def __init__(self, kind, header):
        self.kind = kind
        self.header = header
        self.blocks = []
        self.children = []
        self.parent = None
        self.depth = 0


class Node:
    """Union-find set of collapsed blocks; the representative stands for the loop it heads."""

    def __init__(self, block, number):
        self.block = block
        self.number = number
        self.parent = self
        self.loop = None

    def find(self):
        root = self
        while root.parent is not root:
            root = root.parent
        node = self
        while node.parent is not root:
            node.parent, node = root, node.parent
        return root


class LoopFinder:
    """One run of the algorithm over one graph."""

    def __init__(self, graph):
        self.graph = graph
        self.nodes = []
        self.number_of = {}
        self.last = []
        self.back = []
        self.other = []
        self.loops = []

    def find_loops(self):
        self.number_blocks()
        self.classify_edges()
        for number in range(len(self.nodes) - 1, -1, -1):
            self.process_header(number)
        for loop in self.loops:
            if loop.parent is None:
                self.assign_depth(loop, 1)
        return self.loops

    def number_blocks(self):
        """Depth-first preorder; last[n] is the greatest number below n in the tree."""
        stack = [(self.graph.blocks[0], 0)]
        self.discover(self.graph.blocks[0])
        while stack:
            block, position = stack.pop()
            if position < len(block.successors):
                stack.append((block, position + 1))
                successor = block.successors[position]
                if successor.identity not in self.number_of:
                    self.discover(successor)
                    stack.append((successor, 0))
            else:
                self.last[self.number_of[block.identity]] = len(self.nodes) - 1

    def discover(self, block):
        number = len(self.nodes)
        self.number_of[block.identity] = number
        self.nodes.append(Node(block, number))
        self.last.append(number)

    def is_ancestor(self, above, below):
        return above <= below <= self.last[above]

    def classify_edges(self):
        for target, node in enumerate(self.nodes):
            back, other = [], set()
            for block in node.block.predecessors:
                source = self.number_of.get(block.identity)
                if source is None:
                    continue
                if self.is_ancestor(target, source):
                    back.append(source)
                else:
                    other.add(source)
            self.back.append(back)
            self.other.append(other)

    def process_header(self, number):
        """Collapse the loop headed by this block, if it heads one."""
        kind = NON_HEADER
        body = []
        for source in self.back[number]:
            if source == number:
                kind = SELF
            else:
                member = self.nodes[source].find()
                if member not in body:
                    body.append(member)
        if body:
            kind = REDUCIBLE
        pending = body[:]
        while pending:
            member = pending.pop()
            for source in sorted(self.other[member.number]):
                root = self.nodes[source].find()
                if not self.is_ancestor(number, root.number):
                    kind = IRREDUCIBLE
                    self.other[number].add(root.number)
                elif root.number != number and root not in body:
                    body.append(root)
                    pending.append(root)
        if kind != NON_HEADER:
            self.collapse(Loop(kind, self.nodes[number].block), self.nodes[number], body)

    def collapse(self, loop, header, body):
        loop.blocks.append(header.block)
        for member in body:
            member.parent = header
            if member.loop is not None:
                member.loop.parent = loop
                loop.children.append(member.loop)
            else:
                loop.blocks.append(member.block)
        header.loop = loop
        self.loops.append(loop)

    def assign_depth(self, loop, depth):
        loop.depth = depth
        for child in loop.children:
            self.assign_depth(child, depth + 1)


def build_graph(sections):
    """Sections of nested loops of depth 1 to 5, an irreducible loop, a self loop and some straight code each."""
    builder = GraphBuilder()
    block = builder.graph.new_block()
    expected = {REDUCIBLE: 0, SELF: 0, IRREDUCIBLE: 0}
    for section in range(sections):
        depth = section % 5 + 1
        block = builder.straight(block, 3)
        block = builder.nest(block, depth)
        expected[REDUCIBLE] += depth
        block = builder.irreducible_loop(block)
        expected[IRREDUCIBLE] += 1
        block = builder.diamond(builder.self_loop(block))
        expected[SELF] += 1
    return builder.graph, expected


def main(sections):
    graph, expected = build_graph(sections)
    found = {REDUCIBLE: 0, SELF: 0, IRREDUCIBLE: 0}
    checksum = deepest = 0
    for loop in LoopFinder(graph).find_loops():
        found[loop.kind] += 1
        deepest = max(deepest, loop.depth)
        members = sum(block.identity for block in loop.blocks)
        checksum = (checksum * 31 + loop.header.identity * 7 + members * 3 + loop.depth) & 0xFFFFFFFF
    if found != expected:
        raise RuntimeError(f"expected {expected}, found {found}")
    if deepest != min(sections, 5):
        raise RuntimeError(f"the deepest loop is {deepest} deep")
    print("blocks:", len(graph.blocks))
    for kind, count in found.items():
        print(f"{kind} loops: {count}")
    print("deepest:", deepest)
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10000)
