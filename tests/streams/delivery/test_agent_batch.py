from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from schemas.errors import Reject, Retry, Unavailable
from streams.transport import Chunk, Lease, Record
from tests.streams.delivery.engine import BatchingSink, engine, record, turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent


async def test_a_batch_has_one_event_of_a_key_and_each_its_own_outcome() -> None:
    answers = {"e2": Retry("busy", status="500"), "e3": Reject("no", status="400")}
    sink = BatchingSink(lambda event: answers.pop(event, None))
    async with engine(sink, in_flight=1) as given:
        given.delivery.pause(paused=True)
        await given.take(record(1, b"a"), record(2, b"b"), record(3, b"c"), record(4, b"a"))
        given.delivery.pause(paused=False)
        await given.until(1, 2, 3, 4)
        assert [b"e3"] == [letter["ce_id"] for letter in given.letters]
    assert ["e1", "e2", "e3"] == sink.batches[0]
    assert ["e2", "e4"] == sorted(event for batch in sink.batches[1:] for event in batch)


async def test_a_batch_that_fails_as_a_whole_is_tried_again_as_a_whole() -> None:
    sink = BatchingSink()
    failures = [Unavailable("away"), Retry("busy")]

    async def failing(events: Sequence[CloudEvent]) -> list[None]:
        if failures:
            raise failures.pop(0)
        sink.batches.append([event.id for event in events])
        return [None] * len(events)

    sink.send_batch = failing  # type: ignore[method-assign]
    async with engine(sink, in_flight=1) as given:
        await given.take(record(1, b"a"), record(2, b"b"))
        await given.until(1, 2)
        assert [] == given.letters
    assert ["e1", "e2"] == sorted(event for batch in sink.batches for event in batch)


async def test_of_a_batch_over_two_partitions_one_that_leaves_takes_nothing_with_it() -> None:
    sink = BatchingSink()
    sink.hold.clear()
    async with engine(sink, in_flight=1) as given:
        other = Lease(asyncio.get_running_loop())
        given.delivery.pause(paused=True)
        await given.take(record(1, b"a"))
        await given.delivery.deliver(Chunk(other, (record(2, b"b"),)))
        given.delivery.pause(paused=False)
        await turns()
        assert [["e1", "e2"]] == sink.batches
        other.close()
        other.cancel()
        sink.hold.set()
        await given.until(1)
    assert [["e1", "e2"], ["e1"]] == sink.batches
    assert [] == other.reports()


async def test_batches_count_by_their_events_against_in_flight() -> None:
    sink = BatchingSink()
    sink.hold.clear()
    async with engine(sink, in_flight=6) as given:
        given.delivery.pause(paused=True)
        await given.take(*(record(number, b"%d" % number) for number in range(12)))
        given.delivery.pause(paused=False)
        await turns()
        assert [3, 3] == [len(batch) for batch in sink.batches]
        sink.hold.set()
        await given.until(*range(12))


async def test_a_batch_of_nothing_but_broken_records_asks_nobody() -> None:
    sink = BatchingSink()
    async with engine(sink) as given:
        await given.take(Record("reflexarc.sink.s", 0, 5, 0, b"k", b"\x00poison", ()))
        await given.until(5)
        assert ([], 1) == (sink.batches, len(given.letters))
