"""JSON scalars as hashable values that are equal exactly when the scalars are."""

from __future__ import annotations

from enum import Enum
from typing import Any, TypeAlias


class Literal(Enum):
    """What Python would take for a number or for nothing."""

    TRUE = "true"
    FALSE = "false"
    NULL = "null"
    NONE_OF_THEM = "no scalar"


Token: TypeAlias = str | float | Literal
"""A text as it is, a number as IEEE double, everything else as ``Literal``."""


def token(value: Any) -> Token:
    """The token of one value of parsed JSON; objects and arrays are ``Literal.NONE_OF_THEM``, which equals no scalar.

    Raises:
        OverflowError: an integer beyond the range of a double; parsed events have none.
    """
    kind = type(value)
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is float or kind is int:
        return float(value)
    if value is None:
        return Literal.NULL
    if kind is bool:
        return Literal.TRUE if value else Literal.FALSE
    return Literal.NONE_OF_THEM
