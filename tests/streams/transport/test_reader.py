"""The reader against a real broker."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from clients.kafka import errors
from schemas.config import KafkaConfig
from streams.transport.health import Health
from streams.transport.lease import Revoked
from streams.transport.reader import Reader
from tests.support import topics

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from faust.types import TP

    from streams.transport import Chunk, Lease
    from streams.transport.ledger import Run

pytestmark = pytest.mark.stack

PARTITIONS = 4


class Member:
    """One group member; ``work`` decides what happens to each record."""

    def __init__(self, work: Callable[[Chunk, int], asyncio.Future[None]] | None = None) -> None:
        self.values: list[bytes | None] = []
        self.assigned: frozenset[TP] = frozenset()
        self.cancelled = 0
        self.losses: list[tuple[TP, Run]] = []
        self.failure: BaseException | None = None
        self._work = work
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_order: dict[Lease, asyncio.Lock] = {}

    def on_assignment(self, assigned: frozenset[TP]) -> None:
        self.assigned = assigned

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
async def reading(bootstrap: str, topic: str, member: Member, *, drain: float = 5.0) -> AsyncIterator[Reader]:
    options = {
        "bootstrap.servers": bootstrap,
        "group.id": f"{topic}.group",
        "enable.auto.commit": False,
        "auto.offset.reset": "error",
        "isolation.level": "read_committed",
        "partition.assignment.strategy": "cooperative-sticky",
        "session.timeout.ms": 6000,
    }
    explain = partial(errors.explain, config=KafkaConfig(bootstrap=bootstrap))
    loop = asyncio.get_running_loop()
    reader = Reader(
        options, {topic: PARTITIONS}, loop=loop, listener=member, drain=drain, explain=explain, health=Health()
    )
    reader.start()
    try:
        yield reader
    finally:
        reader.stop()
        await asyncio.to_thread(reader.join)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)


async def test_a_new_group_begins_at_the_oldest_record_and_commits_behind_the_last(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"a", b"b", b"c"])
    member = Member()
    async with reading(kafka, prefix, member):
        await until(lambda: len(member.values) == 3)
    assert (member.values, topics.committed(kafka, f"{prefix}.group", prefix)) == ([b"a", b"b", b"c"], 3)


async def test_aborted_records_are_never_delivered_and_their_gaps_hold_up_nothing(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    producer = Producer({"bootstrap.servers": kafka, "transactional.id": prefix})
    producer.init_transactions(30)
    for number in range(6):
        producer.begin_transaction()
        producer.produce(prefix, str(number).encode())
        if number % 2:
            producer.flush(30)
            producer.abort_transaction(30)
        else:
            producer.commit_transaction(30)
    member = Member()
    async with reading(kafka, prefix, member):
        await until(lambda: len(member.values) == 3)
    # Offsets: 0 data, 1 marker, 2 aborted, 3 marker, … 8 data: committed behind the last data record.
    assert (member.values, topics.committed(kafka, f"{prefix}.group", prefix)) == ([b"0", b"2", b"4"], 9)


async def test_an_unfinished_record_comes_again_and_finished_ones_before_it_do_not(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"a", b"b", b"c"])

    async def hang_on_b(_: Chunk, offset: int) -> None:
        if offset == 1:
            await asyncio.Event().wait()

    first, second = Member(hang_on_b), Member()
    async with reading(kafka, prefix, first, drain=0.2):
        await until(lambda: len(first.values) == 1)
    async with reading(kafka, prefix, second):
        await until(lambda: len(second.values) == 2)
    assert (first.values, first.cancelled, second.values) == ([b"a"], 1, [b"b", b"c"])


async def test_work_that_has_begun_is_finished_before_the_partition_moves(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix, partitions=4)
    producer = Producer({"bootstrap.servers": kafka})
    for number in range(2400):
        producer.produce(prefix, str(number).encode(), partition=number % 4)
    producer.flush(30)

    async def slowly(_: Chunk, _offset: int) -> None:
        await asyncio.sleep(0.01)

    first, second = Member(slowly), Member(slowly)
    async with reading(kafka, prefix, first):
        await until(lambda: len(first.values) > 40)
        async with reading(kafka, prefix, second):
            await until(lambda: len(second.assigned) == 2)
            moved_with = len(first.values)
            await until(lambda: len(first.values) + len(second.values) >= 2400)
    assert moved_with < 2400
    assert sorted(int(value or b"") for value in first.values + second.values) == list(range(2400))
