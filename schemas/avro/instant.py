"""Times as Avro's ``timestamp-micros`` has them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO: Final = timedelta(microseconds=1)
_LEAP: Final = ":60"


def micros(text: str) -> int | None:
    """Microseconds of the epoch of an RFC 3339 timestamp; what is finer is cut off, a leap second is the next one.

    Without an offset it is taken for UTC. None when it is no timestamp, or of a year that no clock shows.
    """
    leap = text[16:19] == _LEAP
    try:
        at = datetime.fromisoformat((f"{text[:16]}:59{text[19:]}" if leap else text).upper())
    except ValueError:
        return None
    return ((at if at.tzinfo else at.replace(tzinfo=UTC)) - _EPOCH) // _MICRO + 1_000_000 * leap
