"""Which events of a partition are behind: what a router writes again, or too late, is told by its origin.

The router writes an event's place in the topic of the events beside it (``reflexarc_origin``). Of one source partition
those places rise in a sink's topic; one that does not is a repetition. What is remembered beside a committed offset
never runs ahead of what is finished, so a crash may bring a repetition back, and loses nothing.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.deadletters import ORIGIN
from streams.transport.metadata import STATE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing
    from streams.transport import Record

WRITTEN: Final = "reflexarc_origin_at"
"""When Kafka got the original, in milliseconds of the epoch: it tells a topic that was made anew from the old one."""


class Place(NamedTuple):
    """A record of the topic of the events: partition, offset, and when Kafka got it."""

    partition: int
    offset: int
    at: int


class _Source:
    """One partition of the events, as seen from one partition of a sink's topic.

    Attributes:
        highest: the highest place seen; a tuple of offset and time.
        settled: the highest place up to which all are finished.
        farthest: the highest place that is finished, and the offset of its record here.
    """

    __slots__ = ("farthest", "highest", "outstanding", "settled")

    def __init__(self, settled: tuple[int, int], farthest: tuple[int, int, int] | None = None) -> None:
        self.highest = self.settled = settled
        self.farthest = farthest
        self.outstanding: deque[tuple[int, int, int]] = deque()


class Origins:
    """Of one assignment of one partition; O(1) per record.

    Args:
        state: what the owner before remembered.
    """

    def __init__(self, state: str = "") -> None:
        self._sources = _decoded(state)
        self._unfinished: dict[int, tuple[_Source, tuple[int, int]]] = {}

    def fresh(self, record: Record) -> bool:
        """Whether the next record is none that has been here before; without an origin every record is."""
        place = origin(record.headers)
        if place is None:
            return True
        seen = (place.offset, place.at)
        source = self._sources.get(place.partition)
        if source is None:
            source = self._sources[place.partition] = _Source((-1, 0))
        if source.farthest is not None and record.offset > source.farthest[2]:
            # Handed out no more, because the owner before has finished it; from here on it counts as seen.
            source.highest = max(source.highest, source.farthest[:2])
        highest = source.highest
        # An earlier offset of a later time is of another log: the topic was made anew.
        if seen[0] <= highest[0] and seen[1] <= highest[1]:
            return False
        if seen[0] <= highest[0]:
            source.farthest = None
        source.highest = seen
        source.outstanding.append((*seen, record.offset))
        self._unfinished[record.offset] = source, seen
        return True

    def finish(self, offset: int) -> None:
        """Note that a record is finished."""
        found = self._unfinished.pop(offset, None)
        if found is None:
            return
        source, seen = found
        outstanding, unfinished = source.outstanding, self._unfinished
        while outstanding and outstanding[0][2] not in unfinished:
            source.settled = outstanding.popleft()[:2]
        if source.farthest is None or source.farthest[2] < offset:
            source.farthest = *seen, offset

    def state(self) -> str:
        """What the next owner must know, from any thread; at most ``STATE_LIMIT`` bytes, the busiest sources first."""
        sources = sorted(dict(self._sources).items(), key=lambda each: each[1].highest[1], reverse=True)
        written, room = [], STATE_LIMIT
        for partition, source in sources:
            if source.settled[0] < 0 and source.farthest is None:
                continue
            text = _encoded(partition, source)
            room -= len(text) + 1
            if room < 0:
                break
            written.append(text)
        return ",".join(written)


def origin(headers: Sequence[tuple[str, bytes | None]]) -> Place | None:
    """Where a record of a sink's topic comes from; None when nobody, or nobody of ours, says it."""
    at = 0
    for name, value in reversed(headers):  # the router writes them last
        if name == WRITTEN and value is not None and value.isdigit():
            at = int(value)
        elif name == ORIGIN:
            partition, _, offset = (value or b"").partition(b"/")
            return Place(int(partition), int(offset), at) if partition.isdigit() and offset.isdigit() else None
    return None


def anonymous(record: Outgoing) -> Outgoing:
    """The record without its origin: what is written once more, behind what came after it, is no repetition."""
    return record._replace(headers=tuple(each for each in record.headers if each[0] not in {ORIGIN, WRITTEN}))


def _encoded(partition: int, source: _Source) -> str:
    text = f"{partition:x}.{source.settled[0] + 1:x}.{source.settled[1]:x}"
    farthest = source.farthest
    if farthest is not None and farthest[:2] > source.settled:
        text += "." + ".".join(f"{number:x}" for number in farthest)
    return text


def _decoded(state: str) -> dict[int, _Source]:
    """The sources; none when this is nobody's state that is known here: a repetition is no loss."""
    sources = {}
    try:
        for text in filter(None, state.split(",")):
            partition, offset, at, *rest = (int(number, 16) for number in text.split("."))
            farthest = (rest[0], rest[1], rest[2]) if rest else None
            sources[partition] = _Source((offset - 1, at), farthest)
    except (ValueError, IndexError):
        return {}
    return sources
