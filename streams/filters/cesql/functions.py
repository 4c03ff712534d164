"""The built-in functions: those of CESQL 1.0 §3.5, and the casts as functions, as its conformance suite uses them.

A function that cannot do what it is asked raises ``Failure``, with the value that the specification names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from streams.filters.cesql.errors import Failure
from streams.filters.cesql.values import HIGHEST, Value, to_boolean, to_integer, to_string

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_WHITESPACE: Final = (
    "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)
"""Characters with the property White_Space of Unicode; str.strip() alone would take four control characters more."""


@dataclass(frozen=True, slots=True)
class Function:
    """One definition of a function.

    Attributes:
        apply: computes it.
        parameters: the types that its arguments are cast to; None takes a value of any type.
        returns: the type of its result.
        more: the type of any number of further arguments; None when there are none.
    """

    apply: Callable[..., Value]
    parameters: tuple[type[Value] | None, ...]
    returns: type[Value]
    more: type[Value] | None = None

    def types(self, count: int) -> tuple[type[Value] | None, ...] | None:
        """The types of ``count`` arguments; None when it does not take so many."""
        further = count - len(self.parameters)
        if further == 0:
            return self.parameters
        return self.parameters + (self.more,) * further if further > 0 and self.more else None


def _concat(*texts: str) -> str:
    return "".join(texts)


def _concat_ws(delimiter: str, *texts: str) -> str:
    return delimiter.join(texts)


def _trim(text: str) -> str:
    return text.strip(_WHITESPACE)


def _left(text: str, count: int) -> str:
    if count < 0:
        raise Failure("functionEvaluation", f"LEFT: a count of {count} is negative", value=text)
    return text[:count]


def _right(text: str, count: int) -> str:
    if count < 0:
        raise Failure("functionEvaluation", f"RIGHT: a count of {count} is negative", value=text)
    return text[max(len(text) - count, 0) :]


def _substring(text: str, position: int, length: int = HIGHEST) -> str:
    if length < 0:
        raise Failure("functionEvaluation", f"SUBSTRING: a length of {length} is negative")
    if abs(position) > len(text):
        raise Failure("functionEvaluation", f"SUBSTRING: no position {position} in {len(text)} characters")
    if position == 0:
        return ""
    start = position - 1 if position > 0 else len(text) + position
    return text[start : start + length]


def _abs(number: int) -> int:
    if abs(number) > HIGHEST:
        raise Failure("math", f"ABS: {abs(number)} is beyond 32 bits", value=HIGHEST)
    return abs(number)


def _is_int(value: Value) -> bool:
    return _possible(to_integer, value)


def _is_bool(value: Value) -> bool:
    return _possible(to_boolean, value)


def _possible(cast: Callable[[Value], Value], value: Value) -> bool:
    try:
        cast(value)
    except Failure:
        return False
    return True


FUNCTIONS: Final[Mapping[str, tuple[Function, ...]]] = {
    "LENGTH": (Function(len, (str,), int),),
    "CONCAT": (Function(_concat, (), str, more=str),),
    "CONCAT_WS": (Function(_concat_ws, (str,), str, more=str),),
    "LOWER": (Function(str.lower, (str,), str),),
    "UPPER": (Function(str.upper, (str,), str),),
    "TRIM": (Function(_trim, (str,), str),),
    "LEFT": (Function(_left, (str, int), str),),
    "RIGHT": (Function(_right, (str, int), str),),
    "SUBSTRING": (Function(_substring, (str, int), str), Function(_substring, (str, int, int), str)),
    "ABS": (Function(_abs, (int,), int),),
    "INT": (Function(to_integer, (None,), int),),
    "BOOL": (Function(to_boolean, (None,), bool),),
    "STRING": (Function(to_string, (None,), str),),
    "IS_INT": (Function(_is_int, (None,), bool),),
    "IS_BOOL": (Function(_is_bool, (None,), bool),),
}
"""By name in upper case, each with its overloads."""
