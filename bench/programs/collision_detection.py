"""Aircraft fly in circles and eights; every frame of the radar is searched for pairs that come too close.

The Collision Detector workload (Kalibera et al., "CDx: a family of real-time Java benchmarks", 2009), in the size of the
Are-We-Fast-Yet suite: a voxel grid thins out the candidates, a red-black tree keeps what is known of each aircraft,
and the exact test solves for the moment of closest approach.
"""

import math
import sys

MIN_X, MIN_Y = 0.0, 0.0
MAX_X, MAX_Y = 1000.0, 1000.0
MIN_Z, MAX_Z = 0.0, 10.0
PROXIMITY = 1.0
VOXEL = PROXIMITY * 2.0


# --- geometry ----------------------------------------------------------------------------------------------------------
class Vector2:
    """A corner of a voxel; ordered by x, then y."""

    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def plus(self, other):
        return Vector2(self.x + other.x, self.y + other.y)

    def minus(self, other):
        return Vector2(self.x - other.x, self.y - other.y)

    def compare(self, other):
        """Negative, zero or positive, as this vector comes before, with or after the other."""
        if self.x != other.x:
            return -1 if self.x < other.x else 1
        if self.y != other.y:
            return -1 if self.y < other.y else 1
        return 0


class Vector3:
    """A position or a velocity in space."""

    __slots__ = ("x", "y", "z")

    def __init__(self, x, y, z):
        self.x = x
        self.y = y
        self.z = z

    def plus(self, other):
        return Vector3(self.x + other.x, self.y + other.y, self.z + other.z)

    def minus(self, other):
        return Vector3(self.x - other.x, self.y - other.y, self.z - other.z)

    def dot(self, other):
        return self.x * other.x + self.y * other.y + self.z * other.z

    def squared_magnitude(self):
        return self.dot(self)

    def magnitude(self):
        return math.sqrt(self.squared_magnitude())

    def times(self, amount):
        return Vector3(self.x * amount, self.y * amount, self.z * amount)


# --- a red-black tree --------------------------------------------------------------------------------------------------
RED, BLACK = "red", "black"


class Node:
    """An entry of the tree."""

    __slots__ = ("key", "value", "left", "right", "parent", "color")

    def __init__(self, key, value):
        self.key = key
        self.value = value
        self.left = None
        self.right = None
        self.parent = None
        self.color = RED

    def successor(self):
        node = self
        if node.right is not None:
            return leftmost(node.right)
        above = node.parent
        while above is not None and node is above.right:
            node = above
            above = above.parent
        return above


def leftmost(node):
    while node.left is not None:
        node = node.left
    return node


