from __future__ import annotations

import asyncio
from functools import partial

import pytest
from prometheus_client import REGISTRY

from schemas.cloudevents import CloudEvent
from schemas.errors import Refused, Reject, Retry, Unavailable, Unreachable
from sinks.base import Accepted
from streams.transport import Chunk, Record, Revoked
from tests.streams.delivery.engine import ScriptedSink, engine, only, record, times, turns


async def test_events_of_one_key_are_delivered_in_order_and_reported_done() -> None:
    sink = ScriptedSink()
    async with engine(sink) as given:
        await given.take(record(3), record(8))
        await given.until(3, 8)
    assert (["e3", "e8"], 1) == (sink.accepted, sink.opened)


async def test_a_retry_holds_back_its_own_key_only() -> None:
    sink = ScriptedSink(times(2, Retry("busy")))
    async with engine(sink, backoff_delay="50ms", backoff_max="50ms", in_flight=1) as given:
        await given.take(record(1, b"a"), record(2, b"a"), record(3, b"b"))
        await given.until(1, 2, 3)
    assert sink.accepted.index("e1") < sink.accepted.index("e2")
    assert "e3" == sink.accepted[0] or sink.attempts[:2] == ["e1", "e3"]


async def test_keys_go_side_by_side_up_to_in_flight() -> None:
    sink = ScriptedSink()
    sink.hold.clear()
    async with engine(sink, in_flight=4) as given:
        await given.take(*(record(number, b"%d" % (number % 10)) for number in range(30)))
        await turns()
        assert 4 == sink.busy
        sink.hold.set()
        await given.until(*range(30))
    assert 4 == sink.busiest
    for key in range(10):
        assert [f"e{number}" for number in range(key, 30, 10)] == [
            event for event in sink.accepted if int(event[1:]) % 10 == key
        ]


async def test_a_key_is_in_flight_once_unless_order_is_not_wanted() -> None:
    for ordered, expected in ((True, 1), (False, 3)):
        sink = ScriptedSink()
        sink.hold.clear()
        async with engine(sink, ordered=ordered) as given:
            await given.take(record(1), record(2), record(3))
            await turns()
            assert expected == sink.busy
            sink.hold.set()
            await given.until(1, 2, 3)


async def test_after_its_attempts_an_event_is_dead_lettered_with_its_reason() -> None:
    sink = ScriptedSink(only("e1", Retry("busy", status="500")))
    async with engine(sink) as given:
        await given.take(record(1), record(2))
        await given.until(1, 2)
        (letter,) = given.publisher.records
        assert ("reflexarc.dlq.s", b"{}", b"k") == (letter.topic, letter.value, letter.key)
        assert {"reflexarc_error": b"busy", "reflexarc_status": b"500", "reflexarc_attempts": b"3"}.items() <= dict(
            letter.headers
        ).items()
    assert ["e2"] == sink.accepted


async def test_a_rejected_event_is_dead_lettered_at_once() -> None:
    sink = ScriptedSink(only("e1", Reject("no", status="400")))
    async with engine(sink) as given:
        await given.take(record(1))
        await given.until(1)
        assert (["e1"], [b"1"]) == (sink.attempts, [letter["reflexarc_attempts"] for letter in given.letters])


async def test_an_outage_is_waited_for_and_never_dead_letters() -> None:
    sink = ScriptedSink(times(20, Unavailable("away")))
    async with engine(sink) as given:
        await given.take(record(1, b"a"), record(2, b"b"))
        await given.until(1, 2)
        assert ([], ["e1", "e2"]) == (given.publisher.records, sorted(sink.accepted))


async def test_a_sink_that_answers_everything_with_an_error_is_away_and_nothing_is_dead_lettered() -> None:
    sink = ScriptedSink(times(100, Retry("busy", status="503")))
    async with engine(sink) as given:
        await given.take(*(record(number, b"%d" % number) for number in range(20)))
        await given.until(*range(20))
        assert [] == given.publisher.records


