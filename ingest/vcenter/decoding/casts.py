"""Text of a value, as it stands in JSON → its JSON value, for values that need more than quotes.

A cast gives exactly what the tree walk gives, or None where it would have to think: then the event is walked.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Final

import orjson

from ingest.vcenter.decoding.scalars import FORMS, INTEGER, timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ingest.vcenter.decoding.scalars import Form

Cast = Callable[[bytes], bytes | None]

_NONZERO: Final = re.compile(rb"-?[1-9][0-9]{0,17}").fullmatch
_BOOLEANS: Final = {b"true": b"true", b"false": b"false", b"1": b"true", b"0": b"false"}
# Every month has 28 days; the rest of the calendar is left to the tree walk's own function.
_CANONICAL_TIME: Final = re.compile(
    rb"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
    rb"(?:\.[0-9]{0,8}[1-9])?(?:Z|[+-](?!00:00)(?:[01][0-9]|2[0-3]):[0-5][0-9])"
).fullmatch


def form_cast(form: Form, *, zero_is_absent: bool) -> Cast:
    """The cast of a declared type; with ``zero_is_absent`` a zero is for the walk, which may leave it out."""
    if form is FORMS[bool]:
        return _BOOLEANS.get
    if form is FORMS[datetime]:
        return _time
    if form is INTEGER:
        return _nonzero if zero_is_absent else _integer
    return _parsed(form, zero_is_absent=zero_is_absent)


def enum_cast(values: Iterable[str]) -> Cast:
    """The cast of an enumeration: its values, and no other."""
    return {value.encode(): orjson.dumps(value) for value in values}.get


def _nonzero(text: bytes) -> bytes | None:
    return text if _NONZERO(text) else None


def _integer(text: bytes) -> bytes | None:
    return text if text == b"0" or _NONZERO(text) else None


def _time(text: bytes) -> bytes | None:
    if _CANONICAL_TIME(text):
        return b'"%b"' % text
    try:
        return orjson.dumps(timestamp(text.decode()))
    except ValueError:
        return None


def _parsed(form: Form, *, zero_is_absent: bool) -> Cast:
    def cast(text: bytes) -> bytes | None:
        try:
            value = form.parse(orjson.loads(b'"%b"' % text))
        except ValueError:
            return None
        return None if zero_is_absent and not value else orjson.dumps(value)

    return cast
