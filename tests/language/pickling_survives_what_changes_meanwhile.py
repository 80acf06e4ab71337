# Objects that change while they are written, nesting without end, files that misbehave.
import io
import pickle
import sys


def attempt(label, function):
    try:
        print(label, "->", repr(function()))
    except BaseException as e:
        print(label, type(e).__name__, e)


class Acting:
    def __init__(self, action):
        self.action = action

    def __reduce__(self):
        self.action()
        return int, ()


def holding(container, add):
    add(container, Acting(lambda: container.clear()))
    return container


attempt("list", lambda: pickle.dumps(holding([1, 2, 3], lambda c, v: c.insert(1, v))))
attempt("dict", lambda: pickle.dumps(holding({1: 2}, lambda c, v: c.__setitem__(2, v))))
attempt("set", lambda: pickle.dumps(holding({1, 2}, lambda c, v: c.add(v))))
growing = []
growing.append(Acting(lambda: growing.append(5) if len(growing) < 10 else None))
growing.append(1)
attempt("growing", lambda: pickle.dumps(growing))


class Instance:
    pass


instance = Instance()
instance.a = Acting(lambda: setattr(instance, "c", 1))
instance.b = 2
attempt("instance", lambda: pickle.dumps(instance))
instance = Instance()
instance.a = Acting(lambda: delattr(instance, "b"))
instance.b = 2
attempt("instance", lambda: pickle.dumps(instance))
for make in (lambda x: [x], lambda x: (x,), lambda x: {1: x}, lambda x: {"a": [x]}):
    value = []
    for i in range(20000):
        value = make(value)
    for protocol in (0, 2, 4):
        try:
            pickle.dumps(value, protocol)
        except RecursionError:
            print("too deep", protocol)
    while value:
        value = value[next(iter(value))] if isinstance(value, dict) else value[0]


class Endless:
    def __reduce__(self):
        return Endless, (Endless(),)


try:
    pickle.dumps(Endless())
except RecursionError:
    print("endless")
sys.setrecursionlimit(300)
attempt("shallow", lambda: len(pickle.dumps([[[[]]]])))
sys.setrecursionlimit(1000)
deep = pickle.loads(b"]" * 5000 + b"a" * 4999 + b".")
depth = 0
while deep:
    deep = deep[0]
    depth += 1
print(depth)


class Reentrant(pickle.Unpickler):
    def find_class(self, module, name):
        if module == "again":
            return self.load
        return super().find_class(module, name)


attempt("reentrant", lambda: Reentrant(io.BytesIO(b"\x80\x02cagain\nx\n)RK\x05\x86.K\x07..")).load())

class File:
    def __init__(self, data, **methods):
        self.data = io.BytesIO(data)
        self.log = []
        self.methods = methods

    def __getattr__(self, name):
        if name in ("peek", "readinto") and name not in self.__dict__["methods"]:
            raise AttributeError(name)
        method = self.__dict__["methods"].get(name) or getattr(self.data, name)

        def call(*arguments):
            shown = [len(a) if isinstance(a, memoryview) else a for a in arguments]
            self.log.append((name, *shown))
            return method(*arguments)

        return call


stream = pickle.dumps([1, b"x" * 70000, bytearray(b"q" * 70000), "abc"], 5)
for methods in ({}, {"readinto": None}, {"peek": lambda n: stream[:10]}, {"peek": lambda n: b""}):
    file = File(stream + b"tail", **methods)
    attempt("file", lambda: len(pickle.load(file)))
    print(file.log, file.data.tell() - len(stream))


def not_there(size):
    raise NotImplementedError


for methods in ({"peek": not_there}, {"peek": lambda n: 1 / 0}, {"read": lambda n: "x"}, {"read": lambda n: b""}, {"read": lambda n: 5},
                {"readinto": lambda b: -1}, {"readinto": lambda b: "x"}, {"readinto": lambda b: 2**70}, {"readline": lambda: 5}):
    attempt("file", lambda: pickle.load(File(b"N.", **methods)))
    attempt("bytes", lambda: pickle.load(File(b"B\x05\0\0\0abcde.", **methods)))
    attempt("line", lambda: pickle.load(File(b"I5\n.", **methods)))


class BadFile:
    def write(self, data):
        return 1 / 0


attempt("write", lambda: pickle.dump(1, BadFile()))


class BadState:
    def __setstate__(self, state):
        raise KeyError(state)


attempt("state", lambda: pickle.loads(b"c__main__\nBadState\n)\x81}Va\nNsb."))


class Guarded:
    def __setattr__(self, name, value):
        raise AttributeError(name)


attempt("guarded", lambda: pickle.loads(b"\x80\x02c__main__\nGuarded\n)\x81}Va\nNsb.").__dict__)
attempt("guarded", lambda: pickle.loads(b"\x80\x02c__main__\nGuarded\n)\x81N}Va\nNs\x86b.").__dict__)


class Owner:
    @property
    def __dict__(self):
        return log


log = {}
pickle.loads(b"\x80\x02c__main__\nOwner\n)\x81}Va\nNsb.")
print(log)


for size in range(0, 3000, 7):
    items = {f"k{i}": [i, str(i), (i, i / 3)] for i in range(size % 60)}
    for protocol in (0, 2, 5):
        if pickle.loads(pickle.dumps(items, protocol)) != items:
            print("differs", size, protocol)
print("done")