class RedBlackTree:
    """An ordered map whose keys have `compare`; insertion and removal as in Cormen et al., chapter 13."""

    def __init__(self):
        self.root = None

    def find(self, key):
        node = self.root
        while node is not None:
            order = key.compare(node.key)
            if order == 0:
                return node
            node = node.left if order < 0 else node.right
        return None

    def get(self, key):
        node = self.find(key)
        return None if node is None else node.value

    def put(self, key, value):
        """The value that was there before, or None."""
        node, is_new, old = self.insert(key, value)
        if not is_new:
            return old
        while node is not self.root and node.parent.color is RED:
            if node.parent is node.parent.parent.left:
                uncle = node.parent.parent.right
                if uncle is not None and uncle.color is RED:
                    node = self.recolor(node, uncle)
                else:
                    if node is node.parent.right:
                        node = node.parent
                        self.rotate_left(node)
                    node.parent.color = BLACK
                    node.parent.parent.color = RED
                    self.rotate_right(node.parent.parent)
            else:
                uncle = node.parent.parent.left
                if uncle is not None and uncle.color is RED:
                    node = self.recolor(node, uncle)
                else:
                    if node is node.parent.left:
                        node = node.parent
                        self.rotate_right(node)
                    node.parent.color = BLACK
                    node.parent.parent.color = RED
                    self.rotate_left(node.parent.parent)
        self.root.color = BLACK
        return None

    @staticmethod
    def recolor(node, uncle):
        node.parent.color = BLACK
        uncle.color = BLACK
        node.parent.parent.color = RED
        return node.parent.parent

    def insert(self, key, value):
        above, node, order = None, self.root, 0
        while node is not None:
            above = node
            order = key.compare(node.key)
            if order == 0:
                old, node.value = node.value, value
                return node, False, old
            node = node.left if order < 0 else node.right
        fresh = Node(key, value)
        fresh.parent = above
        if above is None:
            self.root = fresh
        elif order < 0:
            above.left = fresh
        else:
            above.right = fresh
        return fresh, True, None

    def remove(self, key):
        """The value that was removed, or None."""
        node = self.find(key)
        if node is None:
            return None
        removed = node if node.left is None or node.right is None else node.successor()
        child = removed.left if removed.left is not None else removed.right
        above = removed.parent
        if child is not None:
            child.parent = above
        if above is None:
            self.root = child
        elif removed is above.left:
            above.left = child
        else:
            above.right = child
        value = node.value
        if removed is not node:
            if removed.color is BLACK:
                self.repair(child, above)
            self.replace(node, removed)
        elif removed.color is BLACK:
            self.repair(child, above)
        return value

    def replace(self, node, other):
        """Puts `other` where `node` stands."""
        other.parent = node.parent
        other.color = node.color
        other.left = node.left
        other.right = node.right
        if node.left is not None:
            node.left.parent = other
        if node.right is not None:
            node.right.parent = other
        if node.parent is None:
            self.root = other
        elif node.parent.left is node:
            node.parent.left = other
        else:
            node.parent.right = other

    def repair(self, node, above):
        """Restores the equal number of black nodes on all paths below `above`."""
        while node is not self.root and (node is None or node.color is BLACK):
            if node is above.left:
                sibling = above.right
                if sibling.color is RED:
                    sibling.color = BLACK
                    above.color = RED
                    self.rotate_left(above)
                    sibling = above.right
                if is_black(sibling.left) and is_black(sibling.right):
                    sibling.color = RED
                    node, above = above, above.parent
                    continue
                if is_black(sibling.right):
                    sibling.left.color = BLACK
                    sibling.color = RED
                    self.rotate_right(sibling)
                    sibling = above.right
                sibling.color = above.color
                above.color = BLACK
                if sibling.right is not None:
                    sibling.right.color = BLACK
                self.rotate_left(above)
            else:
                sibling = above.left
                if sibling.color is RED:
                    sibling.color = BLACK
                    above.color = RED
                    self.rotate_right(above)
                    sibling = above.left
                if is_black(sibling.left) and is_black(sibling.right):
                    sibling.color = RED
                    node, above = above, above.parent
                    continue
                if is_black(sibling.left):
                    sibling.right.color = BLACK
                    sibling.color = RED
                    self.rotate_left(sibling)
                    sibling = above.left
                sibling.color = above.color
                above.color = BLACK
                if sibling.left is not None:
                    sibling.left.color = BLACK
                self.rotate_right(above)
            node = self.root
            break
        if node is not None:
            node.color = BLACK

    def rotate_left(self, node):
        other = node.right
        node.right = other.left
        if other.left is not None:
            other.left.parent = node
        self.hang(other, node)
        other.left = node
        node.parent = other

    def rotate_right(self, node):
        other = node.left
        node.left = other.right
        if other.right is not None:
            other.right.parent = node
        self.hang(other, node)
        other.right = node
        node.parent = other

    def hang(self, other, node):
        other.parent = node.parent
        if node.parent is None:
            self.root = other
        elif node is node.parent.left:
            node.parent.left = other
        else:
            node.parent.right = other

    def items(self):
        if self.root is None:
            return
        node = leftmost(self.root)
        while node is not None:
            yield node.key, node.value
            node = node.successor()

    def black_height(self):
        """The number of black nodes on every path down; raises if the paths or the colours are wrong."""

        def measure(node):
            if node is None:
                return 1
            left, right = measure(node.left), measure(node.right)
            if left != right:
                raise RuntimeError("the tree is out of balance")
            if node.color is RED and not (is_black(node.left) and is_black(node.right)):
                raise RuntimeError("a red node has a red child")
            return left + (node.color is BLACK)

        return measure(self.root)


