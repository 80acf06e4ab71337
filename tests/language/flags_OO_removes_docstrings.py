# flags: -OO
"""The module's docstring."""

import sys


def function():
    "doc"
    assert False


class Documented:
    "class doc"

    def method(self):
        """method doc"""


print(
    __doc__, function(), function.__doc__, Documented.__doc__, Documented.method.__doc__, sys.flags.optimize,
    __debug__
)
