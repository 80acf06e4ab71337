"""Plays Go against itself on a small board: groups, liberties, captures, ko, eyes, scoring, Monte-Carlo tree search.

A workload of object graphs that change all the time: sets of neighbours, union of groups, copies of positions, random
playouts and a search tree with upper confidence bounds (Kocsis and Szepesvari 2006).
"""

import math
import sys

SIZE = 9
KOMI = 6.5
BLACK, WHITE = 1, 2
NOBODY = 0
PASS = -1
PLAYOUT_LIMIT = SIZE * SIZE * 3
EXPLORATION = 0.7


def opponent_of(color):
    return WHITE if color == BLACK else BLACK


class Random:
    """A 64-bit multiplicative generator of which the upper half is used (L'Ecuyer's multiplier)."""

    def __init__(self, seed):
        self.state = seed * 2 + 1

    def below(self, limit):
        self.state = self.state * 1181783497276652981 & 0xFFFFFFFFFFFFFFFF
        return (self.state >> 33) % limit


# --- points --------------------------------------------------------------------------------------------------------------
class Geometry:
    """The points of a board of one size: neighbours, diagonals, names and hash keys."""

    def __init__(self, size):
        self.size = size
        self.points = range(size * size)
        self.neighbours = [self._beside(point, ((0, 1), (1, 0), (0, -1), (-1, 0))) for point in self.points]
        self.diagonals = [self._beside(point, ((1, 1), (1, -1), (-1, 1), (-1, -1))) for point in self.points]
        random = Random(991)
        self.keys = [[random.below(1 << 31) << 31 | random.below(1 << 31) for _ in self.points] for _ in range(3)]

    def _beside(self, point, steps):
        row, column = divmod(point, self.size)
        found = []
        for rows, columns in steps:
            if 0 <= row + rows < self.size and 0 <= column + columns < self.size:
                found.append((row + rows) * self.size + column + columns)
        return tuple(found)

    def name(self, point):
        if point == PASS:
            return "pass"
        row, column = divmod(point, self.size)
        return "ABCDEFGHJKLMNOPQRST"[column] + str(row + 1)


GEOMETRY = Geometry(SIZE)


class Group:
    """Connected stones of one colour and the empty points beside them."""

    __slots__ = ("color", "stones", "liberties")

    def __init__(self, color, stones, liberties):
        self.color = color
        self.stones = stones
        self.liberties = liberties

    def copy(self):
        return Group(self.color, self.stones.copy(), self.liberties.copy())

    def merge(self, other):
        self.stones |= other.stones
        self.liberties |= other.liberties


class IllegalMove(ValueError):
    pass


