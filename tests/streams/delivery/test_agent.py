from __future__ import annotations

import asyncio

import pytest

from schemas.cloudevents import CloudEvent, kafka
from schemas.config import SinkConfig
from schemas.errors import Refused, Reject, Retry, Unavailable, Unreachable
from streams.delivery.agent import Delivery
from streams.transport import Chunk, Lease, Record, Revoked
from tests.support.publisher import RecordingPublisher

CONFIG = SinkConfig.model_validate(
    {"name": "s", "type": "http", "retry": 2, "backoff_delay": "1ms", "backoff_max": "1ms"}
)


class ScriptedSink:
    """Answers each send with the next outcome of its script, then accepts."""

    def __init__(self, *outcomes: Exception, opens: tuple[Exception, ...] = ()) -> None:
        self.accepted: list[str] = []
        self.attempts = 0
        self.opened = 0
        self._outcomes = list(outcomes)
        self._opens = list(opens)

    async def open(self) -> None:
        if self._opens:
            raise self._opens.pop(0)
        self.opened += 1

    async def send(self, event: CloudEvent) -> None:
        self.attempts += 1
        if self._outcomes:
            raise self._outcomes.pop(0)
        self.accepted.append(event.id)

    async def close(self) -> None:
        pass


def record(offset: int) -> Record:
    event = CloudEvent(id=f"e{offset}", source="s", type="t", subject="x", data=b"{}")
    message = kafka.to_binary(event)
    headers = (*message.headers, ("reflexarc_origin", b"0/1"))
    return Record("reflexarc.sink.s", 0, offset, 0, b"k", message.value, headers)


async def deliver(sink: ScriptedSink, *records: Record) -> tuple[RecordingPublisher, list[int]]:
    publisher, lease = RecordingPublisher(), Lease(asyncio.get_running_loop())
    await Delivery(CONFIG, sink, publisher, "reflexarc.dlq.s").deliver(Chunk(lease, records))
    return publisher, lease.reports()


async def test_events_are_delivered_in_order_and_reported_done() -> None:
    sink = ScriptedSink()
    _, done = await deliver(sink, record(3), record(8))
    assert (sink.accepted, done, sink.opened) == (["e3", "e8"], [3, 8], 1)


async def test_a_retry_holds_back_what_comes_behind_it() -> None:
    sink = ScriptedSink(Retry("busy"), Retry("busy"))
    _, done = await deliver(sink, record(1), record(2))
    assert (sink.accepted, done, sink.attempts) == (["e1", "e2"], [1, 2], 4)


async def test_after_its_attempts_an_event_is_dead_lettered_with_its_reason() -> None:
    sink = ScriptedSink(*[Retry("busy", status="503")] * 3)
    publisher, done = await deliver(sink, record(1), record(2))
    (letter,) = publisher.records
    headers = dict(letter.headers)
    assert (letter.topic, letter.value, letter.key) == ("reflexarc.dlq.s", b"{}", b"k")
    assert (headers["reflexarc_error"], headers["reflexarc_status"], headers["reflexarc_attempts"]) == (
        b"busy",
        b"503",
        b"3",
    )
    assert (sink.accepted, done) == (["e2"], [1, 2])


async def test_a_rejected_event_is_dead_lettered_at_once() -> None:
    sink = ScriptedSink(Reject("no", status="400"))
    publisher, _ = await deliver(sink, record(1))
    assert (sink.attempts, len(publisher.records)) == (1, 1)


async def test_an_outage_is_waited_for_and_never_dead_letters() -> None:
    sink = ScriptedSink(*[Unavailable("away")] * 20)
    publisher, done = await deliver(sink, record(1))
    assert (publisher.records, sink.accepted, done, sink.opened) == ([], ["e1"], [1], 21)


async def test_a_sink_that_cannot_be_opened_is_an_outage() -> None:
    sink = ScriptedSink(opens=(Refused("bad password"), Unreachable("gone"), Unavailable("away")))
    publisher, done = await deliver(sink, record(1))
    assert (publisher.records, sink.accepted, done) == ([], ["e1"], [1])


async def test_a_fault_in_the_connector_is_retried_then_dead_lettered() -> None:
    sink = ScriptedSink(*[ZeroDivisionError("oops")] * 3)
    publisher, done = await deliver(sink, record(1))
    assert (dict(publisher.records[0].headers)["reflexarc_error"], done) == (
        b"unexpected ZeroDivisionError: oops",
        [1],
    )


async def test_bytes_that_are_no_event_are_dead_lettered_unchanged() -> None:
    sink = ScriptedSink()
    publisher, done = await deliver(sink, Record("reflexarc.sink.s", 0, 5, 0, None, b"\x00poison", ()))
    assert (publisher.records[0].value, done, sink.attempts) == (b"\x00poison", [5], 0)


async def test_an_event_is_not_done_before_its_dead_letter_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    publisher, lease = RecordingPublisher(Unreachable("no broker")), Lease(asyncio.get_running_loop())
    delivery = Delivery(CONFIG, ScriptedSink(Reject("no")), publisher, "reflexarc.dlq.s")
    seen: list[int] = []

    async def pause(_: float) -> None:
        seen.extend(lease.reports())

    monkeypatch.setattr(lease, "pause", pause)
    #  # type: ignore[method-assign]
    await delivery.deliver(Chunk(lease, (record(1),)))
    assert (seen, lease.reports(), len(publisher.records)) == ([], [1], 1)


async def test_a_revoked_partition_ends_the_wait_for_an_outage() -> None:
    lease = Lease(asyncio.get_running_loop())
    sink = ScriptedSink(*[Unavailable("away")] * 3)
    lease.close()
    delivery = Delivery(CONFIG, sink, RecordingPublisher(), "reflexarc.dlq.s")
    with pytest.raises(Revoked):
        await delivery.deliver(Chunk(lease, (record(1),)))
    assert lease.reports() == []


class HangingSink(ScriptedSink):
    """Never comes back from its first send."""

    async def send(self, event: CloudEvent) -> None:
        if self.attempts == 0:
            self.attempts += 1
            await asyncio.Event().wait()
        await super().send(event)


async def test_a_connector_that_hangs_is_ended_and_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("streams.delivery.agent.HANGING", 0.001)
    sink = HangingSink()
    _, done = await deliver(sink, record(1))
    assert (["e1"], [1], 2) == (sink.accepted, done, sink.attempts)
