"""Members of a group on a real broker, without Faust."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from clients.kafka import errors
from schemas.config import KafkaConfig
from streams.transport import member as transport
from streams.transport.health import Health
from streams.transport.lease import Revoked
from streams.transport.membership import membership
from streams.transport.reader import Reader

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from faust.types import TP

    from streams.transport import Chunk, Lease
    from streams.transport.ledger import Run

PARTITIONS = 4


class Member:
    """One group member; ``work`` decides what happens to each record."""

    def __init__(self, work: Callable[[Chunk, int], Any] | None = None) -> None:
        self.values: list[bytes | None] = []
        self.assigned: frozenset[TP] = frozenset()
        self.changes = 0
        self.cancelled = 0
        self.losses: list[tuple[TP, Run]] = []
        self.failure: BaseException | None = None
        self.health = Health()
        self._work = work
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_order: dict[Lease, asyncio.Lock] = {}

    def on_assignment(self, assigned: frozenset[TP]) -> None:
        self.assigned = assigned
        self.changes += 1

    def on_chunks(self, chunks: Sequence[Chunk]) -> None:
        for chunk in chunks:
            in_order = self._in_order.setdefault(chunk.lease, asyncio.Lock())
            task = asyncio.create_task(self._take(chunk, in_order))
            self._tasks.add(task)

    def on_loss(self, tp: TP, lost: Run, _lease: Lease) -> None:
        self.losses.append((tp, lost))

    def on_failure(self, error: BaseException) -> None:
        self.failure = error

    async def _take(self, chunk: Chunk, in_order: asyncio.Lock) -> None:
        async with in_order:
            for record in chunk.records:
                try:
                    async with chunk.lease.work():
                        if self._work is not None:
                            await self._work(chunk, record.offset)
                        self.values.append(record.value)
                        chunk.lease.done(record.offset)
                except Revoked:
                    self.cancelled += 1
                    return


@asynccontextmanager
async def reading(
    bootstrap: str,
    topic: str,
    member: Member,
    *,
    drain: float = 5.0,
    instance: str | None = None,
    partitions: int = PARTITIONS,
    **options: Any,
) -> AsyncIterator[Reader]:
    given = {
        "bootstrap.servers": bootstrap,
        "group.id": f"{topic}.group",
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
    }
    if not options:
        options = {"partition.assignment.strategy": "cooperative-sticky", "session.timeout.ms": 6000}
    loop = asyncio.get_running_loop()
    join = partial(
        transport.Member,
        membership(given | options, instance=instance, tables=False, patience=drain),
        {topic: partitions},
        loop=loop,
        listener=member,
        drain=drain,
        explain=partial(errors.explain, config=KafkaConfig(bootstrap=bootstrap)),
        health=member.health,
    )
    reader = Reader(join, loop=loop, listener=member)
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        await asyncio.to_thread(reader.join)


async def until(condition: Callable[[], bool]) -> None:
    """Until the condition holds; a run that never gets there fails."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)
