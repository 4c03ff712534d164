"""What a reader under a long test tells about itself, four times a second."""

from __future__ import annotations

from statistics import median, quantiles
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Pulse(NamedTuple):
    """Counts are since the start of the process.

    Attributes:
        at: seconds of the epoch.
        resident: bytes of memory in use.
        taken: events that were worked on.
        stuck: events in the hands of the agent whose sink is stopped.
        pauses: how often a partition was paused.
        assigned: changes of the assignment that brought partitions, or none.
        revoked: those that took some.
        lateness: seconds from publishing to delivery, of each event since the last pulse.
    """

    at: float
    resident: int
    taken: int
    stuck: int
    pauses: int
    assigned: int
    revoked: int
    lateness: list[float]


def thirds(pulses: Sequence[Pulse]) -> tuple[float, float]:
    """Medians of the memory in use in the first and in the last third of the pulses, in bytes."""
    third = len(pulses) // 3
    return median(each.resident for each in pulses[:third]), median(each.resident for each in pulses[-third:])


def growth(pulses: Sequence[Pulse]) -> float:
    """By which share the last third is above the first."""
    first, last = thirds(pulses)
    return last / first - 1


def p99(pulses: Sequence[Pulse]) -> float:
    """Seconds within which 99 of 100 events were delivered."""
    return quantiles([each for pulse in pulses for each in pulse.lateness], n=100)[98]
