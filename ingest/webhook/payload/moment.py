"""When something happened, in whatever way a sender writes it."""

from __future__ import annotations

from typing import Any, Final

from ingest.webhook.payload.document import Number
from schemas import epoch
from schemas.cloudevents.attributes import check_time
from schemas.errors import InvalidEvent

_MILLISECONDS_FROM: Final = 100_000_000_000
"""Smaller numbers are seconds: as milliseconds they would be before March 1973, as seconds this one is in 5138."""

_MOST_DIGITS: Final = 15


def moment(value: Any) -> str | None:
    """Return an RFC 3339 timestamp as it is, seconds or milliseconds since 1970 as one in UTC; None for anything else.

    Zero, and the year 1 by which Go says that there is no time, are none.
    """
    text = value.text if isinstance(value, Number) else value
    if not isinstance(text, str):
        return None
    if text.isascii() and text.isdecimal():
        return _since_1970(text)
    try:
        check_time(text)
    except InvalidEvent:
        return None
    return None if text.startswith("0001-") else text


def _since_1970(digits: str) -> str | None:
    if len(digits) > _MOST_DIGITS or not (number := int(digits)):
        return None
    if number < _MILLISECONDS_FROM:
        return epoch.written(epoch.moment(number * 1000), "seconds")
    return epoch.written(epoch.moment(number), "milliseconds") if number <= epoch.LATEST else None
