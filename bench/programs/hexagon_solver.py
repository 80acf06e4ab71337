"""Solves generated hexagon puzzles: every tile's number must equal the number of tiles beside it.

In the manner of the Hexiom puzzle: a hexagonal board, a bag of tiles numbered 0 to 6, some of them fixed. A solver by
constraint propagation and backtracking, with several strategies for choosing where to branch; a generator that makes
solvable puzzles; a checker; a printer. A workload of bit masks, small lists, dictionaries, sets and recursion.
"""

import sys

EMPTY = 7  # the "value" of a cell without a tile
VALUES = 8  # the numbers 0 to 6, and EMPTY
ANYTHING = (1 << VALUES) - 1
EMPTY_BIT = 1 << EMPTY
TILE_BITS = ANYTHING ^ EMPTY_BIT

DIRECTIONS = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
BIT_COUNTS = tuple(bin(mask).count("1") for mask in range(1 << VALUES))
VALUES_OF = tuple(tuple(value for value in range(VALUES) if mask >> value & 1) for mask in range(1 << VALUES))


class Contradiction(Exception):
    """What was assumed cannot be."""


class GaveUp(Exception):
    """The search took more nodes than it was given."""


class Random:
    """xorshift32 (Marsaglia 2003)."""

    def __init__(self, seed):
        self.state = seed or 1

    def next(self):
        state = self.state
        state ^= (state << 13) & 0xFFFFFFFF
        state ^= state >> 17
        state ^= (state << 5) & 0xFFFFFFFF
        self.state = state
        return state

    def below(self, limit):
        return self.next() % limit

    def shuffle(self, items):
        for index in range(len(items) - 1, 0, -1):
            other = self.below(index + 1)
            items[index], items[other] = items[other], items[index]


# --- the board -----------------------------------------------------------------------------------------------------------
class Board:
    """The cells of a hexagon whose sides have `side` cells, row by row, and who is beside whom."""

    cache = {}

    def __init__(self, side):
        self.side = side
        self.cells = []
        self.index_of = {}
        for row in range(-side + 1, side):
            for column in range(-side + 1, side):
                if -side < row + column < side:
                    self.index_of[row, column] = len(self.cells)
                    self.cells.append((row, column))
        self.neighbours = []
        for row, column in self.cells:
            beside = []
            for rows, columns in DIRECTIONS:
                index = self.index_of.get((row + rows, column + columns))
                if index is not None:
                    beside.append(index)
            self.neighbours.append(tuple(beside))

    @classmethod
    def of_side(cls, side):
        board = cls.cache.get(side)
        if board is None:
            board = cls.cache[side] = cls(side)
        return board

    def __len__(self):
        return len(self.cells)

    def rows(self):
        """The indexes of the cells, a list for each row."""
        result = []
        previous = None
        for index, (row, _) in enumerate(self.cells):
            if row != previous:
                result.append([])
                previous = row
            result[-1].append(index)
        return result

    def render(self, text_of):
        """The board as lines of text; text_of(index) gives one character."""
        lines = []
        for indexes in self.rows():
            margin = " " * (2 * self.side - 1 - len(indexes))
            lines.append(margin + " ".join(text_of(index) for index in indexes))
        return "\n".join(lines)


class Puzzle:
    """A board, how many tiles there are of each number (and how many cells stay empty), and which cells are given."""

    def __init__(self, board, counts, given):
        self.board = board
        self.counts = counts
        self.given = given

    def __str__(self):
        bag = " ".join(f"{value}:{count}" for value, count in enumerate(self.counts[:EMPTY]) if count)
        picture = self.board.render(lambda index: symbol(self.given.get(index)))
        return f"tiles {bag}, {self.counts[EMPTY]} empty\n{picture}"


def symbol(value):
    if value is None:
        return "?"
    return "." if value == EMPTY else str(value)


