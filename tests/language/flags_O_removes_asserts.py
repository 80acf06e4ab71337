# flags: -O
# With -O assert statements and code under __debug__ disappear; docstrings stay.

import sys


def function():
    "doc"
    assert False, "not evaluated"
    if __debug__:
        return "debug code"
    return "no debug code"


print(function(), function.__doc__, __debug__, sys.flags.optimize, function.__code__.co_consts)
assert print("never printed")