async def test_a_token_that_is_revoked_buries_nothing_and_the_status_is_told() -> None:
    sink = ScriptedSink()
    status = partial(REGISTRY.get_sample_value, "reflexarc_circuit_status", {"sink": "s", "status": "401"})
    async with engine(sink) as given:
        await given.take(record(1))
        await given.until(1)
        given.done.clear()
        sink.answer = times(20, Retry("answered 401 Unauthorized", status="401"))
        await given.take(record(2, b"a"), record(3, b"b"))
        async with asyncio.timeout(10):
            while status() != 1:
                await asyncio.sleep(0.001)
        await given.until(2, 3)
        assert ([], None) == (given.letters, status())


async def test_while_it_is_away_one_event_at_a_time_is_tried_each_in_its_turn() -> None:
    sink = ScriptedSink(lambda _: Unavailable("away"))
    async with engine(sink, in_flight=8) as given:
        await given.take(*(record(number, b"%d" % number) for number in range(9)))
        await turns()
        sink.attempts.clear()
        sink.busiest = 0
        async with asyncio.timeout(10):
            while len(sink.attempts) < 18:
                await asyncio.sleep(0.001)
    assert 1 == sink.busiest
    assert 9 == len(set(sink.attempts[:18]))


async def test_one_poison_event_among_others_that_pass_is_dead_lettered() -> None:
    sink = ScriptedSink(only("e5", Retry("busy", status="503")))
    async with engine(sink) as given:
        await given.take(*(record(number, b"%d" % number) for number in range(10)))
        await turns()
        await given.take(*(record(number, b"%d" % number) for number in range(10, 20)))
        await given.until(*range(20))
        assert [b"e5"] == [letter["ce_id"] for letter in given.letters]


async def test_a_sink_that_cannot_be_opened_is_an_outage() -> None:
    sink = ScriptedSink(opens=(Refused("bad password"), Unreachable("gone"), Unavailable("away"), Retry("x")))
    async with engine(sink) as given:
        await given.take(record(1))
        await given.until(1)
        assert ([], ["e1"]) == (given.publisher.records, sink.accepted)


async def test_a_fault_in_the_connector_is_retried_then_dead_lettered() -> None:
    sink = ScriptedSink(times(3, ZeroDivisionError("oops")))
    async with engine(sink) as given:
        await given.take(record(1))
        await given.until(1)
        assert [b"unexpected ZeroDivisionError: oops"] == [letter["reflexarc_error"] for letter in given.letters]


async def test_bytes_that_are_no_event_are_dead_lettered_unchanged() -> None:
    sink = ScriptedSink()
    async with engine(sink) as given:
        await given.take(Record("reflexarc.sink.s", 0, 5, 0, None, b"\x00poison", ()))
        await given.until(5)
        assert ([b"\x00poison"], []) == ([letter.value for letter in given.publisher.records], sink.attempts)


async def test_an_event_is_not_done_before_its_dead_letter_is_stored() -> None:
    sink = ScriptedSink(only("e1", Reject("no")))
    async with engine(sink, *[Unreachable("no broker")] * 3, backoff_delay="20ms", backoff_max="20ms") as given:
        await given.take(record(1))
        await turns()
        assert [] == given.lease.reports()
        await given.until(1)
        assert 1 == len(given.letters)


async def test_replies_are_stored_among_the_events_before_the_event_is_done() -> None:
    reply = CloudEvent(id="r", source="s", type="t", extensions={"partitionkey": "vm-1"}, data=b"1")
    sink = ScriptedSink(lambda _: Accepted((reply,)))
    async with engine(sink, Unreachable("no broker")) as given:
        await given.take(record(1))
        await given.until(1)
        (stored,) = given.publisher.records
    assert ("reflexarc.events", b"vm-1", b"1") == (stored.topic, stored.key, stored.value)
    assert ["e1"] == sink.attempts


async def test_what_a_router_writes_again_is_not_delivered_again() -> None:
    sink = ScriptedSink()
    async with engine(sink) as given:
        await given.take(record(1, origin=b"0/7"), record(2, origin=b"0/8"), record(3, origin=b"0/7"))
        await given.until(1, 2, 3)
    assert ["e1", "e2"] == sink.accepted


