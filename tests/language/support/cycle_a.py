"""Half of an import cycle."""

first = "a before"
from support import cycle_b  # noqa: E402

second = "a after"


def partner():
    return cycle_b.value