class Board:
    """A position: who stands where, the groups, whose turn it is, the forbidden ko point."""

    def __init__(self):
        size = SIZE * SIZE
        self.colors = [NOBODY] * size
        self.groups = [None] * size
        self.turn = BLACK
        self.ko = None
        self.hash = 0
        self.passes = 0
        self.moves = 0
        self.captured = [0, 0, 0]

    def copy(self):
        other = Board.__new__(Board)
        other.colors = self.colors[:]
        copies = {}
        groups = [None] * len(self.groups)
        for point, group in enumerate(self.groups):
            if group is not None:
                copied = copies.get(id(group))
                if copied is None:
                    copied = copies[id(group)] = group.copy()
                groups[point] = copied
        other.groups = groups
        other.turn = self.turn
        other.ko = self.ko
        other.hash = self.hash
        other.passes = self.passes
        other.moves = self.moves
        other.captured = self.captured[:]
        return other

    def is_legal(self, point):
        """Whether the side to move may play there: not occupied, not ko, not suicide."""
        if point == PASS:
            return True
        if self.colors[point] != NOBODY or point == self.ko:
            return False
        for beside in GEOMETRY.neighbours[point]:
            color = self.colors[beside]
            if color == NOBODY:
                return True
            liberties = len(self.groups[beside].liberties)
            if color == self.turn:
                if liberties > 1:
                    return True
            elif liberties == 1:
                return True
        return False

    def is_eye(self, point):
        """Whether the side to move would fill its own eye there."""
        for beside in GEOMETRY.neighbours[point]:
            if self.colors[beside] != self.turn:
                return False
        other = opponent_of(self.turn)
        diagonals = GEOMETRY.diagonals[point]
        hostile = sum(1 for diagonal in diagonals if self.colors[diagonal] == other)
        return hostile <= (1 if len(diagonals) == 4 else 0)

    def play(self, point):
        """Makes a move for the side to move. Raises IllegalMove."""
        if point == PASS:
            self.passes += 1
            self.ko = None
        else:
            if not self.is_legal(point):
                raise IllegalMove(GEOMETRY.name(point))
            self.passes = 0
            self.place(point)
        self.turn = opponent_of(self.turn)
        self.moves += 1

    def place(self, point):
        color = self.turn
        own = Group(color, {point}, set())
        hostile = []
        for beside in GEOMETRY.neighbours[point]:
            group = self.groups[beside]
            if group is None:
                own.liberties.add(beside)
            elif group.color == color:
                if not group.stones <= own.stones:
                    own.merge(group)
            elif group not in hostile:
                hostile.append(group)
        own.liberties.discard(point)
        self.colors[point] = color
        self.hash ^= GEOMETRY.keys[color][point]
        for stone in own.stones:
            self.groups[stone] = own
        self.ko = None
        taken = 0
        for group in hostile:
            group.liberties.discard(point)
            if not group.liberties:
                taken += len(group.stones)
                self.remove(group)
                if len(group.stones) == 1:
                    self.ko = next(iter(group.stones))
        if taken != 1 or len(own.stones) != 1 or len(own.liberties) != 1:
            self.ko = None
        self.captured[color] += taken

    def remove(self, group):
        for stone in group.stones:
            self.colors[stone] = NOBODY
            self.groups[stone] = None
            self.hash ^= GEOMETRY.keys[group.color][stone]
        for stone in group.stones:
            for beside in GEOMETRY.neighbours[stone]:
                neighbour = self.groups[beside]
                if neighbour is not None:
                    neighbour.liberties.add(stone)

    def is_over(self):
        return self.passes >= 2

    def score(self):
        """Black's points minus White's by area; empty regions belong to who alone surrounds them."""
        result = -KOMI
        seen = set()
        for point in GEOMETRY.points:
            color = self.colors[point]
            if color == BLACK:
                result += 1
            elif color == WHITE:
                result -= 1
            elif point not in seen:
                region, border = self.region(point)
                seen |= region
                if border == {BLACK}:
                    result += len(region)
                elif border == {WHITE}:
                    result -= len(region)
        return result

    def region(self, start):
        """The empty points connected with `start`, and the colours around them."""
        region, border, pending = {start}, set(), [start]
        while pending:
            for beside in GEOMETRY.neighbours[pending.pop()]:
                color = self.colors[beside]
                if color != NOBODY:
                    border.add(color)
                elif beside not in region:
                    region.add(beside)
                    pending.append(beside)
        return region, border

    def useful_moves(self):
        return [point for point in GEOMETRY.points
                if self.colors[point] == NOBODY and self.is_legal(point) and not self.is_eye(point)]

    def check(self):
        """Raises unless groups, liberties, colours and hash agree with each other."""
        key = 0
        for point in GEOMETRY.points:
            color, group = self.colors[point], self.groups[point]
            if (color == NOBODY) != (group is None):
                raise RuntimeError(f"{GEOMETRY.name(point)} has a colour or a group, but not both")
            if group is None:
                continue
            key ^= GEOMETRY.keys[color][point]
            if point not in group.stones or group.color != color:
                raise RuntimeError(f"{GEOMETRY.name(point)} belongs to a wrong group")
            for beside in GEOMETRY.neighbours[point]:
                if (self.colors[beside] == NOBODY) != (beside in group.liberties):
                    if self.colors[beside] == NOBODY:
                        raise RuntimeError(f"{GEOMETRY.name(beside)} is a liberty that was forgotten")
                if self.colors[beside] == color and self.groups[beside] is not group:
                    raise RuntimeError(f"{GEOMETRY.name(point)} should be joined with {GEOMETRY.name(beside)}")
            if not group.liberties:
                raise RuntimeError(f"{GEOMETRY.name(point)} has no liberty")
        if key != self.hash:
            raise RuntimeError("the hash is wrong")

    def __str__(self):
        lines = []
        for row in range(SIZE - 1, -1, -1):
            stones = " ".join(".XO"[self.colors[row * SIZE + column]] for column in range(SIZE))
            lines.append(f"{row + 1} {stones}")
        lines.append("  " + " ".join("ABCDEFGHJ"))
        return "\n".join(lines)


