"""All partitions of one member: what is gathered, handed out, booked and due. No Kafka in here, and no waiting."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter
from time import monotonic
from typing import TYPE_CHECKING, Final

from faust.types import TP

from streams.transport.chunk import Chunk
from streams.transport.held import Held, Start
from streams.transport.ledger import Run

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Iterable, Iterator, Mapping

    from streams.transport.held import Standing
    from streams.transport.record import Record

_PARTITION: Final = attrgetter("topic", "partition")


class Holdings:
    """Touched by the reader thread only.

    Args:
        loop: where agents work on the leases.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._held: dict[TP, Held] = {}
        self._gathered: dict[TP, list[Record]] = {}

    def __contains__(self, tp: object) -> bool:
        return tp in self._held

    def __iter__(self) -> Iterator[TP]:
        return iter(self._held)

    def __len__(self) -> int:
        return len(self._held)

    def __getitem__(self, tp: TP) -> Held:
        return self._held[tp]

    def items(self) -> Iterable[tuple[TP, Held]]:
        """What is held, a copy: a scrape of the metrics may look while partitions move."""
        return tuple(self._held.items())

    @property
    def full(self) -> bool:
        """Whether a partition that is not paused would better not get more for now."""
        return any(held.full for held in self._held.values())

    def forfeited(self, seconds: float) -> list[TP]:
        """Those whose lease was forfeited more than so long ago, and that are held all the same."""
        now = monotonic()
        return [tp for tp, held in self._held.items() if now - (held.lease.forfeited or now) > seconds]

    def take(self, starts: Mapping[TP, Start]) -> None:
        """Hold these from now on."""
        for tp, start in starts.items():
            self._held[tp] = Held(self._loop, start)

    def gather(self, records: Iterable[Record]) -> None:
        """Keep records for the next hand-over; those of a partition that is not held are dropped."""
        for (topic, partition), run in groupby(records, _PARTITION):
            tp = TP(topic, partition)
            held = self._held.get(tp)
            if held is not None and held.lease.open:
                self._gathered.setdefault(tp, []).extend(run)

    def hand_over(self) -> list[Chunk]:
        """What was gathered, a chunk per partition."""
        gathered, self._gathered = self._gathered, {}
        chunks = []
        for tp, records in gathered.items():
            held = self._held[tp]
            if fresh := held.deliver(records):
                chunks.append(Chunk(held.lease, fresh))
        return chunks

    def skip_to(self, tp: TP, offset: int) -> Run:
        """Expect this record next; what is passed over. Work on what was delivered goes on."""
        held = self._held[tp]
        passed = Run(held.next, offset - 1)
        held.next = offset
        return passed

    def forget(self, tp: TP) -> None:
        """Drop what was gathered of a partition."""
        self._gathered.pop(tp, None)

    def book(self) -> None:
        """Take all reports into the ledgers."""
        for held in self._held.values():
            held.book()

    def due(self) -> dict[TP, Standing]:
        """What must be committed."""
        return {tp: due for tp, held in self._held.items() if (due := held.due()) is not None}

    def close(self, tps: Iterable[TP]) -> dict[TP, Held]:
        """Let nothing more begin on these, and forget what was gathered of them; those that were held."""
        leaving = {tp: self._held[tp] for tp in tps if tp in self._held}
        for tp, held in leaving.items():
            self.forget(tp)
            held.lease.close()
        return leaving

    def let_go(self, leaving: Iterable[TP]) -> None:
        """Hold these no more."""
        for tp in leaving:
            self._held.pop(tp).lease.leave()
