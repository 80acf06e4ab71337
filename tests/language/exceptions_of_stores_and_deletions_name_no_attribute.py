# A failed look-up tells name and obj, from which a suggestion may be made; a failed store or deletion does not.
import sys


class Box:
    __slots__ = ("width",)

    def __and__(self, other):
        return other


class Open:
    colour = 1


for owner in (Box, Box(), Open, Open(), None, 5, "text", sys):
    for name in ("__add__", "widht", "color"):
        for action in (lambda: delattr(owner, name), lambda: getattr(owner, name + "q")):
            try:
                print(type(owner).__name__, name, action())
            except AttributeError as error:
                print(type(owner).__name__, error, error.name, error.obj is owner, error.obj is None)

for owner in (Box(), None, 5):
    for name in ("__add__", "widht", "__hash__"):
        try:
            setattr(owner, name, 1)
        except AttributeError as error:
            print(error, error.name, error.obj)

del Open.__add__
