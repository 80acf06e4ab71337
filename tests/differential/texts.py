"""What every generated program has: a harness that prints, a clock that runs edits, and a few classes."""

PRELUDE = '''\
import builtins
import sys


def harness(print, type, repr, len, sorted, int, float, str, list, tuple, dict, set, bool, isinstance, hook, Problem):
    def text(value, depth=0):
        kind = type(value)
        if kind is int:
            return repr(value) if -(10**30) < value < 10**30 else f"big {value % 1000003}"
        if kind is str:
            return repr(value) if len(value) < 60 else f"{value[:50]!r}+{len(value)}"
        if kind is float or kind is bool or value is None:
            return repr(value)
        if depth < 3 and (kind is list or kind is tuple):
            return kind.__name__ + "(" + ", ".join([text(item, depth + 1) for item in value[:8]]) + f") {len(value)}"
        if depth < 3 and kind is dict:
            items = [text(key, depth + 1) + ": " + text(value[key], depth + 1) for key in list(value)[:8]]
            return "{" + ", ".join(items) + "}"
        if depth < 3 and kind is set:
            return "{" + ", ".join(sorted([text(item, depth + 1) for item in value])) + "}"
        return f"<{kind.__name__}>"

    def note(label, value):
        print(label, text(value))

    tracebacks = 0

    def fail(label, error):
        nonlocal tracebacks
        words = str(error)
        trail = []
        link = error.__traceback__
        while link is not None and len(trail) < 12:
            trail.append(f"{link.tb_frame.f_code.co_name}:{link.tb_lineno}")
            link = link.tb_next
        print(label, type(error).__name__, words if " at 0x" not in words else "", *trail)
        tracebacks += 1
        if tracebacks <= 3 and not isinstance(error, (RecursionError, UnboundLocalError)) and " at 0x" not in words:
            hook(type(error), error, error.__traceback__)

    def clip(value):
        kind = type(value)
        if kind is int and not -(2**70) < value < 2**70:
            return value % 1000003
        if (kind is str or kind is list or kind is tuple) and len(value) > 40:
            return value[:5]
        return value

    count = 0
    schedule = {}

    def step():
        nonlocal count
        count += 1
        edit = schedule.get(count)
        if edit is not None:
            try:
                edit()
                print("edit", edit.__name__)
            except Problem as error:
                fail("edit", error)

    return note, fail, clip, step, schedule


note, fail, clip, step, schedule = harness(
    print, type, repr, len, sorted, int, float, str, list, tuple, dict, set, bool, isinstance, sys.excepthook, Exception
)
'''

SUPPORT = '''

class Meta(type):
    zz = 3

    @property
    def p(cls):
        return "meta p"


class Plain:
    pass


class Descriptor:
    def __init__(self, value):
        self.value = value

    def __get__(self, owner, cls=None):
        return self.value if owner is None else (self.value, cls.__name__)


class ReadOnly(Descriptor):
    def __set__(self, owner, value):
        raise AttributeError("read only")


class WriteOnly:
    def __set__(self, owner, value):
        note("set", value)


def attempt(action):
    try:
        return action()
    except Exception as error:
        fail("attempt", error)
        return Plain()


taken = [{"a": 51}]
saved = {}

'''

RECURSION = '''

def deep(x, y):
    if x == "stop":
        return y.a
    return deep(x + 1 if x < 30 else "stop", y)

'''
