"""``=``, ``!=``, ``<>``, ``<``, ``<=``, ``>`` and ``>=``.

Source of the rules: CESQL 1.0 §3.4.2, §3.7. The first three know every type, and their left operand is cast to the type
of the right one; the others compare Integers.
"""

from __future__ import annotations

import operator as op
from typing import TYPE_CHECKING, Final

from streams.filters.cesql.code import operand
from streams.filters.cesql.values import CASTS, Value, to_integer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.filters.cesql.code import Attributes, Code, Step


def comparison(operator: str, right: Code) -> Step:
    """``operator right`` after an operand of any type."""
    if operator in _ORDERS:
        return _order(_ORDERS[operator], right)
    equal = operator == "="
    return _same(right, wanted=equal) if right.literal is None else _literally(right.literal, wanted=equal)


def _literally(right: Value, *, wanted: bool) -> Step:
    target, cast = type(right), CASTS[type(right)]

    def step(left: Value, _attributes: Attributes) -> bool:
        return ((left if type(left) is target else cast(left)) == right) is wanted

    return step


def _same(right: Code, *, wanted: bool) -> Step:
    run = right.run

    def step(left: Value, attributes: Attributes) -> bool:
        other = run(attributes)
        return ((left if type(left) is type(other) else CASTS[type(other)](left)) == other) is wanted

    return step


def _order(holds: Callable[[int, int], bool], right: Code) -> Step:
    run = operand(right, int)

    def step(left: Value, attributes: Attributes) -> bool:
        return holds(left if type(left) is int else to_integer(left), run(attributes))

    return step


_ORDERS: Final[Mapping[str, Callable[[int, int], bool]]] = {"<": op.lt, "<=": op.le, ">": op.gt, ">=": op.ge}
