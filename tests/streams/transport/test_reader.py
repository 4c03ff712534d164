"""The reader against a real broker."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from confluent_kafka import Producer

from clients.kafka.errors import Fenced
from schemas.errors import Refused
from streams.transport import Revoked, held
from streams.transport.ledger import Run
from tests.streams.transport.members import Member, reading, until
from tests.support import topics

if TYPE_CHECKING:
    from streams.transport import Chunk

pytestmark = pytest.mark.stack


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


async def test_finished_records_behind_an_unfinished_one_do_not_come_again(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"%d" % number for number in range(50)])
    seen: list[int] = []

    class Lanes(Member):
        """All records at once; the first one hangs."""

        def on_chunks(self, chunks: object) -> None:
            for chunk in chunks:  # type: ignore[attr-defined]
                for record in chunk.records:
                    self._tasks.add(asyncio.create_task(self._one(chunk, record.offset)))

        async def _one(self, chunk: Chunk, offset: int) -> None:
            with suppress(Revoked):
                async with chunk.lease.work():
                    if offset == 7:
                        await asyncio.Event().wait()
                    seen.append(offset)
                    chunk.lease.done(offset)

    async with reading(kafka, prefix, Lanes(), drain=0.2):
        await until(lambda: len(seen) == 49)
    second = Member()
    async with reading(kafka, prefix, second):
        await until(lambda: topics.committed(kafka, f"{prefix}.group", prefix) == 50)
    assert [b"7"] == second.values


async def test_a_state_travels_beside_the_offset(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"a"])
    states: list[str] = []

    async def remember(chunk: Chunk, _: int) -> None:
        states.append(chunk.lease.state)
        chunk.lease.remember(f"{chunk.lease.state}+")

    for count in (1, 2):
        member = Member(remember)
        async with reading(kafka, prefix, member):
            await until(lambda count=count: len(states) == count)  # type: ignore[misc]
        topics.produce(kafka, prefix, [b"b"])
    assert ["", "+"] == states


async def test_records_deleted_before_they_were_delivered_are_a_loss_with_their_range(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"%d" % number for number in range(10)])
    async with reading(kafka, prefix, (first := Member())):
        await until(lambda: len(first.values) == 10)
    topics.produce(kafka, prefix, [b"%d" % number for number in range(10, 40)])
    topics.delete_before(kafka, prefix, 0, 30)
    async with reading(kafka, prefix, (second := Member())):
        await until(lambda: len(second.values) == 10)
    assert [((prefix, 0), Run(10, 29))] == second.losses
    assert [f"{prefix}/0 has lost records 10 to 29: deleted unread"] == second.health.problems()
    assert [b"%d" % number for number in range(30, 40)] == second.values


@pytest.mark.parametrize("strategy", ["cooperative-sticky", "range"])
async def test_records_deleted_under_a_running_member_are_a_loss_and_what_it_holds_is_finished(
    kafka: str, prefix: str, monkeypatch: pytest.MonkeyPatch, strategy: str
) -> None:
    monkeypatch.setattr(held, "FULL_SPAN", 100)
    monkeypatch.setattr(held, "RESUME_SPAN", 10)
    topics.create(kafka, prefix)
    topics.produce(kafka, prefix, [b"%d" % number for number in range(20_000)])
    gate = asyncio.Event()

    async def wait(_: Chunk, _offset: int) -> None:
        await gate.wait()

    member = Member(wait)
    async with reading(
        kafka, prefix, member, **{"partition.assignment.strategy": strategy, "queued.max.messages.kbytes": 1}
    ):
        await until(lambda: bool(member._tasks))
        await asyncio.sleep(2)  # longer than the grace of a full partition
        topics.delete_before(kafka, prefix, 0, 19_990)
        gate.set()
        await until(lambda: bool(member.values) and member.values[-1] == b"19999")
        await until(lambda: topics.committed(kafka, f"{prefix}.group", prefix) == 20_000)
    ((_, lost),) = member.losses
    expected = [*range(lost.first), *range(19_990, 20_000)]
    assert 19_989 == lost.last
    assert expected == [int(value or b"") for value in member.values]


async def test_a_member_that_comes_back_under_its_name_moves_nothing(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix, partitions=4)
    stays = Member()
    async with reading(kafka, prefix, stays, instance="stays"):
        async with reading(kafka, prefix, (first := Member()), instance="comes"):
            await until(lambda: len(first.assigned) == len(stays.assigned) == 2)
        changes = stays.changes
        async with reading(kafka, prefix, (again := Member()), instance="comes"):
            await until(lambda: again.assigned == first.assigned or len(again.assigned) == 2)
        assert changes == stays.changes


async def test_two_members_of_one_name_end_with_a_word_about_it(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix)
    first, second = Member(), Member()
    async with reading(kafka, prefix, first, instance="same"):
        await until(lambda: bool(first.assigned))
        async with reading(kafka, prefix, second, instance="same"):
            await until(lambda: first.failure is not None or second.failure is not None)
    (failure,) = [one for one in (first.failure, second.failure) if one is not None][:1]
    assert isinstance(failure, Fenced)
    assert "--instance" in str(failure)


async def test_a_topic_that_grows_is_refused_with_the_procedure(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix, partitions=2)
    member = Member()
    refresh = {"topic.metadata.refresh.interval.ms": 500, "partition.assignment.strategy": "cooperative-sticky"}
    async with reading(kafka, prefix, member, partitions=2, **refresh):
        await until(lambda: len(member.assigned) == 2)
        topics.grow(kafka, prefix, 3)
        await until(lambda: member.failure is not None)
    assert isinstance(member.failure, Refused)
    assert "more partitions than the 2" in str(member.failure)


async def test_the_protocol_of_the_broker_hands_partitions_over_too(kafka: str, prefix: str) -> None:
    topics.create(kafka, prefix, partitions=4)
    producer, new = Producer({"bootstrap.servers": kafka}), {"group.protocol": "consumer"}
    first, second = Member(), Member()
    async with reading(kafka, prefix, first, **new):
        await until(lambda: len(first.assigned) == 4)
        async with reading(kafka, prefix, second, **new):
            await until(lambda: len(first.assigned) == len(second.assigned) == 2)
            for number in range(400):
                producer.produce(prefix, b"%d" % number, partition=number % 4)
            producer.flush(30)
            await until(lambda: len(first.values) + len(second.values) >= 400)
    assert (200, 200) == (len(first.values), len(second.values))
    assert 400 == topics.committed_in_all(kafka, f"{prefix}.group", prefix)
