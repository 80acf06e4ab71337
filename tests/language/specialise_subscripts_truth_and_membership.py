# Hot subscripts, conditions and membership tests see containers of every kind, their subclasses and their errors.


class Dict(dict):
    def __missing__(self, key):
        return ("missing", key)


class List(list):
    def __getitem__(self, key):
        return ("list item", key)

    def __setitem__(self, key, value):
        super().__setitem__(0, (key, value))

    def __contains__(self, key):
        return "truthy"

    def __len__(self):
        return 0


class Str(str):
    def __getitem__(self, key):
        return ("str item", key)

    def __bool__(self):
        raise ValueError("no truth")


class Index:
    def __index__(self):
        return 1


class Table:
    def __init__(self):
        self.items = {}

    def __getitem__(self, key):
        return self.items[key]

    def __setitem__(self, key, value):
        self.items[key] = value

    def __contains__(self, key):
        return key in self.items


class Same:
    def __eq__(self, other):
        return isinstance(other, int)

    def __hash__(self):
        return 1


class Truth:
    pass


class Sized:
    def __len__(self):
        return 0


class Odd:
    def __bool__(self):
        return 1


def get(container, key):
    return container[key]


def put(container, key, value):
    container[key] = value
    return container


def contains(container, key):
    return key in container, key not in container


def truth(value):
    seen = []
    if value:
        seen.append("if")
    if not value:
        seen.append("if not")
    seen.append(value and "and")
    seen.append(value or "or")
    n = 0
    while value:
        n += 1
        if n == 3:
            break
    return n, seen


def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        trace = error.__traceback__.tb_next
        lines = []
        while trace is not None:
            lines.append((trace.tb_frame.f_code.co_name, trace.tb_lineno - trace.tb_frame.f_code.co_firstlineno))
            trace = trace.tb_next
        return type(error).__name__, str(error), lines


table = Table()
table[1] = "one"
containers = [
    lambda: [10, 20, 30], lambda: (10, 20, 30), lambda: "xyz", lambda: "\u0142\u00e9\U0001f600", lambda: b"xyz",
    lambda: bytearray(b"xyz"), lambda: {0: "zero", 1: "one", "k": "v"}, lambda: Dict({1: 1}), lambda: List([1, 2, 3]),
    lambda: Str("text"), lambda: table, lambda: range(5), lambda: {1, 2}, lambda: frozenset({0, 1}), lambda: None,
    lambda: 5, lambda: [], lambda: "", lambda: (), lambda: memoryview(b"abc"), lambda: {Same(): "same"},
]
keys = [
    0, 1, 2, -1, -3, 3, -4, 2**62, -(2**70), True, 1.5, "k", None, Index(), slice(1, None), slice(None, -1),
    slice(-2, 2**65), slice(None, None, -1), slice(5, 1), slice("a", 1), slice(None, None, 0), [1], (1, 2), Same(), "",
    "x", b"x", {1},
]
values = [0, 255, 256, -1, "v", b"pq", [7, 8], None]
state = 7


def random(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return (state >> 8) % n


def digest(value, total):
    for character in repr(value).split(" at 0x")[0]:
        total = (total * 31 + ord(character)) % 1000000007
    return total


gets = puts = memberships = 0
for round in range(1500):
    make, key, value = containers[random(len(containers))], keys[random(len(keys))], values[random(len(values))]
    for _ in range((1, 2, 15, 60)[random(4)]):
        gets = digest(attempt(get, make(), key), gets)
        puts = digest(attempt(put, make(), key, value), puts)
        memberships = digest(attempt(contains, make(), key), memberships)
    if round % 100 == 0:
        print(round, gets, puts, memberships)

truths = [0, 1, 2**70, 0.0, -0.0, 1.5, float("nan"), "", "a", [], [0], (), (0,), {}, {1: 1}, set(), {0}, None, True, False,
          Truth(), Sized(), Odd(), List([1]), Str("s"), Ellipsis, NotImplemented, b"", b"a", range(0), 0j, Truth]
total = 0
for round in range(600):
    value = truths[random(len(truths))]
    if value is NotImplemented:
        continue
    for _ in range((1, 2, 15, 60)[random(4)]):
        outcome = attempt(truth, value)
        total = digest(outcome, total)
    if round % 60 == 0:
        print(round, total)


# A class gains and loses __bool__ and __len__ under a hot condition.
def is_true(value):
    return "yes" if value else "no"


answers = []
for i in range(400):
    if i == 100:
        Truth.__len__ = lambda self: 0
    if i == 200:
        Truth.__bool__ = lambda self: True
    if i == 300:
        del Truth.__bool__, Truth.__len__
    answers.append(is_true(Truth()))
print([answers[i] for i in (0, 99, 100, 199, 200, 299, 300, 399)])

# A slice's ends may be anything, and lists change while they are sliced.
class Shrink:
    def __init__(self, items):
        self.items = items

    def __index__(self):
        self.items.clear()
        return 2


def middle(items, start, stop):
    return items[start:stop]


for i in range(100):
    items = list(range(10))
    result = middle(items, 2, 5), middle(items, -3, None), middle("abcdef", 1, -1), middle((1, 2, 3), 0, 3)
print(result, middle(items, Shrink(items), 8))
whole = (1, 2, 3)
print(middle(whole, None, None) is whole, middle(whole, 0, 99) is whole)
