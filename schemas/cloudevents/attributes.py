"""Names, types and canonical strings of CloudEvents attributes.

Source of the rules: CloudEvents 1.0.2 ``spec.md``, "Naming Conventions", "Type System" and the constraints of each
attribute. A ``check_`` function returns nothing; what breaks its rule raises ``InvalidEvent``, and the message begins
with the attribute's name.
"""

from __future__ import annotations

import re
from base64 import b64encode
from calendar import monthrange
from typing import Final, TypeAlias

from schemas.cloudevents import uri
from schemas.errors import InvalidEvent

SPECVERSION: Final = "1.0"

REQUIRED: Final = ("specversion", "id", "source", "type")
OPTIONAL: Final = ("subject", "time", "datacontenttype", "dataschema")
CORE: Final = frozenset((*REQUIRED, *OPTIONAL))

Value: TypeAlias = str | int | bool | bytes
"""What an extension holds: a String (URIs and Timestamps too, as text), an Integer, a Boolean or a Binary."""

_NAME = re.compile(r"[a-z0-9]+")
_NONCHARACTERS = "".join(chr(plane << 16 | end) for plane in range(17) for end in (0xFFFE, 0xFFFF))
_FORBIDDEN = re.compile(f"[\0-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_NONCHARACTERS}]")
_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12][0-9]|3[01])"
    r"[Tt](?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]++)?+"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def invalid(name: str, what: str, *, cure: str | None = None) -> InvalidEvent:
    """The error to raise: ``name`` is what is at fault, in whatever characters it came, ``what`` says why."""
    shown = name if len(name) <= 64 and name.isprintable() else excerpt(name)
    return InvalidEvent(f"{shown}: {what}", cure=cure)


def excerpt(value: object) -> str:
    """``value`` fit for an error message: as Python writes it, at most 80 characters."""
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


def check_string(name: str, value: object) -> None:
    """A String: no control characters, no noncharacters, no surrogates."""
    if not isinstance(value, str):
        raise invalid(name, f"must be a string, not {type(value).__name__}")
    if found := _FORBIDDEN.search(value):
        raise invalid(name, f"no attribute may hold U+{ord(found[0]):04X}, found at index {found.start()}")


def cleaned(text: str) -> str:
    """``text`` as a String: a blank in place of every character that none may hold, none at either end."""
    return (text if text.isprintable() else _FORBIDDEN.sub(" ", text)).strip()


def check_text(name: str, value: object) -> None:
    """A String that is not empty, as every core attribute must be."""
    # What is printable holds no forbidden character; most strings need no second look.
    if isinstance(value, str) and value and value.isprintable():
        return
    check_string(name, value)
    if not value:
        raise invalid(name, "must not be empty")


def check_source(value: object) -> None:
    """A URI-reference (RFC 3986 section 4.1), not empty."""
    if not (isinstance(value, str) and value and uri.is_reference(value)):
        check_text("source", value)
        raise invalid("source", f"{excerpt(value)} is not a URI-reference (RFC 3986)")


def check_dataschema(value: object) -> None:
    """An absolute URI (RFC 3986 section 4.3)."""
    if not (isinstance(value, str) and uri.is_absolute(value)):
        check_text("dataschema", value)
        raise invalid("dataschema", f"{excerpt(value)} is not an absolute URI without fragment (RFC 3986)")


def check_time(value: object) -> None:
    """A timestamp (RFC 3339) that the calendar has; any number of fractional digits, leap seconds included."""
    found = _TIMESTAMP.fullmatch(value) if isinstance(value, str) else None
    if not found:
        check_text("time", value)
        raise invalid("time", f"{excerpt(value)} is not an RFC 3339 timestamp")
    day = found["day"]
    if day > "28" and int(day) > monthrange(int(found["year"]), int(found["month"]))[1]:
        raise invalid("time", f"{excerpt(value)} names a day that does not exist")


def check_extension(name: object, value: object) -> None:
    """An extension: a free name of a-z and 0-9, a value of one of the types of ``Value``."""
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise invalid(excerpt(name), "is no attribute name; only a-z and 0-9 are allowed")
    if name in CORE or name == "data":
        raise invalid(name, "is a reserved name, not an extension")
    if isinstance(value, str):
        if not value.isprintable():
            check_string(name, value)
    elif isinstance(value, int):
        if not -(2**31) <= value < 2**31:
            raise invalid(name, "is outside of the 32-bit range of an Integer")
    elif not isinstance(value, bytes):
        raise invalid(name, f"must be a string, integer, boolean or bytes, not {type(value).__name__}")


def canonical(value: Value) -> str:
    """The canonical string of a value: how it looks in a header."""
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
