"""The types of CESQL and the casts between them.

Source of the rules: CESQL 1.0 §3.1 (type system) and §3.7 (type casting). A cast that is not possible raises
``Failure`` of kind ``cast``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from schemas.cloudevents.attributes import canonical
from streams.filters.cesql.errors import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value: TypeAlias = str | int | bool
"""String, Integer (32 bits, signed) or Boolean."""

LOWEST: Final = -(2**31)
HIGHEST: Final = 2**31 - 1
ZERO: Final[Mapping[type, Value]] = {str: "", int: 0, bool: False}

_INTEGER: Final = re.compile(r"[+-]?0*([0-9]{1,10})")
_SURELY_32_BITS: Final = 9
_LONGEST_BOOLEAN: Final = len("false")


def represent(value: object) -> Value:
    """An attribute as CESQL sees it: Booleans and 32-bit Integers as they are, everything else as canonical String."""
    match value:
        case bool():
            return value
        case int() if LOWEST <= value <= HIGHEST:
            return int(value)
        case str():
            return str.__str__(value)  # of a subclass too, such as an enumeration
        case bytes() | int():
            return canonical(value)
        case _:
            return str(value)


def to_string(value: Value) -> str:
    """Cast to String; always possible."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def to_integer(value: Value) -> int:
    """Cast to Integer; a String may have a sign and leading zeros, and nothing else around its digits."""
    if not isinstance(value, str):
        return int(value)
    if len(value) <= _SURELY_32_BITS and value.isascii() and value.isdigit():
        return int(value)
    if found := _INTEGER.fullmatch(value):
        number = -int(found[1]) if value[0] == "-" else int(found[1])
        if LOWEST <= number <= HIGHEST:
            return number
    raise Failure("cast", f"{excerpt(value)} is no 32-bit Integer")


def to_boolean(value: Value) -> bool:
    """Cast to Boolean; of the Strings only true and false, in any case."""
    if not isinstance(value, str):
        return value != 0
    word = value.lower() if len(value) <= _LONGEST_BOOLEAN else value
    if word not in {"true", "false"}:
        raise Failure("cast", f"{excerpt(value)} is no Boolean")
    return word == "true"


CASTS: Final[Mapping[type, Callable[[Value], Value]]] = {str: to_string, int: to_integer, bool: to_boolean}


def excerpt(value: str) -> str:
    """The beginning of ``value``, fit for a message."""
    return repr(value) if len(value) <= 64 else f"{value[:63]!r}…"
