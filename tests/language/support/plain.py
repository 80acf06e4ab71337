"""A module with public, private and listed names."""

from . import loaded

loaded.append("plain")

__all__ = ["public", "Listed", "_private_but_listed"]

public = "public value"
unlisted = "not in __all__"
_private = "private"
_private_but_listed = "listed"


class Listed:
    def where(self):
        return __name__


def function():
    return __name__, __package__, globals()["public"]