async def test_nothing_begins_on_a_partition_that_has_left() -> None:
    sink = ScriptedSink()
    async with engine(sink) as given:
        given.lease.close()
        await given.take(record(1))
        await turns()
        with pytest.raises(Revoked):
            await given.take(record(2, origin=b"0/1"), record(3, origin=b"0/1"))
    assert ([], []) == (sink.attempts, given.lease.reports())


async def test_what_is_in_hand_when_the_time_to_drain_is_over_is_left_to_the_next_owner() -> None:
    sink = ScriptedSink()
    sink.hold.clear()
    async with engine(sink) as given:
        await given.take(record(1), record(2))
        await turns()
        given.lease.close()
        given.lease.cancel()
        await turns()
        assert (0, []) == (sink.busy, given.lease.reports())
        sink.hold.set()
        await turns()
    assert ["e1"] == sink.attempts


async def test_a_connector_that_hangs_is_ended_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.delivery.destination.HANGING", 0.001)
    sink = ScriptedSink()
    sink.hold.clear()
    async with engine(sink) as given:
        await given.take(record(1))
        async with asyncio.timeout(10):
            while len(sink.attempts) < 2:
                await asyncio.sleep(0.001)
        sink.hold.set()
        await given.until(1)
    assert ["e1"] == sink.accepted


async def test_a_paused_sink_gets_nothing_until_it_goes_on() -> None:
    sink = ScriptedSink()
    async with engine(sink) as given:
        given.delivery.pause(paused=True)
        await given.take(record(1))
        await turns()
        assert [] == sink.attempts
        given.delivery.pause(paused=False)
        await given.until(1)


async def test_attempts_keep_their_distance_when_a_rate_is_given() -> None:
    sink = ScriptedSink()
    async with engine(sink, rate=100.0) as given:
        started = asyncio.get_running_loop().time()
        await given.take(*(record(number, b"%d" % number) for number in range(11)))
        await given.until(*range(11))
        assert asyncio.get_running_loop().time() - started >= 0.1


async def test_of_the_events_those_are_delivered_that_are_chosen_and_a_refused_one_takes_the_routes_again() -> None:
    sink = ScriptedSink()
    verdicts: dict[int, Record | Reject | None] = {1: record(1), 2: None, 3: Reject("no transform"), 4: record(4)}
    async with engine(sink) as given:
        chunk = Chunk(given.lease, tuple(record(offset) for offset in verdicts))
        await given.delivery.choose(chunk, lambda each: verdicts[each.offset])
        await given.until(1, 2, 3, 4)
        assert [("reflexarc.dlq.router", b"e3")] == [
            (letter.topic, dict(letter.headers)["ce_id"]) for letter in given.publisher.records
        ]
    assert ["e1", "e4"] == sink.accepted


async def test_what_a_connector_remembers_of_an_event_is_forgotten_with_its_dead_letter() -> None:
    forgotten = list[str]()

    class Remembering(ScriptedSink):
        def forget(self, event: CloudEvent) -> None:
            forgotten.append(event.id)

    sink = Remembering(only("e1", Reject("no")))
    async with engine(sink) as given:
        await given.take(record(1), record(2))
        await given.until(1, 2)
    assert ["e1"] == forgotten


async def test_a_pause_holds_for_attempts_that_wait_for_their_turn_by_rate() -> None:
    sink = ScriptedSink()
    async with engine(sink, rate=20.0, in_flight=10) as given:
        await given.take(*(record(number, b"%d" % number) for number in range(10)))
        await turns()
        given.delivery.pause(paused=True)
        before = len(sink.attempts)
        await asyncio.sleep(0.7)
        assert before == len(sink.attempts)
        given.delivery.pause(paused=False)
        await given.until(*range(10))


async def test_a_sink_that_refuses_is_opened_once_for_all_who_wait() -> None:
    sink = ScriptedSink(opens=tuple(Refused("bad password") for _ in range(3)))
    async with engine(sink, in_flight=10, backoff_delay="200ms", backoff_max="200ms") as given:
        await given.take(*(record(number, b"%d" % number) for number in range(10)))
        await turns()
        assert 2 == len(sink._opens)
        await given.until(*range(10))
