from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from prometheus_client import REGISTRY

from schemas.errors import Reject, Retry, Unavailable
from streams.transport import Chunk, Lease, Record
from tests.streams.delivery.engine import BatchingSink, Engine, engine, only, record, times, turns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.base import Accepted


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


class Jointly(BatchingSink):
    """Has one answer for all events of a batch: the one for the first of them that is bad."""

    async def send_batch(self, events: Sequence[CloudEvent]) -> list[Any]:
        answers = await super().send_batch(events)
        worst = next((answer for answer in answers if answer is not None), None)
        self.accepted += [event.id for event in events if worst is None]
        return [worst] * len(events)


async def hand_over(given: Engine, count: int) -> None:
    """Events of so many keys, all at once."""
    given.delivery.pause(paused=True)
    await given.take(*(record(number, b"%d" % number) for number in range(count)))
    given.delivery.pause(paused=False)
    await given.until(*range(count))


async def test_a_batch_that_fails_because_the_sink_is_away_is_tried_again() -> None:
    sink = Jointly(times(4, Unavailable("away")))
    async with engine(sink, in_flight=1) as given:
        await hand_over(given, 2)
        assert [] == given.letters
    assert ["e0", "e1"] == sorted(sink.accepted)


@pytest.mark.parametrize("failure", [Reject("no", status="400"), Retry("busy", status="500"), Retry("silence")])
async def test_an_event_is_not_given_up_for_what_its_neighbour_is_answered(failure: DeliveryError) -> None:
    sink = Jointly(only("e4", failure))
    async with engine(sink, in_flight=3) as given:
        await hand_over(given, 9)
        assert [b"e4"] == [letter["ce_id"] for letter in given.letters]
    assert [f"e{number}" for number in range(9) if number != 4] == sorted(sink.accepted)


async def test_who_was_in_the_company_of_a_bad_event_waits_for_one_more_attempt_and_no_longer() -> None:
    sink = Jointly(only("e1", Retry("busy", status="500")))
    async with engine(sink, in_flight=3, retry=50, backoff_delay="50ms", backoff_max="50ms") as given:
        await given.take(record(1, b"a"), record(2, b"b"), record(3, b"c"))
        await given.until(2, 3)
    assert [["e1", "e2", "e3"]] == sink.batches
    assert ["e2", "e3"] == sorted(event for event in sink.attempts if event != "e1")


async def test_a_batch_that_fails_as_a_whole_is_one_failure_and_no_outage() -> None:
    sink = Jointly(only("e7", Retry("busy", status="500")))
    sink.batch = 30
    opened = partial(REGISTRY.get_sample_value, "reflexarc_circuit_open", {"sink": "s"})
    seen: list[float | None] = []
    async with engine(sink, in_flight=30) as given:
        answer = sink.answer

        def look(event: str) -> Exception | Accepted | None:
            seen.append(opened())
            return answer(event)

        sink.answer = look
        await hand_over(given, 30)
        assert [b"e7"] == [letter["ce_id"] for letter in given.letters]
    assert {0.0} == set(seen)


async def test_an_answer_about_the_sink_parts_nobody() -> None:
    sink = Jointly(times(3, Retry("slow down", status="429", after=0.01)))
    async with engine(sink, in_flight=3) as given:
        await hand_over(given, 3)
    assert ([], ["e0", "e1", "e2"]) == (sink.attempts, sorted(sink.accepted))


async def test_while_the_sink_is_away_one_event_is_tried_and_no_batch() -> None:
    sink = Jointly(lambda _: Unavailable("away"))
    async with engine(sink, in_flight=6) as given:
        given.delivery.pause(paused=True)
        await given.take(*(record(number, b"%d" % number) for number in range(6)))
        given.delivery.pause(paused=False)
        async with asyncio.timeout(10):
            while len(sink.attempts) < 12:
                await asyncio.sleep(0.001)
    assert 2 >= len(sink.batches)
    assert 6 == len(set(sink.attempts[:12]))


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
