"""``LIKE`` and ``NOT LIKE``.

Source of the rules: CESQL 1.0 §3.4.3. The left operand is cast to String.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.filters.cesql.operators.pattern import pattern
from streams.filters.cesql.values import Value, to_string

if TYPE_CHECKING:
    from streams.filters.cesql.code import Attributes, Step


def like(text: str, *, wanted: bool) -> Step:
    """``LIKE text``, or ``NOT LIKE`` it when not ``wanted``, after an operand of any type."""
    matches = pattern(text)

    def step(left: Value, _attributes: Attributes) -> bool:
        return matches(left if type(left) is str else to_string(left)) is wanted

    return step
