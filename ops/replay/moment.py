"""A time as an operator writes it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from schemas.config.fault import Fault
from schemas.config.units import parse_duration

_CURE = "write a time back (24h, 90m ago) or a timestamp with its zone (2026-01-31T06:00:00Z, 2026-01-31T07:00+01:00)"


def moment(spelled: str, now: datetime) -> datetime:
    """The instant, in UTC.

    Args:
        spelled: ``now``; a duration back from now, ``24h`` or ``24h ago``; or a timestamp in RFC 3339.
        now: an aware time.

    Raises:
        Fault: it is none of these, or has no time zone: whose night was it?
    """
    text = spelled.strip()
    if text == "now":
        return now.astimezone(UTC)
    with suppress(Fault):
        return now.astimezone(UTC) - timedelta(seconds=parse_duration(text.removesuffix("ago").rstrip()))
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        raise Fault("is no time", _CURE) from None
    if instant.tzinfo is None:
        as_utc = instant.isoformat()
        raise Fault("has no time zone", f"write {as_utc}Z, or the offset of the place: {as_utc}+01:00")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        raise Fault("is no time", _CURE) from None
