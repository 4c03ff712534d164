"""What becomes of a machine at which time, as its lease comes to an end; pure."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from pydantic import TypeAdapter, ValidationError

from sinks.vsphere.parameters.making import Instant

if TYPE_CHECKING:
    from schemas.config.commands import LeaseConfig

Stage = Literal["warn", "end", "quarantine"]

DAY: Final = 86_400.0

_INSTANT: Final = TypeAdapter[str](Instant)


class Due(NamedTuple):
    """One stage.

    Attributes:
        stage: ``warn``: its owner hears of the end; ``end``: it is powered off; ``quarantine``: it is put away.
        day: days since that was due first: a stage that did not work is tried again a day later, as a new one. Of what
            does not run, and is only told so, always 0.
        next: seconds since 1970, when the next stage follows; of the last one when it was due itself.
    """

    stage: Stage
    day: int
    next: float


def moment(lease: str) -> float | None:
    """The end of a lease in seconds since 1970; None for what is no instant as RFC 3339 has it."""
    try:
        return datetime.fromisoformat(_INSTANT.validate_python(lease)).timestamp()
    except (ValidationError, ValueError, OverflowError):
        return None


def due(end: float, *, runs: bool, now: float, stopped: float | None, config: LeaseConfig) -> Due | None:
    """What is to be done by now; None: nothing.

    What runs is never put away: it is powered off first, and then it has ``grace`` once more, as far as anybody
    remembers when that was.

    Args:
        end: of the lease.
        runs: whether the machine does.
        now: all of these in seconds since 1970.
        stopped: when it was powered off for this end; None when that is not known.
        config: how long before and after.
    """
    if now < end - config.warn:
        return None
    if now < end:
        return Due("warn", 0, end)
    last, day = end + config.grace, int((now - end) // DAY)
    away = last if stopped is None or stopped < last else stopped + config.grace
    if runs:
        return Due("end", day, away if now < away else now + config.grace)
    if now < away:
        return Due("end", 0, away) if stopped is None else None
    return Due("quarantine", int((now - last) // DAY), last)
