"""A module without __all__, with a __getattr__ for missing names."""

from support import loaded

loaded.append("names")
visible = 1
_hidden = 2


def __getattr__(name):
    if name == "computed":
        return "computed by the module's __getattr__"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__():
    return ["visible", "computed"]