def is_black(node):
    return node is None or node.color is BLACK


# --- aircraft ----------------------------------------------------------------------------------------------------------
class CallSign:
    """The name of an aircraft; ordered."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value

    def compare(self, other):
        return 0 if self.value == other.value else -1 if self.value < other.value else 1


class Aircraft:
    """What the radar saw: who, and where."""

    __slots__ = ("call_sign", "position")

    def __init__(self, call_sign, position):
        self.call_sign = call_sign
        self.position = position


class Collision:
    __slots__ = ("first", "second", "position")

    def __init__(self, first, second, position):
        self.first = first
        self.second = second
        self.position = position


class Motion:
    """Where an aircraft went between two frames."""

    __slots__ = ("call_sign", "start", "end")

    def __init__(self, call_sign, start, end):
        self.call_sign = call_sign
        self.start = start
        self.end = end

    def delta(self):
        return self.end.minus(self.start)

    def find_intersection(self, other):
        """The point between the two when they first come within PROXIMITY of each other, or None.

        Both move evenly during the frame, so the squared distance is a quadratic in time: a*t*t + b*t + c.
        """
        velocity = self.delta().minus(other.delta())
        offset = self.start.minus(other.start)
        a = velocity.squared_magnitude()
        if a == 0.0:
            if offset.magnitude() <= PROXIMITY:
                return self.start.plus(other.start).times(0.5)
            return None
        b = 2.0 * offset.dot(velocity)
        c = offset.squared_magnitude() - PROXIMITY * PROXIMITY
        discriminant = b * b - 4.0 * a * c
        if discriminant < 0.0:
            return None
        root = math.sqrt(discriminant)
        enters, leaves = (-b - root) / (2.0 * a), (-b + root) / (2.0 * a)
        if leaves < 0.0 or enters > 1.0:
            return None
        moment = max(enters, 0.0)
        mine = self.start.plus(self.delta().times(moment))
        others = other.start.plus(other.delta().times(moment))
        middle = mine.plus(others).times(0.5)
        if MIN_X <= middle.x <= MAX_X and MIN_Y <= middle.y <= MAX_Y and MIN_Z <= middle.z <= MAX_Z:
            return middle
        return None


# --- the detector --------------------------------------------------------------------------------------------------------
HORIZONTAL = Vector2(VOXEL, 0.0)
VERTICAL = Vector2(0.0, VOXEL)
NEIGHBOURS = tuple(
    (horizontal, vertical) for horizontal in (-1, 0, 1) for vertical in (-1, 0, 1) if horizontal or vertical
)


class CollisionDetector:
    """Remembers the last frame; handle_frame finds the collisions since then."""

    def __init__(self):
        self.state = RedBlackTree()

    def handle_frame(self, frame):
        motions = []
        seen = RedBlackTree()
        for aircraft in frame:
            old = self.state.put(aircraft.call_sign, aircraft.position)
            seen.put(aircraft.call_sign, True)
            if old is None:
                old = aircraft.position
            motions.append(Motion(aircraft.call_sign, old, aircraft.position))
        gone = [call_sign for call_sign, _ in self.state.items() if not seen.get(call_sign)]
        for call_sign in gone:
            self.state.remove(call_sign)
        collisions = []
        for candidates in reduce_collision_set(motions):
            for index, motion in enumerate(candidates):
                for other in candidates[index + 1 :]:
                    position = motion.find_intersection(other)
                    if position is not None:
                        collisions.append(Collision(motion.call_sign, other.call_sign, position))
        return collisions


def voxel_hash(position):
    """The corner of the voxel that holds a position."""
    x = math.floor(position.x / VOXEL) * VOXEL
    y = math.floor(position.y / VOXEL) * VOXEL
    return Vector2(x, y)


def is_in_voxel(voxel, motion):
    """Whether the path of the motion, widened by the proximity, touches the voxel."""
    if voxel.x > MAX_X or voxel.x < MIN_X or voxel.y > MAX_Y or voxel.y < MIN_Y:
        return False
    start, end = motion.start, motion.end
    reach = PROXIMITY / 2.0
    low_x, high_x = span(start.x, end.x, voxel.x, reach)
    low_y, high_y = span(start.y, end.y, voxel.y, reach)
    return low_x <= high_x and low_y <= high_y and max(low_x, low_y, 0.0) <= min(high_x, high_y, 1.0)


def span(start, end, corner, reach):
    """The times from and until which a coordinate lies within `reach` of the voxel's side; empty when never."""
    low, high = corner - reach, corner + VOXEL + reach
    change = end - start
    if change == 0.0:
        return (0.0, 1.0) if low <= start <= high else (1.0, 0.0)
    first, second = (low - start) / change, (high - start) / change
    return (first, second) if first <= second else (second, first)


