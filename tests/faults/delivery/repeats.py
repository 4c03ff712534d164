"""Which fault a repeated delivery is charged to, and how many each may cost: pure arithmetic."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far one sink was when a fault struck.

    Attributes:
        under_way: events that were sent and neither taken nor buried.
        sent: the highest number that had been sent.
        taken: deliveries that it had taken before anything could come again.
        committed: offset by partition of its topic, from which a new worker would go on.
        in_hand: events that may have been at the sink without an answer; None: whatever comes again is its due.
        forgets: whether what is finished and not committed may come again, too.
    """

    under_way: int
    sent: int
    taken: int
    committed: Mapping[int, int]
    in_hand: int | None
    forgets: bool


class Charge(NamedTuple):
    """What a fault has cost: deliveries beyond the first, and how many may be; None: any number."""

    repeats: int
    allowed: int | None

    @property
    def fair(self) -> bool:
        """Whether it is within bounds."""
        return self.allowed is None or self.repeats <= self.allowed


def charge(
    marks: Sequence[Mark], taken: Sequence[int], places: Mapping[int, tuple[int, int]]
) -> tuple[list[Charge], int]:
    """Each fault's charge, and how many repetitions no fault explains.

    One is explained by a fault before it at whose time the event was sent and not committed: by the latest such fault
    that may have repetitions, or else by the latest.

    Args:
        marks: of one sink, in order of time.
        taken: numbers of events, in the order in which it took them.
        places: partition and offset in its topic, by number.
    """
    repeats = [0] * len(marks)
    strays = 0
    seen: set[int] = set()
    for at, seq in enumerate(taken):
        if seq in seen:
            causes = [n for n, mark in enumerate(marks) if mark.taken <= at and _is_open(mark, seq, places)]
            likely = [n for n in causes if marks[n].in_hand != 0] or causes
            if likely:
                repeats[likely[-1]] += 1
            else:
                strays += 1
        seen.add(seq)
    allowed = [_allowed(mark, taken, places) for mark in marks]
    return [Charge(*both) for both in zip(repeats, allowed, strict=True)], strays


def _allowed(mark: Mark, taken: Sequence[int], places: Mapping[int, tuple[int, int]]) -> int | None:
    if mark.in_hand is None:
        return None
    finished = {seq for seq in taken[: mark.taken] if _is_open(mark, seq, places)} if mark.forgets else ()
    return mark.in_hand + len(finished)


def _is_open(mark: Mark, seq: int, places: Mapping[int, tuple[int, int]]) -> bool:
    partition, offset = places[seq]
    if mark.in_hand is None:  # it goes on for a while, and with what is sent meanwhile
        return True
    return seq <= mark.sent and offset >= mark.committed.get(partition, 0)
