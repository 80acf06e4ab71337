"""A package inside the package."""

from ..plain import public as from_parent
from . import leaf
from .leaf import value as leaf_value
