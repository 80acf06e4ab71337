# Every protocol writes what python3.11 writes: opcodes, memo numbers, batches and frames.
import hashlib
import io
import pickle


def show(label, value, **options):
    for protocol in range(6):
        try:
            data = pickle.dumps(value, protocol, **options)
        except Exception as e:
            print(label, protocol, type(e).__name__, e)
            continue
        text = repr(data) if len(data) < 90 else f"{len(data)} {hashlib.md5(data).hexdigest()}"
        print(label, protocol, text)


class MyList(list):
    pass


class MyDict(dict):
    pass


class MySet(set):
    pass


class Point:
    def __init__(self, **attributes):
        self.__dict__.update(attributes)

    class Inner:
        def method(self):
            pass


class Slots:
    __slots__ = ("a", "b", "__hidden")

    def __init__(self):
        self.a = 1
        self.__hidden = 2


class Both(Slots):
    def __init__(self):
        super().__init__()
        self.other = 3


class State:
    def __getstate__(self):
        return ["state"]


class NewArguments(tuple):
    def __new__(cls, a, b):
        return super().__new__(cls, (a, b))

    def __getnewargs__(self):
        return tuple(self)


class NewKeywords:
    def __new__(cls, *, a=1):
        return super().__new__(cls)

    def __getnewargs_ex__(self):
        return (), {"a": 5}


class Items:
    def __init__(self, count, which):
        self.count, self.which = count, which

    def __reduce__(self):
        if self.which == 0:
            return MyList, (), None, iter(range(self.count))
        return MyDict, (), None, None, iter([(i, str(i)) for i in range(self.count)])


def setter(obj, state):
    pass


class WithSetter:
    def __reduce__(self):
        return WithSetter, (), {"a": 1}, None, None, setter


for number in (0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**62, 2**63, -(2**63),
               2**64, 2**200, -(2**200), -(2**199), 2**2031, 2**2039, -(2**2039), -(2**2039) - 1, 2**2047, 2**4000, -128, -(2**39)):
    show(f"int {number.bit_length()}", number)
for number in (0.0, -0.0, 1.5, 1e300, float("inf"), float("nan"), 5e-324):
    show(f"float {number}", number)
for text in ("", "a", "é", "€", "\U0001f600", "\ud800", "a\\b\n\r\0\x1a", "x" * 255, "x" * 256, "é" * 128, "y" * 65535, "y" * 65536):
    show(f"str {len(text)}", text)
for content in (b"", b"a", bytes(range(256)), b"x" * 255, b"x" * 65535, b"x" * 65536, bytearray(), bytearray(b"ab"), bytearray(70000)):
    show(f"bytes {len(content)}", content)
for value in (None, True, False, ..., NotImplemented, type(None), type(...), type(NotImplemented), len, int, type, Point,
              Point.Inner, Point.Inner.method, [].append, range, range(3), slice(1, 2), 1j, Exception, OSError("x"),
              map, io.StringIO, print):
    show(getattr(value, "__name__", type(value).__name__), value)
for count in (0, 1, 2, 3, 4, 999, 1000, 1001, 1999, 2000, 2001):
    show(f"list {count}", list(range(count)))
    show(f"tuple {count}", tuple(range(count)))
    show(f"dict {count}", dict.fromkeys(range(count)))
    show(f"set {count}", set(range(count)))
    show(f"frozenset {count}", frozenset(range(count)))
    show(f"MyList {count}", MyList(range(count)))
    show(f"MyDict {count}", MyDict.fromkeys(range(count)))
    show(f"MySet {count}", MySet(range(count)))
    show(f"items {count}", Items(count, 0))
    show(f"pairs {count}", Items(count, 1))
point = Point(a=1, b=[2], c="three")
show("point", point)
show("twice", [point, point, point.b, "a"])
show("many attributes", Point(**{f"name{i}": i for i in range(30)}))
point.__dict__[5] = 6
show("odd attribute", point)
point = Point(x=1)
point.__reduce_ex__ = lambda protocol: (str, ("own",))
show("own reduction", point)
show("empty", Point())
show("slots", Slots())
show("both", Both())
show("state", State())
show("new", NewArguments(1, 2))
show("keywords", NewKeywords())
show("setter", WithSetter())
shared = ["s"]
show("shared", (shared, shared, (shared,), {1: shared}))
recursive = []
recursive.append(recursive)
show("recursive list", recursive)
recursive = ([],)
recursive[0].append(recursive)
show("recursive tuple", recursive)
recursive = ([], 1, 2, 3)
recursive[0].append(recursive)
show("recursive long tuple", recursive)
recursive = {}
recursive[1] = recursive
show("recursive dict", recursive)
point = Point()
point.me = point
show("recursive instance", point)
point = Point()
point.set = frozenset([point])
show("recursive frozenset", point.set)
show("frames", [list(range(70000)) for i in range(3)])
show("large", [b"x" * 70000, "y" * 70000, bytearray(70000), 1])
show("memo", [str(i) for i in range(300)] * 2)
show("no mapping", [range, io.StringIO, OSError], fix_imports=False)


class Log:
    def __init__(self):
        self.sizes = []

    def write(self, data):
        self.sizes.append((type(data).__name__, len(data)))


for value in ([1, 2], [list(range(70000)) for i in range(2)], [b"x" * 70000, "z" * 70000, bytearray(70000), 1], None):
    for protocol in range(6):
        log = Log()
        pickle.Pickler(log, protocol).dump(value)
        print(protocol, log.sizes)
