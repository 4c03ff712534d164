"""Milliseconds of the epoch as a date: a producer may write any number into its records, a date cannot be any.

And dates as text, in the one spelling that all of ours have.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

EARLIEST: Final = -62_135_596_800_000
"""0001-01-01T00:00:00Z."""

LATEST: Final = 253_402_300_799_000
"""9999-12-31T23:59:59Z."""

_FINER: Final = re.compile(r"(?<=\.\d{6})\d+")  # than Python's clock
_LEAP: Final = re.compile(r"(?<=T\d\d:\d\d):60")  # RFC 3339 has it, Python's clock has not

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def possible(timestamp: int) -> int:
    """The nearest milliseconds, since 1970, of which there is a date."""
    return min(max(timestamp, EARLIEST), LATEST)


def moment(timestamp: int) -> datetime:
    """The date, in UTC, of the nearest milliseconds that have one. Raises nothing."""
    return _EPOCH + timedelta(milliseconds=possible(timestamp))


def written(date: datetime, timespec: str = "auto") -> str:
    """RFC 3339 in UTC, ``Z`` at its end.

    Args:
        date: knows its zone.
        timespec: how exact, as for ``datetime.isoformat``.
    """
    return date.astimezone(UTC).isoformat(timespec=timespec).replace("+00:00", "Z")


def told(text: str) -> datetime | None:
    """The date of a timestamp in RFC 3339, a leap second as the one before it; None when it cannot be read.

    One without a zone is taken for UTC.
    """
    try:
        date = datetime.fromisoformat(_FINER.sub("", _LEAP.sub(":59", text.upper())))
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)
