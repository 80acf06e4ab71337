# How an uncaught SyntaxError is shown, whatever its attributes hold.
import io
import random
import sys


def shown(error):
    saved, sys.stderr = sys.stderr, io.StringIO()
    try:
        sys.__excepthook__(type(error), error, None)
        return sys.stderr.getvalue()
    finally:
        sys.stderr = saved


class Own(SyntaxError):
    pass


TEXTS = [
    "  abc def\n", "  abc def", "a\n", "a", "", "\n", "  \n", "   ", 'x = b"é"\n', "日本é abc\n", "日本é abc",
    "\tab\tcd\n", "\f ab\n", " ab\r\n", "ab\n cd\n", "x = \\\n  foo(\n", "one\n  two\nthree é\n", "  \n x\n", "ab\n\n", None,
]
COLUMNS = [None, -5, -2, -1, *range(16), 20, 200]
chance = random.Random(7)
for _ in range(1500):
    kind = chance.choice([SyntaxError] * 4 + [IndentationError, TabError, Own])
    line, end_line = chance.choice([None, 0, 1, 2, 2, 2, 2]), chance.choice([None, 0, 1, 2, 2, 2, 3])
    place = ("f", line, chance.choice(COLUMNS), chance.choice(TEXTS), end_line, chance.choice(COLUMNS))
    print(kind.__name__, place, repr(shown(kind("m", place))))


def changed(**attributes):
    error = SyntaxError("msg", ("f.py", 3, 2, "abc\n", 3, 4))
    for name, value in attributes.items():
        setattr(error, name, value)
    return error


for attributes in [
    dict(lineno="x"), dict(lineno=2.0), dict(lineno=True), dict(offset="q"), dict(offset=1.5), dict(filename=None),
    dict(filename=5), dict(end_lineno="x"), dict(end_offset="x"), dict(msg=None), dict(msg=5), dict(msg=""),
    dict(text=None), dict(text=""), dict(msg="a\nb"), dict(filename=""),
]:
    print(attributes, repr(shown(changed(**attributes))))
for arguments in [(), ("m",), ("m", ("f", 1, 2, "abc")), ("a", "bbbb"), ("m", ("f", None, None, None)),
                  ("m", (None, None, None, None)), ("m", (None, 3, None, None)), (5,), ("a", "b", "c")]:
    print(arguments, repr(shown(SyntaxError(*arguments))))
