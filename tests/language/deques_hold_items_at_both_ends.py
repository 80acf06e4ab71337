# deque against a list that does the same, and what deques alone do.
from _collections import deque

state = 12345


def random(n):
    global state
    state = (state * 1103515245 + 12345) % 2**31
    return state // 65536 % n


for bound in (None, 0, 1, 5, 17):
    d, model = deque((), bound), []
    for step in range(3000):
        what, x = random(12), random(100)
        if what <= 1:
            d.append(x)
            model.append(x)
            if bound is not None and len(model) > bound:
                del model[0]
        elif what <= 3:
            d.appendleft(x)
            model.insert(0, x)
            if bound is not None and len(model) > bound:
                model.pop()
        elif what == 4 and model:
            assert d.pop() == model.pop()
        elif what == 5 and model:
            assert d.popleft() == model.pop(0)
        elif what == 6:
            n = random(40) - 20
            d.rotate(n)
            if model:
                n %= len(model)
                model = model[-n:] + model[:-n] if n else model
        elif what == 7 and model:
            i = random(len(model) * 2) - len(model)
            del d[i]
            del model[i]
        elif what == 8 and model:
            i = random(len(model) * 2) - len(model)
            d[i] = model[i] = x
        elif what == 9:
            i = random(30) - 15
            try:
                d.insert(i, x)
                model.insert(i, x)
            except IndexError as error:
                assert bound is not None and len(model) >= bound, error
        elif what == 10:
            assert d.count(x) == model.count(x) and (x in d) == (x in model)
            if x in model:
                assert d.index(x) == model.index(x)
                d.remove(x)
                model.remove(x)
        elif what == 11 and random(8) == 0:
            d.reverse()
            model.reverse()
        assert list(d) == model and len(d) == len(model) and list(reversed(d)) == model[::-1], (step, what)
        assert all(d[i] == model[i] for i in (0, -1)) if model else not d
    print(bound, d, d.maxlen)

d = deque("abc")
d.extend("de")
d.extendleft("XY")
d.extend(d)
print(d, d.copy() == d, d < deque("Z"), deque([1, 2]) <= deque([1, 2]), deque() != deque([0]))
d.extendleft(d)
print(len(d), d[3], d[-3], hash is not None)
d.clear()
print(d, bool(d))
for change in (lambda d: d.append(1), lambda d: d.popleft(), lambda d: d.rotate(), lambda d: d.clear(),
               lambda d: d.reverse(), lambda d: d.__setitem__(0, 5)):
    d = deque([1, 2, 3])
    try:
        for x in d:
            change(d)
            if x > 5 or len(d) > 9:
                break
        print("went on", d)
    except RuntimeError as error:
        print(error, d)


class Meddler:
    def __init__(self, d):
        self.d = d

    def __eq__(self, other):
        self.d.clear()
        return False


for use in ("count", "index", "remove", "__contains__"):
    d = deque([1, 2, 3])
    d.append(Meddler(d))
    d.appendleft(Meddler(d))
    try:
        print(use, getattr(d, use)(7))
    except Exception as error:
        print(use, type(error).__name__, error)


class Queue(deque):
    kind = "queue"

    def __init__(self, items=(), maxlen=None, note=None):
        super().__init__(items, maxlen)
        self.note = note


class Slotted(deque):
    __slots__ = ("a", "b")


q = Queue("abc", 3, "n")
q.append("d")
q.extra = [1]
print(q, q.note, q.kind, q.__dict__, q.copy().__dict__, type(q + q).__name__, q.__reduce__()[:3])
s = Slotted([1])
s.a = 5
print(s, s.a, hasattr(s, "b"), hasattr(s, "__dict__"))
match deque([1, 2, 3]):
    case [first, *rest]:
        print(first, rest)
total = 0
queue = deque(range(50))
for step in range(5000):
    x = queue.popleft()
    queue.append(x + 1)
    queue.appendleft(queue.pop())
    total += x + queue[3] + len(queue)
print(total)