def generate(side, percent_filled, percent_given, random):
    """A puzzle that has at least one solution: tiles are thrown on the board, and their neighbours counted."""
    board = Board.of_side(side)
    filled = [random.below(100) < percent_filled for _ in range(len(board))]
    values = []
    for index in range(len(board)):
        if filled[index]:
            values.append(sum(filled[other] for other in board.neighbours[index]))
        else:
            values.append(EMPTY)
    counts = [0] * VALUES
    for value in values:
        counts[value] += 1
    order = list(range(len(board)))
    random.shuffle(order)
    given = {index: values[index] for index in order[: len(board) * percent_given // 100]}
    return Puzzle(board, counts, given)


def parse(text):
    """The puzzle that str(puzzle) gave."""
    heading, *rows = text.split("\n")
    board = Board.of_side((len(rows) + 1) // 2)
    counts = [0] * VALUES
    for item in heading.removeprefix("tiles ").split(", ")[0].split():
        value, count = item.split(":")
        counts[int(value)] = int(count)
    counts[EMPTY] = int(heading.split(", ")[1].split()[0])
    given = {}
    index = 0
    for row in rows:
        for char in row.split():
            if char != "?":
                given[index] = EMPTY if char == "." else int(char)
            index += 1
    if index != len(board) or sum(counts) != index:
        raise ValueError("the rows do not make a hexagon, or the tiles do not fill it")
    return Puzzle(board, counts, given)


def check(puzzle, values):
    """Raises unless `values` solves the puzzle."""
    counts = [0] * VALUES
    for index, value in enumerate(values):
        counts[value] += 1
        if value != EMPTY:
            beside = sum(values[other] != EMPTY for other in puzzle.board.neighbours[index])
            if beside != value:
                raise RuntimeError(f"the tile {value} at {puzzle.board.cells[index]} has {beside} neighbours")
        if puzzle.given.get(index, value) != value:
            raise RuntimeError(f"the given tile at {puzzle.board.cells[index]} was moved")
    if counts != puzzle.counts:
        raise RuntimeError(f"the bag held {puzzle.counts}, but {counts} were used")


# --- propagation -----------------------------------------------------------------------------------------------------------
class State:
    """What each cell may still be: a mask over the values. Copied where the search branches."""

    __slots__ = ("puzzle", "masks", "pending", "open_cells")

    def __init__(self, puzzle):
        self.puzzle = puzzle
        self.masks = [ANYTHING] * len(puzzle.board)
        self.pending = set()
        self.open_cells = len(puzzle.board)
        for index, beside in enumerate(puzzle.board.neighbours):
            self.masks[index] = ((1 << (len(beside) + 1)) - 1) | EMPTY_BIT
        for value, count in enumerate(puzzle.counts):
            if count == 0:
                for index in range(len(self.masks)):
                    self.restrict(index, ANYTHING ^ (1 << value))
        for index, value in puzzle.given.items():
            self.restrict(index, 1 << value)
        self.pending.update(range(len(self.masks)))

    def copy(self):
        other = State.__new__(State)
        other.puzzle = self.puzzle
        other.masks = self.masks[:]
        other.pending = set()
        other.open_cells = self.open_cells
        return other

    def restrict(self, index, mask):
        """Keeps only the values of `mask` in a cell; whether that changed anything."""
        old = self.masks[index]
        new = old & mask
        if new == old:
            return False
        if new == 0:
            raise Contradiction
        self.masks[index] = new
        if BIT_COUNTS[new] == 1:
            self.open_cells -= 1
        self.pending.add(index)
        for other in self.puzzle.board.neighbours[index]:
            self.pending.add(other)
        return True

    def propagate(self):
        """Applies both rules until nothing changes."""
        while True:
            while self.pending:
                self.count_neighbours(self.pending.pop())
            if not self.count_tiles():
                return

    def count_neighbours(self, index):
        """A tile's number lies between its certain and its possible neighbours; a number at a limit decides them."""
        mask = self.masks[index]
        if mask == EMPTY_BIT:
            return
        certain = possible = 0
        beside = self.puzzle.board.neighbours[index]
        for other in beside:
            theirs = self.masks[other]
            if theirs & TILE_BITS:
                possible += 1
                if not theirs & EMPTY_BIT:
                    certain += 1
        allowed = ((1 << (possible + 1)) - 1) & ~((1 << certain) - 1)
        self.restrict(index, allowed | EMPTY_BIT)
        mask = self.masks[index]
        if BIT_COUNTS[mask] != 1 or mask == EMPTY_BIT:
            return
        number = VALUES_OF[mask][0]
        if certain == possible:
            return
        if number == certain:
            for other in beside:
                if self.masks[other] & EMPTY_BIT:
                    self.restrict(other, EMPTY_BIT)
        elif number == possible:
            for other in beside:
                if self.masks[other] & TILE_BITS:
                    self.restrict(other, TILE_BITS)

    def count_tiles(self):
        """A value that is used up goes nowhere else; one whose places are all needed goes there."""
        decided = [0] * VALUES
        places = [0] * VALUES
        for mask in self.masks:
            values = VALUES_OF[mask]
            if len(values) == 1:
                decided[values[0]] += 1
            for value in values:
                places[value] += 1
        changed = False
        for value, count in enumerate(self.puzzle.counts):
            if decided[value] > count or places[value] < count:
                raise Contradiction
            if decided[value] == places[value]:
                continue
            bit = 1 << value
            if decided[value] == count:
                for index, mask in enumerate(self.masks):
                    if mask & bit and mask != bit:
                        changed |= self.restrict(index, ~bit & ANYTHING)
            elif places[value] == count:
                for index, mask in enumerate(self.masks):
                    if mask & bit and mask != bit:
                        changed |= self.restrict(index, bit)
        return changed

    def values(self):
        return [VALUES_OF[mask][0] for mask in self.masks]


# --- strategies: where to branch, and in which order -------------------------------------------------------------------------
class Strategy:
    """Chooses the cell to branch on; the values are tried in the order of `order_values`."""

    name = "first open cell"

    def choose(self, state):
        for index, mask in enumerate(state.masks):
            if BIT_COUNTS[mask] > 1:
                return index
        return None

    def order_values(self, state, index):
        return VALUES_OF[state.masks[index]]


class FewestChoices(Strategy):
    name = "fewest choices"

    def choose(self, state):
        best, best_count = None, VALUES + 1
        for index, mask in enumerate(state.masks):
            count = BIT_COUNTS[mask]
            if 1 < count < best_count:
                best, best_count = index, count
                if count == 2:
                    break
        return best


class MostDecidedNeighbours(Strategy):
    name = "most decided neighbours"

    def choose(self, state):
        best, best_score = None, -1
        masks = state.masks
        for index, mask in enumerate(masks):
            if BIT_COUNTS[mask] > 1:
                score = 0
                for other in state.puzzle.board.neighbours[index]:
                    score += BIT_COUNTS[masks[other]] == 1
                score = score * VALUES - BIT_COUNTS[mask]
                if best is None or score > best_score:
                    best, best_score = index, score
        return best


class RarestValue(FewestChoices):
    """As FewestChoices, but the values with the fewest tiles in the bag come first."""

    name = "rarest value first"

    def order_values(self, state, index):
        counts = state.puzzle.counts
        return sorted(VALUES_OF[state.masks[index]], key=lambda value: (counts[value], value))


class LargestNumber(MostDecidedNeighbours):
    """As MostDecidedNeighbours, but large numbers are tried first, and emptiness last."""

    name = "largest number first"

    def order_values(self, state, index):
        return sorted(VALUES_OF[state.masks[index]], key=lambda value: -1 if value == EMPTY else value, reverse=True)


STRATEGIES = (FewestChoices(), MostDecidedNeighbours(), RarestValue(), LargestNumber())


# --- search ------------------------------------------------------------------------------------------------------------------
class Solver:
    """Depth-first search with propagation at every node."""

    def __init__(self, strategy, limit):
        self.strategy = strategy
        self.limit = limit
        self.nodes = self.contradictions = self.deepest = 0

    def solve(self, puzzle):
        """The values of a solution, or None when there is none. Raises GaveUp at the limit."""
        self.nodes = self.contradictions = self.deepest = 0
        try:
            state = State(puzzle)
            state.propagate()
        except Contradiction:
            return None
        return self.search(state, 0)

    def search(self, state, depth):
        self.nodes += 1
        if self.nodes > self.limit:
            raise GaveUp
        if depth > self.deepest:
            self.deepest = depth
        index = self.strategy.choose(state)
        if index is None:
            return state.values()
        for value in self.strategy.order_values(state, index):
            branch = state.copy()
            try:
                branch.restrict(index, 1 << value)
                branch.propagate()
            except Contradiction:
                self.contradictions += 1
                continue
            found = self.search(branch, depth + 1)
            if found is not None:
                return found
        return None


def count_solutions(puzzle, limit):
    """How many solutions there are, up to `limit`, found one after the other by a generator."""

    def solutions(state):
        index = STRATEGIES[0].choose(state)
        if index is None:
            yield state.values()
            return
        for value in VALUES_OF[state.masks[index]]:
            branch = state.copy()
            try:
                branch.restrict(index, 1 << value)
                branch.propagate()
            except Contradiction:
                continue
            yield from solutions(branch)

    try:
        state = State(puzzle)
        state.propagate()
    except Contradiction:
        return 0
    number = 0
    for values in solutions(state):
        check(puzzle, values)
        number += 1
        if number == limit:
            break
    return number


def make_unique(puzzle, values):
    """The puzzle with more cells given, until `values` is its only solution."""
    given = dict(puzzle.given)
    for index in range(len(values)):
        candidate = Puzzle(puzzle.board, puzzle.counts, given)
        if count_solutions(candidate, 2) == 1:
            return candidate
        given[index] = values[index]
    return Puzzle(puzzle.board, puzzle.counts, given)


# --- statistics over many puzzles ------------------------------------------------------------------------------------------
class Tally:
    """What one strategy achieved."""

    def __init__(self, strategy):
        self.strategy = strategy
        self.solved = self.gave_up = self.nodes = self.contradictions = self.deepest = 0

    def add(self, solver, values):
        if values is None:
            self.gave_up += 1
        else:
            self.solved += 1
        self.nodes += solver.nodes
        self.contradictions += solver.contradictions
        self.deepest = max(self.deepest, solver.deepest)

    def __str__(self):
        return (f"{self.strategy.name:<24} {self.solved:>4} solved {self.gave_up:>3} given up {self.nodes:>7} nodes "
                f"{self.contradictions:>7} contradictions, depth {self.deepest}")


def checksum_of(values):
    result = 0
    for value in values:
        result = (result * 11 + value + 1) % 1000003
    return result


SIZES = ((3, 55, 20), (3, 70, 10), (4, 60, 35), (4, 80, 25), (5, 65, 50))  # side, percent filled, percent given
NODE_LIMIT = 60


def main(number):
    random = Random(20111)
    tallies = [Tally(strategy) for strategy in STRATEGIES]
    checksum = unique = 0
    first = None
    for turn in range(number):
        side, percent_filled, percent_given = SIZES[turn % len(SIZES)]
        puzzle = generate(side, percent_filled, percent_given, random)
        for tally in tallies:
            solver = Solver(tally.strategy, NODE_LIMIT)
            try:
                values = solver.solve(puzzle)
                if values is None:
                    raise RuntimeError("a puzzle made from a solution has none")
            except GaveUp:
                values = None
            tally.add(solver, values)
            if values is not None:
                check(puzzle, values)
                checksum = (checksum * 3 + checksum_of(values)) & 0xFFFFFFFF
                if first is None:
                    first = (puzzle, values)
        if parse(str(puzzle)).given != puzzle.given:
            raise RuntimeError("the puzzle reads differently from how it was written")
        if side == 3 and values is not None:
            unique += len(make_unique(puzzle, values).given)
    if first is not None:
        puzzle, values = first
        print(puzzle)
        print("is solved by")
        print(puzzle.board.render(lambda index: symbol(values[index])))
    for tally in tallies:
        print(tally)
    print("given cells of unique puzzles:", unique)
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 25)
