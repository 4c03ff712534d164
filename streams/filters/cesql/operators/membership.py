"""``IN`` and ``NOT IN``.

Source of the rules: CESQL 1.0 §3.4.5, §3.7. Elements are looked at from left to right and cast to the type of the left
operand, until one is equal; those behind it are neither evaluated nor cast.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.filters.cesql.errors import Failure
from streams.filters.cesql.values import CASTS, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.filters.cesql.code import Attributes, Code, Step


def membership(elements: Sequence[Code], *, wanted: bool) -> Step:
    """``IN elements``, or ``NOT IN`` them when not ``wanted``; a set of literals costs one look-up, however large."""
    values = [element.literal for element in elements if element.literal is not None]
    return _among(values, wanted=wanted) if len(values) == len(elements) else _any(elements, wanted=wanted)


def _among(elements: Sequence[Value], *, wanted: bool) -> Step:
    tables = {target: _castable(elements, target) for target in CASTS}

    def step(left: Value, _attributes: Attributes) -> bool:
        known, stumbling_block = tables[type(left)]
        if left in known:
            return wanted
        if stumbling_block is not None:
            CASTS[type(left)](stumbling_block)
        return not wanted

    return step


def _castable(elements: Sequence[Value], target: type[Value]) -> tuple[frozenset[Value], Value | None]:
    """The elements as ``target``, up to the first that is none; and that one."""
    known: set[Value] = set()
    for element in elements:
        try:
            known.add(element if type(element) is target else CASTS[target](element))
        except Failure:
            return frozenset(known), element
    return frozenset(known), None


def _any(elements: Sequence[Code], *, wanted: bool) -> Step:
    runs = [element.run for element in elements]

    def step(left: Value, attributes: Attributes) -> bool:
        target = type(left)
        for run in runs:
            element = run(attributes)
            if (element if type(element) is target else CASTS[target](element)) == left:
                return wanted
        return not wanted

    return step
