"""A module that fails half-way."""

from support import loaded

loaded.append("failing")
before = 1
raise LookupError("while importing")