def draw_motion(voxels, motion):
    """Enters the motion into every voxel that it touches, from the first one on outwards."""
    seen = RedBlackTree()
    pending = [voxel_hash(motion.start)]
    while pending:
        voxel = pending.pop()
        if not is_in_voxel(voxel, motion):
            continue
        if seen.put(voxel, True):
            continue
        entries = voxels.get(voxel)
        if entries is None:
            entries = []
            voxels.put(voxel, entries)
        entries.append(motion)
        for horizontal, vertical in NEIGHBOURS:
            neighbour = voxel
            if horizontal > 0:
                neighbour = neighbour.plus(HORIZONTAL)
            elif horizontal < 0:
                neighbour = neighbour.minus(HORIZONTAL)
            if vertical > 0:
                neighbour = neighbour.plus(VERTICAL)
            elif vertical < 0:
                neighbour = neighbour.minus(VERTICAL)
            pending.append(neighbour)


def reduce_collision_set(motions):
    """Lists of motions that share a voxel."""
    voxels = RedBlackTree()
    for motion in motions:
        draw_motion(voxels, motion)
    voxels.black_height()
    return [entries for _, entries in voxels.items() if len(entries) > 1]


# --- the world -------------------------------------------------------------------------------------------------------------
class Simulator:
    """Pairs of aircraft: the first of a pair flies a wave, the second the mirrored one."""

    def __init__(self, number):
        self.aircraft = [CallSign(index) for index in range(number)]

    def simulate(self, time):
        frame = []
        for index in range(0, len(self.aircraft), 2):
            along = time
            across = math.cos(time) * 2.0 + index * 3.0
            mirrored = math.sin(time) * 2.0 + index * 3.0
            frame.append(Aircraft(self.aircraft[index], Vector3(along, across, 10.0)))
            if index + 1 < len(self.aircraft) and int(time) % 7 != index % 7:
                frame.append(Aircraft(self.aircraft[index + 1], Vector3(along, mirrored, 10.0)))
        return frame


def main(number, frames=40):
    simulator = Simulator(number)
    detector = CollisionDetector()
    total = 0
    checksum = 0
    busiest = 0
    for index in range(frames):
        collisions = detector.handle_frame(simulator.simulate(index / 10.0))
        total += len(collisions)
        busiest = max(busiest, len(collisions))
        for collision in collisions:
            if collision.first.value == collision.second.value:
                raise RuntimeError("an aircraft cannot collide with itself")
            place = int(collision.position.x * 1000.0) * 7 + int(collision.position.y * 1000.0)
            checksum = (checksum * 31 + collision.first.value * 3 + collision.second.value + place) & 0xFFFFFFFF
    detector.state.black_height()
    print("aircraft:", number)
    print("frames:", frames)
    print("collisions:", total, "at most", busiest, "in a frame")
    print("checksum:", checksum)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 60)
