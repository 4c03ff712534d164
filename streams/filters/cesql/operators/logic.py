"""``NOT``, ``AND``, ``OR`` and ``XOR``.

Source of the rules: CESQL 1.0 §3.4.1, §3.4.2. AND and OR leave their right operand alone when the left one decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.filters.cesql.code import Code, operand

if TYPE_CHECKING:
    from streams.filters.cesql.code import Attributes, Run, Step
    from streams.filters.cesql.values import Value


def negation(inner: Code) -> Code:
    """``NOT inner``."""
    run = operand(inner, bool)
    return Code(lambda attributes: not run(attributes), bool)


def logic(operator: str, right: Code) -> Step:
    """``AND right``, ``OR right`` or ``XOR right`` after a Boolean."""
    return {"AND": _and, "OR": _or, "XOR": _xor}[operator](operand(right, bool))


def _and(right: Run[bool]) -> Step:
    def step(left: Value, attributes: Attributes) -> Value:
        return left and right(attributes)

    return step


def _or(right: Run[bool]) -> Step:
    def step(left: Value, attributes: Attributes) -> Value:
        return left or right(attributes)

    return step


def _xor(right: Run[bool]) -> Step:
    def step(left: Value, attributes: Attributes) -> Value:
        return left is not right(attributes)

    return step