# --- playouts ----------------------------------------------------------------------------------------------------------------
class Playout:
    """Random moves to the end of the game, with a taste for captures and escapes."""

    def __init__(self, random):
        self.random = random
        self.moves = 0

    def capture(self, board):
        """A move that takes a group in atari beside a random stone, or None."""
        point = self.random.below(SIZE * SIZE)
        group = board.groups[point]
        if group is not None and len(group.liberties) == 1:
            move = next(iter(group.liberties))
            if board.is_legal(move):
                return move
        return None

    def choose(self, board):
        move = self.capture(board)
        if move is not None:
            return move
        start = self.random.below(SIZE * SIZE)
        step = (1, 2, 4, 5, 7, 8, 10, 11)[self.random.below(8)]
        for index in range(SIZE * SIZE):
            point = (start + index * step) % (SIZE * SIZE)
            if board.colors[point] == NOBODY and board.is_legal(point) and not board.is_eye(point):
                return point
        return PASS

    def run(self, board):
        """The score at the end."""
        for _ in range(PLAYOUT_LIMIT):
            if board.is_over():
                break
            board.play(self.choose(board))
            self.moves += 1
        return board.score()


# --- search ------------------------------------------------------------------------------------------------------------------
class Node:
    """A position in the search tree, seen by who made the move that led to it."""

    __slots__ = ("move", "parent", "children", "untried", "visits", "wins", "mover")

    def __init__(self, move, parent, board):
        self.move = move
        self.parent = parent
        self.mover = opponent_of(board.turn)
        self.children = []
        self.untried = board.useful_moves() or [PASS]
        self.visits = 0
        self.wins = 0

    def best_by_bound(self):
        logarithm = math.log(self.visits)
        best, best_value = None, -1.0
        for child in self.children:
            value = child.wins / child.visits + EXPLORATION * math.sqrt(logarithm / child.visits)
            if value > best_value:
                best, best_value = child, value
        return best

    def best_by_visits(self):
        return max(self.children, key=lambda child: (child.visits, child.wins, -child.move))

    def depth(self):
        return 1 + max((child.depth() for child in self.children), default=0)


class Player:
    """Chooses moves by searching; remembers how much it searched."""

    def __init__(self, playouts, seed):
        self.playouts = playouts
        self.random = Random(seed)
        self.nodes = self.deepest = self.playout_moves = 0

    def choose(self, board):
        if not board.useful_moves():
            return PASS
        root = Node(PASS, None, board)
        for _ in range(self.playouts):
            position = board.copy()
            leaf = self.expand(self.descend(root, position), position)
            playout = Playout(self.random)
            winner = BLACK if playout.run(position) > 0 else WHITE
            self.playout_moves += playout.moves
            self.record(leaf, winner)
        self.deepest = max(self.deepest, root.depth())
        return root.best_by_visits().move

    def descend(self, node, position):
        while not node.untried and node.children:
            node = node.best_by_bound()
            position.play(node.move)
        return node

    def expand(self, node, position):
        if position.is_over() or not node.untried:
            return node
        move = node.untried.pop(self.random.below(len(node.untried)))
        position.play(move)
        child = Node(move, node, position)
        node.children.append(child)
        self.nodes += 1
        return child

    def record(self, node, winner):
        while node is not None:
            node.visits += 1
            if node.mover == winner:
                node.wins += 1
            node = node.parent


