"""Event times: vCenter writes RFC 3339 with an offset and any number of digits; we compare and send UTC."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

EPOCH: Final = datetime.min.replace(tzinfo=UTC)
"""What an event without a readable time counts as: older than all others."""

LAST: Final = datetime.max.replace(tzinfo=UTC)
"""Later than every event."""


def instant(text: str) -> datetime:
    """The moment a timestamp names, in UTC, cut to microseconds; ``EPOCH`` when it cannot be read."""
    return _read(text) or EPOCH


def utc_text(text: str) -> str:
    """The same moment spelt in UTC with ``Z``, all its fractional digits kept; unreadable text comes back as it is."""
    if text.endswith("Z"):
        return text
    moment = _read(text)
    if moment is None:
        return text
    clock, _, fraction = text[:-6].partition(".")
    seconds = moment.strftime("%Y-%m-%dT%H:%M:%S").rjust(len(clock), "0")
    return f"{seconds}.{fraction}Z" if fraction else f"{seconds}Z"


def _read(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
