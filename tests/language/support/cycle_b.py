"""The other half: it sees its partner half made."""

from support import cycle_a

seen = sorted(name for name in vars(cycle_a) if not name.startswith("__"))
value = "b"
try:
    from support.cycle_a import second
except ImportError as error:
    message = str(error).split(" (/")[0]
