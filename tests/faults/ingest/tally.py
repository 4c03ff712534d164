"""What the vCenters held against what readers of committed records saw: pure arithmetic over two lists."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from tests.faults.ingest.reader import Identity
from tests.support.canned.control import OVERSIZE, UNDECODABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tests.faults.ingest.reader import Seen
    from tests.support.canned.client import Held


class Tally(NamedTuple):
    """Counts of one experiment.

    Attributes:
        held: events that the vCenters' own lists have, but for those about our own sessions, which may be left out.
        lost: of these, those that no reader saw, and that are not expected among the dead letters.
        doubled: records beyond the first of an event, and of an id.
        disordered: records behind one of a later event of the same entity, or in another partition than it.
        strange: records of events that no list has.
    """

    held: int
    lost: int
    doubled: int
    disordered: int
    strange: int

    @property
    def damage(self) -> tuple[int, int, int, int]:
        """Lost, doubled, disordered, strange; all 0 when every event is there exactly once and in order."""
        return self.lost, self.doubled, self.disordered, self.strange


def tally(lists: Mapping[str, Sequence[Held]], seen: Sequence[Seen]) -> Tally:
    """Compare the vCenters' lists, by name, with records that are in order within their partition."""
    held = {identity_of(name, event): event for name, events in lists.items() for event in events}
    wanted = {identity for identity, event in held.items() if is_wanted(event)}
    found = Counter(record.identity for record in seen)
    ids = Counter(record.id for record in seen)
    return Tally(
        held=len(wanted),
        lost=len(wanted - found.keys()),
        doubled=max(_repetitions(found), _repetitions(ids)),
        disordered=_disordered(held, [record for record in seen if record.identity in held]),
        strange=len(found.keys() - held.keys()),
    )


def in_flight(lists: Mapping[str, Sequence[Held]], seen: Iterable[Seen], at: float) -> int:
    """Events that a vCenter held at that time and no reader had seen."""
    arrived = {record.identity for record in seen if record.at <= at}
    return sum(
        event.at <= at and is_wanted(event) and identity_of(name, event) not in arrived
        for name, events in lists.items()
        for event in events
    )


def identity_of(vcenter: str, event: Held) -> Identity:
    """What records call it."""
    return Identity(vcenter, event.key, datetime.fromisoformat(event.created))


def is_wanted(event: Held) -> bool:
    """Whether it must become a record; it may, if it is about a session of our own, and cannot, if it is too large."""
    return not event.own and event.name not in {OVERSIZE, UNDECODABLE}


def _repetitions(counts: Counter[Identity] | Counter[str]) -> int:
    return counts.total() - len(counts)


def _disordered(held: Mapping[Identity, Held], seen: Sequence[Seen]) -> int:
    by_entity: dict[tuple[str, str | None], list[tuple[int, int, tuple[int, int]]]] = defaultdict(list)
    for record in seen:
        event = held[record.identity]
        place = record.partition, record.offset, event.place
        by_entity[record.identity.vcenter, event.entity].append(place)
    return sum(
        before[2] > after[2] or before[0] != after[0]
        for places in by_entity.values()
        for before, after in pairwise(sorted(places))
    )
