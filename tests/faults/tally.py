"""What was sent against what was delivered: pure arithmetic over two journals."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence


class Sent(NamedTuple):
    """A committed record.

    Attributes:
        offset: None when the broker had forgotten it, as it has after a restart for a record published again.
        at: when the generator knew that it was committed.
    """

    key: str
    partition: int
    offset: int | None
    at: float


class Delivery(NamedTuple):
    """One line of a sink."""

    seq: int
    key: str
    partition: int
    worker: str
    at: float

    @classmethod
    def of(cls, line: Mapping[str, Any]) -> Delivery:
        """The delivery that a sink wrote down."""
        return cls(*(line[name] for name in cls._fields))


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one experiment.

    Attributes:
        sent: committed records.
        lost: of these, those that no worker delivered.
        duplicates: deliveries beyond the first.
        out_of_order: first deliveries that came after one of a later record with the same key.
        aborted_seen: deliveries of records whose transaction was aborted.
        handovers: how often another worker than the last one delivered from a partition, in all partitions.
        silence: the longest time in seconds without a first delivery from a partition that had records waiting.
    """

    sent: int
    lost: int
    duplicates: int
    out_of_order: int
    aborted_seen: int
    handovers: int
    silence: float


def tally(sent: Mapping[int, Sent], aborted: Collection[int], deliveries: Sequence[Delivery]) -> Tally:
    """Compare what was sent, by sequence number, with deliveries in the order in which they were written."""
    first: dict[int, Delivery] = {}
    for delivery in deliveries:
        if delivery.seq in sent:
            first.setdefault(delivery.seq, delivery)
    aborted_seen = sum(delivery.seq in aborted for delivery in deliveries)
    return Tally(
        sent=len(sent),
        lost=len(sent) - len(first),
        duplicates=len(deliveries) - aborted_seen - len(first),
        out_of_order=_out_of_order(first.values()),
        aborted_seen=aborted_seen,
        handovers=_handovers(deliveries),
        silence=_silence(sent, first),
    )


def in_flight(sent: Mapping[int, Sent], deliveries: Iterable[Delivery], at: float) -> int:
    """Records that were sent and not delivered at that time."""
    delivered = {delivery.seq for delivery in deliveries if delivery.at <= at}
    return sum(record.at <= at and seq not in delivered for seq, record in sent.items())


def taken_over(deliveries: Sequence[Delivery], worker: str, count: int) -> bool:
    """Whether of each partition that was this worker's others have delivered so many since it did for the last time."""
    since: dict[int, int] = {}
    for delivery in deliveries:
        if delivery.worker == worker:
            since[delivery.partition] = 0
        elif delivery.partition in since:
            since[delivery.partition] += 1
    return min(since.values(), default=0) >= count


def _out_of_order(firsts: Iterable[Delivery]) -> int:
    newest: dict[str, int] = {}
    late = 0
    for delivery in firsts:
        late += delivery.seq < newest.get(delivery.key, -1)
        newest[delivery.key] = max(delivery.seq, newest.get(delivery.key, -1))
    return late


def _handovers(deliveries: Iterable[Delivery]) -> int:
    workers: dict[int, list[str]] = defaultdict(list)
    for delivery in deliveries:
        workers[delivery.partition].append(delivery.worker)
    return sum(last != this for names in workers.values() for last, this in pairwise(names))


def _silence(sent: Mapping[int, Sent], first: Mapping[int, Delivery]) -> float:
    waiting: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for seq, record in sent.items():
        waiting[record.partition].append((record.at, seq))
    arrived: dict[int, list[tuple[float, int]]] = defaultdict(list)
    for seq, delivery in first.items():
        arrived[delivery.partition].append((delivery.at, seq))
    return max((_silence_of(sorted(waiting[number]), sorted(times)) for number, times in arrived.items()), default=0.0)


def _silence_of(waiting: Sequence[tuple[float, int]], arrived: Sequence[tuple[float, int]]) -> float:
    """The longest time between two arrivals, counted from when the oldest waiting record was there."""
    delivered: set[int] = set()
    oldest, longest = 0, 0.0
    for (at, seq), (following, _) in pairwise(arrived):
        delivered.add(seq)
        while oldest < len(waiting) and waiting[oldest][1] in delivered:
            oldest += 1
        if oldest < len(waiting):
            longest = max(longest, following - max(at, waiting[oldest][0]))
    return longest
