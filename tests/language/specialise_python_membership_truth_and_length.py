# Hot `in`, `if`, `and`, `while`, `len()` whose answer is a Python method: odd answers, errors, class changes, tracing.

import sys
import traceback


class Box:
    def __init__(self, *items):
        self.items = list(items)

    def __contains__(self, item):
        return item in self.items

    def __len__(self):
        return len(self.items)


class Flag:
    def __init__(self, answer):
        self.answer = answer

    def __bool__(self):
        return self.answer

    def __len__(self):
        raise RuntimeError("never asked")

    def __contains__(self, item):
        return self.answer


def has(container, item):
    return item in container


def lacks(container, item):
    return item not in container


def has_in_test(container, item):
    if item in container:
        return "yes"
    return "no"


def test(value):
    if value:
        return "true"
    return "false"


def test_not(value):
    if not value:
        return "false"
    return "true"


def both(a, b):
    return a and b


def either(a, b):
    return a or b


def conditional(value):
    return 1 if value else 2


def size(value):
    return len(value)


def drain(box):
    steps = 0
    while box:
        box.items.pop()
        steps += 1
    while not box:
        box.items.append(steps)
    return steps, box.items


def warm():
    full, empty, on, off = Box(1, 2, 3), Box(), Flag(True), Flag(False)
    for turn in range(60):
        box, flag = (full, on) if turn & 1 else (empty, off)
        results = (has(box, 2), lacks(box, 2), has_in_test(box, 2), test(box), test_not(box), conditional(box), size(box))
        answers = (both(box, 5), either(box, 5))
    return results, answers[0], answers[1] is full


print(warm())
for _ in range(60):
    result = drain(Box(1, 2, 3, 4))
print(result)
for flag in (Flag(True), Flag(False)) * 30:
    results = test(flag), test_not(flag), conditional(flag), both(flag, 1) is flag, either(flag, 1) is flag, has(flag, 0)
    if _ % 30 == 0:
        print(results)
print(results)


# --- what is no plain answer
def attempt(function, *arguments):
    try:
        return function(*arguments)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


class Index:
    def __init__(self, value):
        self.value = value

    def __index__(self):
        return self.value


class Odd(Box):
    def __len__(self):
        return self.items[0]

    def __contains__(self, item):
        return self.items[0]


for value in (3, 0, True, False, -1, 2**62, 2**70, -(2**70), 1.5, None, "text", [], Index(7), Index(0), Index(-2), Flag(True), Flag(False)):
    odd = Odd(value)
    for _ in range(20):
        results = [attempt(f, odd) for f in (size, test, test_not, conditional)]
        results += [attempt(f, odd, 1) for f in (has, lacks, has_in_test)]
        truth = attempt(both, odd, 1)
        results.append(truth if not isinstance(truth, Odd) else "odd")
    print(type(value).__name__, results)


class Wrong:
    def __bool__(self):
        return 1


class Dead:
    __contains__ = None
    __len__ = None
    __bool__ = None


for sample in (Wrong(), Dead(), object(), 5, None, [1], "a", (1,), {1: 2}, {1}, Flag(True), Box(1)):
    for _ in range(20):
        results = [attempt(f, sample) for f in (size, test, test_not, conditional)] + [attempt(has, sample, 1)]
    print(type(sample).__name__, results)


# --- classes edited at a hot place, and instances that change their class
class Changing:
    def __contains__(self, item):
        return item == 1

    def __bool__(self):
        return True

    def __len__(self):
        return 4


def ask(thing):
    return has(thing, 1), lacks(thing, 1), test(thing), test_not(thing), conditional(thing), size(thing), both(thing, 1) is thing


thing = Changing()
for _ in range(60):
    result = ask(thing)
print(result)
Changing.__contains__ = lambda self, item: item == 2
print(ask(thing))
Changing.__bool__ = lambda self: False
print(ask(thing))
del Changing.__bool__
Changing.__len__ = lambda self: 0
print(ask(thing))
Changing.__contains__ = lambda self, item, more=(): "default argument"
Changing.__len__ = lambda self, extra=9: extra
print(ask(thing))
Changing.__contains__ = Box.__contains__
Changing.__len__ = staticmethod(lambda: 3)
thing.items = [1]
print(ask(thing))


class Generated:
    def __contains__(self, item):
        yield item

    def __bool__(self):
        yield True

    def __len__(self):
        yield 3


thing.__class__ = Generated
print([attempt(f, thing) for f in (size, test, test_not)], has(thing, 1), lacks(thing, 1))
for _ in range(60):
    results = [attempt(f, Generated()) for f in (size, test, test_not)], has(Generated(), 1)
print(results)


