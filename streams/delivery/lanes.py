"""All lanes of one sink, and those whose turn it is: strict order within a key, keys side by side.

What waits here is bounded by the transport's own flow control.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

from streams.delivery.circuit import Trial
from streams.delivery.lane import Lane
from streams.delivery.partition import Partition

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from streams.transport import Lease, Record


class Lanes:
    """For one event loop.

    Args:
        ordered: whether records of one key wait for each other.
        hire: called when it is a lane's turn and nobody waits for one.
    """

    def __init__(self, *, ordered: bool, hire: Callable[[], None]) -> None:
        self._ordered = ordered
        self._hire = hire
        self._partitions: dict[Lease, Partition] = {}
        self._ready: deque[Lane] = deque()
        self._waiters: deque[asyncio.Future[None]] = deque()

    @property
    def idle(self) -> int:
        """How many wait in ``next``."""
        return len(self._waiters)

    def partition(self, lease: Lease) -> Partition:
        """What there is of this assignment; what there was of ended ones is forgotten when a new one comes."""
        partition = self._partitions.get(lease)
        if partition is None:
            self._forget_closed()
            partition = self._partitions[lease] = Partition(lease)
        return partition

    def add(self, partition: Partition, records: Iterable[Record]) -> None:
        """Let the next records of the log wait for their turn."""
        lanes = partition.lanes
        for record in records:
            key = record.key if self._ordered else None
            if key is None:
                self.put(Lane(partition, None, record))
            elif (lane := lanes.get(key)) is not None:
                lane.waiting.append(record)
            else:
                lanes[key] = lane = Lane(partition, key, record)
                self.put(lane)

    def put(self, lane: Lane) -> None:
        """It is this lane's turn, after all others whose turn it is."""
        self._ready.append(lane)
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._hire()

    async def next(self) -> Lane:
        """Take the lane whose turn it is, and wait for one."""
        while not self._ready:
            waiter = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
        return self._ready.popleft()

    def more(self, count: int) -> list[Lane]:
        """Take up to so many lanes whose turn it is, without waiting; those to be tried alone keep their place."""
        ready, taken, alone = self._ready, list[Lane](), list[Lane]()
        while ready and len(taken) < count:
            lane = ready.popleft()
            (alone if lane.trial.alone else taken).append(lane)
        ready.extendleft(reversed(alone))
        return taken

    def advance(self, lane: Lane) -> None:
        """The head of a lane is done: it is the next one's turn."""
        lane.waiting.popleft()
        if lane.waiting:
            lane.trial = Trial()
            self.put(lane)
        else:
            self.drop(lane)

    def drop(self, lane: Lane) -> None:
        """Forget a lane: it is empty, or its partition has left."""
        if lane.key is not None:
            lane.partition.lanes.pop(lane.key, None)

    def _forget_closed(self) -> None:
        closed = [lease for lease in self._partitions if not lease.open]
        for lease in closed:
            del self._partitions[lease]
        if closed:
            still = [lane for lane in self._ready if lane.partition.lease.open]
            self._ready.clear()
            self._ready.extend(still)
