"""Text of an XML element → JSON scalar, as govmomi reads and writes it."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import datetime
from math import isfinite
from struct import pack, unpack
from typing import TYPE_CHECKING, Final, NamedTuple

from pyVmomi import VmomiSupport

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Scalar = str | int | float | bool | None

ZERO_TIME: Final = "0001-01-01T00:00:00Z"
"""Go's zero time: what a required dateTime is when it is absent."""

_INTEGER: Final = re.compile(r"\s*[+-]?[0-9]{1,20}\s*", re.ASCII).fullmatch
_FLOAT: Final = re.compile(r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?\s*", re.ASCII).fullmatch
_TIMESTAMP: Final = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII
).fullmatch
_BOOLEANS: Final = {"true": True, "false": False, "1": True, "0": False}
_INT64: Final = range(-(2**63), 2**63)
_EXACT: Final = 2**53


class Unparsed(str):
    """The text of a value that is not what its property declares; kept as it came."""

    __slots__ = ()


def integer(text: str) -> int:
    """A number of up to 64 bits; ValueError for anything else."""
    if len(text) < 19 and text.isascii() and text.isdigit():
        return int(text)
    if not _INTEGER(text) or (value := int(text)) not in _INT64:
        raise ValueError(text)
    return value


def boolean(text: str) -> bool:
    """``true``, ``false``, ``1`` or ``0``; ValueError for anything else."""
    value = _BOOLEANS.get(text)
    if value is None:
        value = _BOOLEANS.get(text.strip())
    if value is None:
        raise ValueError(text)
    return value


def double(text: str) -> float:
    """A finite 64-bit number; ValueError for anything else, since JSON has no infinity."""
    if not _FLOAT(text):
        raise ValueError(text)
    value = float(text)
    if not isfinite(value):
        raise ValueError(text)
    # Go writes 2, not 2.0.
    return int(value) if value.is_integer() and abs(value) <= _EXACT else value


def single(text: str) -> float:
    """A finite 32-bit number, written with the fewest digits that name it; ValueError for anything else."""
    value = double(text)
    try:
        (rounded,) = unpack("<f", pack("<f", value))
    except OverflowError:
        raise ValueError(text) from None
    shortest = (float(f"{rounded:.{digits}g}") for digits in range(6, 10))
    return double(repr(next(number for number in shortest if unpack("<f", pack("<f", number)) == (rounded,))))


def timestamp(text: str) -> str:
    """RFC 3339 as Go writes it: no zeros at the end of the fraction, at most nanoseconds, ``Z`` for zero offset.

    Raises:
        ValueError: no date and time with a zone, or one that is not in the calendar.
    """
    match = _TIMESTAMP(text)
    if match is None:
        raise ValueError(text)
    whole, fraction, zone = match.groups()
    datetime.fromisoformat(whole)
    if zone in ("+00:00", "-00:00"):
        zone = "Z"
    fraction = fraction and fraction[:9].rstrip("0")
    return f"{whole}.{fraction}{zone}" if fraction else f"{whole}{zone}"


def binary(text: str) -> str:
    """The base64 text encoded once more: govmomi takes it for the bytes, and readers are used to it."""
    return b64encode(text.encode()).decode()


class Form(NamedTuple):
    """How the values of one declared type read, and what an absent one is.

    ``pointer`` types are null when they are optional and absent, the others have their ``zero`` value then.
    """

    parse: Callable[[str], Scalar]
    zero: Scalar
    pointer: bool = False


TEXT: Final = Form(str, "")
INTEGER: Final = Form(integer, 0)

FORMS: Final[Mapping[type, Form]] = {
    str: TEXT,
    type: TEXT,
    VmomiSupport.ManagedMethod: TEXT,
    VmomiSupport.PropertyPath: TEXT,
    VmomiSupport.URI: TEXT,
    VmomiSupport.Link: TEXT,
    int: INTEGER,
    VmomiSupport.long: INTEGER,
    VmomiSupport.short: INTEGER,
    VmomiSupport.byte: INTEGER,
    bool: Form(boolean, zero=False, pointer=True),
    float: Form(single, 0),
    VmomiSupport.double: Form(double, 0),
    datetime: Form(timestamp, ZERO_TIME, pointer=True),
    VmomiSupport.binary: Form(binary, None),
}
