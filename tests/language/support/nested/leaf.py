"""The innermost module: relative imports from two levels."""

from .. import package_value
from ..plain import function as parent_function

value = ("leaf", package_value, parent_function()[0])


def too_far():
    from .... import anything
