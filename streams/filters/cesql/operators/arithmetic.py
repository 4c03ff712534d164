"""``-``, ``+``, ``*``, ``/`` and ``%`` on 32-bit Integers.

Source of the rules: CESQL 1.0 §3.4.1, §3.4.2; division rounds toward zero, a remainder has the sign of the dividend.
What the specification leaves open: a result beyond 32 bits is a ``math`` error and the zero value (§3.3).
"""

from __future__ import annotations

import operator as op
from typing import TYPE_CHECKING, Final

from streams.filters.cesql.code import Code, operand
from streams.filters.cesql.errors import Failure
from streams.filters.cesql.values import HIGHEST, LOWEST, Value, to_integer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from streams.filters.cesql.code import Attributes, Step


def minus(inner: Code) -> Code:
    """``-inner``."""
    run = operand(inner, int)
    return Code(lambda attributes: _bounded(-run(attributes)), int)


def arithmetic(operator: str, right: Code) -> Step:
    """``operator right`` after an operand of any type."""
    run, calculate = operand(right, int), _OPERATIONS[operator]

    def step(left: Value, attributes: Attributes) -> int:
        number = left if type(left) is int else to_integer(left)
        return _bounded(calculate(number, run(attributes)))

    return step


def _bounded(number: int) -> int:
    if LOWEST <= number <= HIGHEST:
        return number
    raise Failure("math", f"{number} is beyond 32 bits")


def _quotient(dividend: int, divisor: int) -> int:
    quotient = abs(dividend) // abs(_divisor(divisor))
    return quotient if (dividend < 0) == (divisor < 0) else -quotient


def _remainder(dividend: int, divisor: int) -> int:
    remainder = abs(dividend) % abs(_divisor(divisor))
    return -remainder if dividend < 0 else remainder


def _divisor(number: int) -> int:
    if number == 0:
        raise Failure("math", "division by zero")
    return number


_OPERATIONS: Final[Mapping[str, Callable[[int, int], int]]] = {
    "+": op.add,
    "-": op.sub,
    "*": op.mul,
    "/": _quotient,
    "%": _remainder,
}