# --- exceptions out of the methods
class Failing:
    def __init__(self):
        self.fails = False

    def __contains__(self, item):
        return self.answer(True)

    def __bool__(self):
        return self.answer(True)

    def __len__(self):
        return self.answer(3)

    def answer(self, value):
        if self.fails:
            raise LookupError("asked once too often")
        return value


def in_loop(things):
    count = 0
    for thing in things:
        try:
            if 3 in thing:
                count += 1
            while thing:
                count += len(
                    thing
                )
                break
            count += bool(thing and 4)
        except LookupError as error:
            count -= 1
            frames = [(f.name, f.lineno) for f in traceback.extract_tb(error.__traceback__)]
            print(count, frames)
    return count


things = [Failing() for _ in range(80)]
things[70].fails = True
print(in_loop(things))


def uncaught(things, action):
    for thing in things:
        action(thing)


for action in (lambda thing: 1 in thing, lambda thing: 1 if thing else 2, lambda thing: len(thing), lambda thing: thing or 3):
    try:
        uncaught(things, action)
    except LookupError:
        traceback.print_exc(file=sys.stdout)


# --- no native recursion: as deep as Python functions go
class Nested:
    def __init__(self, inner):
        self.inner = inner

    def __contains__(self, item):
        return item in self.inner if self.inner is not None else True

    def __bool__(self):
        if self.inner is None:
            return True
        if self.inner:
            return True
        return False

    def __len__(self):
        return 1 + len(self.inner) if self.inner is not None else 0


def nest(depth):
    nested = None
    for _ in range(depth):
        nested = Nested(nested)
    return nested


shallow = nest(20)
for _ in range(20):
    result = 1 in shallow, test(shallow), len(shallow)
print(result)
deep = nest(700)
print(1 in deep, test(deep), len(deep))
too_deep = nest(1500)
for function in (has, lambda thing, _: test(thing), lambda thing, _: size(thing)):
    print(attempt(function, too_deep, 1).split(":")[0])
sys.setrecursionlimit(5000)
abyss = nest(3000)
print(1 in abyss, test(abyss), len(abyss))
sys.setrecursionlimit(1000)


# --- the method sees its caller; its parameter is its own
class Nosy:
    def __contains__(self, item):
        caller = sys._getframe(1)
        self = item = None
        return (caller.f_code.co_name, caller.f_lineno - caller.f_code.co_firstlineno)

    def __bool__(self):
        seen.append(sys._getframe(1).f_code.co_name)
        self = None
        return len(seen) % 2 == 0


def look(nosy):
    first = (1 in nosy) is True
    second = nosy or "false"
    third = nosy and "true"
    return first, type(second).__name__, type(third).__name__


seen = []
for _ in range(30):
    result = look(Nosy())
print(result, len(seen), set(seen))


# --- trace functions see the frames and every line
def traced(nosy, box):
    total = 0
    for turn in range(3):
        if nosy:
            total += 1
        else:
            total += 2
        while turn in box:
            total += len(box)
            turn += 1
        total += 10 if box and nosy else 20
    return total


for _ in range(30):
    result = traced(Nosy(), Box(1, 2))
events = []


def tracer(frame, event, argument):
    if frame.f_code.co_filename == __file__:
        events.append((frame.f_code.co_name, event, frame.f_lineno - frame.f_code.co_firstlineno))
        return tracer
    return None


seen = []
sys.settrace(tracer)
result = traced(Nosy(), Box(1, 2))
sys.settrace(None)
print(result, len(events))
for event in events:
    print(*event)
calls = []
sys.setprofile(lambda frame, event, argument: calls.append((frame.f_code.co_name, event, getattr(argument, "__name__", None))))
result = traced(Nosy(), Box(1, 2))
sys.setprofile(None)
print(result, calls)


# --- membership in a class asks its metaclass; subclasses of built-in containers may answer for themselves
class Meta(type):
    def __contains__(cls, item):
        return item in cls.members

    def __len__(cls):
        return len(cls.members)

    def __bool__(cls):
        return "x" in cls.members


class Letters(metaclass=Meta):
    members = "abc"


class Lower(dict):
    def __contains__(self, key):
        return dict.__contains__(self, key.lower())


class Counted(list):
    def __len__(self):
        return list.__len__(self) * 2

    def __bool__(self):
        return not list.__len__(self)


for container in (Letters, Lower(a=1), Counted("ab"), "abc", ["a"], Letters, Lower(), Counted()):
    for _ in range(30):
        results = has(container, "a"), has_in_test(container, "b"), size(container), test(container), conditional(container)
    print(results)
Letters.members = "xyz"
print(has(Letters, "a"), size(Letters), test(Letters))

# The name `len` bound anew.
keep = len
for _ in range(30):
    result = size(Box(1, 2))
len = lambda value: "mine"
print(size(Box(1)), result)
len = keep
print(size(Box(1)))
