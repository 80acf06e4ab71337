# Call, subscript, iteration, comparison, unpacking, containment and truth sites that see one kind of operand after another.


class Callable:
    def __call__(self, *args):
        return "instance", args

    def method(self, *args):
        return "method", args

    @classmethod
    def klass(cls, *args):
        return "class", args

    @staticmethod
    def static(*args):
        return "static", args


class Init:
    def __init__(self, *args):
        self.args = args

    def __repr__(self):
        return f"Init{self.args}"


class Items:
    def __getitem__(self, key):
        return "item", key

    def __setitem__(self, key, value):
        self.last = key, value

    def __delitem__(self, key):
        self.last = "deleted", key

    def __iter__(self):
        return iter("it")

    def __contains__(self, x):
        return x == "in"

    def __eq__(self, other):
        return NotImplemented

    def __lt__(self, other):
        return "lt"

    def __len__(self):
        return 0


def generator():
    yield "g"
    yield "h"


def attempt(function, *args):
    try:
        return repr(function(*args)).split(" at 0x")[0]
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def run(name, function, *operands):
    print(name)
    for _ in range(2):
        line = []
        for arguments in operands:
            results = {attempt(function, *(a() if a in FRESH else a for a in arguments)) for _ in range(30)}
            line.append("/".join(sorted(results)))
        print("  ", *line, sep=" | ")
    shuffled = [attempt(
        function, *(a() if a in FRESH else a for a in operands[i * 5 % len(operands)])
    ) for i in range(100)]
    print("  ", len(shuffled), sum(len(text) for text in shuffled))


class Fresh(list):
    def __contains__(self, item):
        return any(item is x for x in self)


FRESH = Fresh([generator])
c = Callable()
run(
    "call", lambda f, x: f(x), (lambda x: ("lambda", x), 1), (c, 2), (c.method, 3), (Callable.klass, 4),
    (c.static, 5), (Init, 6), (int, "7"), (str, 8), (type, 9), (len, "abc"), (abs, -1), ([].count, 1),
    (str.upper, "u"), (isinstance, 1), (None, 1), (dict, 5), (list, "li"), (tuple, (1,)), (Callable.method, 5),
    (max, [3, 4]), (lambda *a, k=1: (a, k), 1), (lambda: 0, 1), (lambda x, y=2: (x, y), 1), (repr, "r"),
    (generator, 1)
)
run(
    "subscript", lambda o, k: o[k], ([1, 2, 3], 1), ((1, 2), -1), ("abc", 0), ({"k": 1}, "k"), ({1: 2}, 1),
    (Items(), "key"), (range(5), 3), (b"ab", 1), ([1, 2, 3], slice(1, 3)), ({}, "missing"), ([1], 5), ("é☃", 1),
    (list, int), (5, 1), ([1], "a"), ([1, 2], True), ({True: "t"}, 1), ([1, 2], 2**70), (None, 0)
)


def assign(o, k):
    o[k] = "new"
    del o[k]
    return getattr(o, "last", o)


run(
    "assign", assign, ([1, 2, 3], 1), ({"a": 1}, "k"), (Items(), 1), ({}, 5), ((1,), 0), ("s", 0), ([1], 9),
    ([1, 2, 3, 4] * 200, -1), ({}, [])
)
run(
    "iterate", lambda o: [x for x in o], ([1, 2],), ((3,),), ("str",), ({1: 2},), ({5},), (range(3),), (Items(),),
    (generator,), (b"b",), (5,), (None,), ([],), ({"k": 1}.items(),), (map(str, []),)
)


def loop(o):
    total = []
    for x in o:
        total.append(x)
    else:
        total.append("else")
    return total


run(
    "for", loop, ([1, 2],), (range(2),), ((3, 4),), (generator,), ("ab",), ({1: 2}.values(),), (enumerate("e"),),
    (zip(),), (range(2**62, 2**62 + 2),), (range(5, 0, -2),), (Items(),)
)
run(
    "compare", lambda a, b: (a == b, a != b, a < b), (1, 2), (1.5, 2.5), ("a", "b"), ("a", "a"), (1, 1.0),
    (2**70, 2**70), ([1], [2]), ((1, 2), (1, 3)), (1, "a"), (None, None), (Items(), 1), (True, False),
    (float("nan"), 1.0), (2**61, 2**61), (b"a", b"b"), ("é", "e"), ({1}, {1, 2}), (2**53, 2.0**53), (-0.0, 0.0),
    (1, 2**64)
)
run(
    "equal branch", lambda a, b: "yes" if a == b else "no", (1, 1), (1, 2), (1.0, 1.0), ("x", "x"), ("x", "y"),
    ("x" * 50, "x" * 50), ([], []), (None, 0), (1, True), (Items(), Items()), (2**64, 2**64), (0.1, 0.1)
)


def unpack(o):
    a, b = o
    return a, b


run(
    "unpack", unpack, ((1, 2),), ([3, 4],), ("ab",), ({1: 2, 3: 4},), (range(2),), (generator,), (Items(),),
    ((1, 2, 3),), ((1,),), (5,), ([],), (b"xy",), (enumerate("ef"),)
)
run(
    "contains", lambda x, o: (x in o, x not in o), (1, [1, 2]), ("a", "abc"), (1, {1: 2}), (2, {1, 2}), (3, range(5)),
    (4, (4,)), ("in", Items()), ("g", generator), (97, b"a"), (1, 5), ([], {}), (None, [None])
)
run(
    "truth", lambda x: "true" if x else "false", (1,), (0,), (1.5,), (0.0,), ("a",), ("",), ([],), ([0],), (None,),
    (True,), (False,), (Items(),), (c,), ((),), ({},), ({1: 1},), (set(),), (float("nan"),), (2**70,), (range(0),),
    (b"",), (-0.0,), (generator,), (...,)
)
run("unary", lambda x: (-x, +x, ~x), (1,), (1.5,), (True,), (2**61,), (-(2**62),), ("a",), (None,), (0,), (2**70,))
run("not", lambda x: not x, (1,), (0,), ("",), ([1],), (None,), (Items(),), (0.5,), (True,))
run(
    "format", lambda x, s: f"{x:{s}}", (1, "5"), (1.5, ".2f"), ("a", ">3"), (True, "d"), (None, ""), (None, "5"),
    ([1], ""), (10**20, ",")
)
run(
    "attribute of builtins", lambda o: o.__class__.__name__, (1,), ("a",), ([],), (None,), (int,), (c,), (len,),
    (generator,), (1.5,)
)
run("method of builtins", lambda o: o.index(1), ([0, 1],), ((1,),), (range(5),), ("a",), (5,), ([],), (b"\x00\x01",))
run(
    "is", lambda a, b: (a is b, a is not b), (None, None), (c, c), ([], []), (True, True), (1, None), (int, int),
    (..., ...)
)
