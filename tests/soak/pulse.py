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


def thirds(pulses: Sequence[Pulse]) -> tuple[float, float, float]:
    """Medians of the memory in use in each third of the pulses, in bytes."""
    third = len(pulses) // 3
    parts = pulses[:third], pulses[third:-third], pulses[-third:]
    first, second, last = (median(each.resident for each in part) for part in parts)
    return first, second, last


def growth(pulses: Sequence[Pulse]) -> float:
    """By which share the last third is above the first."""
    first, _, last = thirds(pulses)
    return last / first - 1


def p50(pulses: Sequence[Pulse]) -> float:
    """Seconds within which half of the events were delivered."""
    return median(each for pulse in pulses for each in pulse.lateness)


def p99(pulses: Sequence[Pulse]) -> float:
    """Seconds within which 99 of 100 events were delivered."""
    return quantiles([each for pulse in pulses for each in pulse.lateness], n=100)[98]