class LadderReader:
    """Reads whether a group with few liberties can be captured by atari after atari."""

    def __init__(self, deepest=24):
        self.deepest = deepest
        self.positions = 0

    def is_caught(self, board, stone, depth=0):
        """Whether the side to move, which attacks, captures the group of `stone`, however its owner answers."""
        group = board.groups[stone]
        if group is None:
            return True
        if depth > self.deepest or len(group.liberties) > 2:
            return False
        if len(group.liberties) == 1:
            return board.is_legal(min(group.liberties))
        return any(self.catches(board, stone, move, depth) for move in sorted(group.liberties))

    def catches(self, board, stone, move, depth):
        if not board.is_legal(move):
            return False
        after = board.copy()
        after.play(move)
        self.positions += 1
        group = after.groups[stone]
        if len(group.liberties) != 1:
            return False
        return not self.escapes(after, stone, depth)

    def escapes(self, board, stone, depth):
        """Whether the owner of a group in atari, who is to move, gets away: by capturing or by extending."""
        group = board.groups[stone]
        answers = set(group.liberties)
        for point in group.stones:
            for beside in GEOMETRY.neighbours[point]:
                other = board.groups[beside]
                if other is not None and other.color != group.color and len(other.liberties) == 1:
                    answers |= other.liberties
        for answer in sorted(answers):
            if not board.is_legal(answer):
                continue
            after = board.copy()
            after.play(answer)
            self.positions += 1
            if not self.is_caught(after, stone, depth + 1):
                return True
        return False

    def count_caught(self, board):
        """How many groups of the side that just moved would fall if the other side attacked."""
        seen, caught = [], 0
        for point in GEOMETRY.points:
            group = board.groups[point]
            if group is None or group.color == board.turn or group in seen or len(group.liberties) > 2:
                continue
            seen.append(group)
            caught += self.is_caught(board, point)
        return caught


class Record:
    """The moves of a game, written and read in the Smart Game Format."""

    def __init__(self):
        self.moves = []

    def add(self, color, move):
        self.moves.append((color, move))

    def to_sgf(self):
        nodes = [f";{'.BW'[color]}[{self.point_to_sgf(move)}]" for color, move in self.moves]
        return f"(;GM[1]FF[4]SZ[{SIZE}]KM[{KOMI}]" + "".join(nodes) + ")"

    @staticmethod
    def point_to_sgf(move):
        if move == PASS:
            return ""
        row, column = divmod(move, SIZE)
        return chr(97 + column) + chr(97 + SIZE - 1 - row)

    @classmethod
    def from_sgf(cls, text):
        record = cls()
        if not (text.startswith("(;") and text.endswith(")")):
            raise ValueError("not a game")
        for node in text[1:-1].split(";")[1:]:
            name, _, rest = node.partition("[")
            if name in ("B", "W"):
                value = rest.partition("]")[0]
                move = PASS
                if value:
                    move = (SIZE - 1 - (ord(value[1]) - 97)) * SIZE + ord(value[0]) - 97
                record.add(".BW".index(name), move)
        return record

    def play_again(self):
        board = Board()
        for color, move in self.moves:
            if color != board.turn:
                raise RuntimeError(f"move {board.moves + 1}: it is the other side's turn")
            board.play(move)
        return board


def play_game(black, white, longest):
    board, record, reader = Board(), Record(), LadderReader()
    caught = 0
    while not board.is_over() and board.moves < longest:
        player = black if board.turn == BLACK else white
        move = player.choose(board)
        record.add(board.turn, move)
        board.play(move)
        board.check()
        caught += reader.count_caught(board)
    again = Record.from_sgf(record.to_sgf()).play_again()
    if again.hash != board.hash or again.captured != board.captured:
        raise RuntimeError("the game went differently when it was played again")
    return board, record, caught, reader.positions


def main(playouts):
    black, white = Player(playouts, 7), Player(max(1, playouts // 2), 8)
    board, record, caught, positions = play_game(black, white, 60)
    print(board)
    print("moves:", board.moves, "last:", ", ".join(GEOMETRY.name(move) for _, move in record.moves[-3:]))
    print("groups caught:", caught, "positions read:", positions)
    print("captured by black:", board.captured[BLACK], "by white:", board.captured[WHITE])
    print("score:", board.score())
    for name, player in (("black", black), ("white", white)):
        print(f"{name}: {player.nodes} nodes, depth {player.deepest}, {player.playout_moves} moves in playouts")
    print(f"hash: {board.hash:016x}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
