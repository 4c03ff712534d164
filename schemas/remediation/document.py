"""JSON that somebody else has made, no deeper and with no larger numbers than everybody can read and write again."""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Any, Final

from pydantic import AfterValidator

DEEPEST: Final = 64
"""Levels of arrays and objects; a record has some more around them, and readers end at some 200."""

LEAST: Final = -(2**63)
MOST: Final = 2**64 - 1
"""Integers are of 64 bits, signed or not."""


def readable(value: Any) -> Any:
    """The same value. O(n), without recursion.

    Raises:
        ValueError: it is too deep, or a number in it is too large.
    """
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _inside(each)]
    if any(isinstance(each, (dict, list, tuple)) for each in level):
        raise ValueError(f"has more than {DEEPEST} levels of arrays and objects")
    for each in level:
        _inside(each)
    return value


def _inside(value: Any) -> Any:
    if isinstance(value, dict):
        return value.values()
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, int) and not LEAST <= value <= MOST:
        raise ValueError("has an integer of more than 64 bits")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError("has a number that is not finite")
    return ()


Document = Annotated[Any, AfterValidator(readable)]
Members = Annotated[dict[str, Any], AfterValidator(readable)]
