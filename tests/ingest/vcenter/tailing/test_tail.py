from __future__ import annotations

import threading
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingest.metrics import MISSING
from ingest.vcenter.publishing.handover import Chunk, HandoverClosedError
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.tailing import patience, watch
from ingest.vcenter.tailing.tail import Tail
from schemas.errors import Refused, Unreachable
from tests.ingest.vcenter.events import START, at, event
from tests.ingest.vcenter.publishing.test_recorder import DEAD, EVENTS
from tests.ingest.vcenter.tailing.logs import Desk, Log, LogFeed, follow, ids
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter import VcenterEvent


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST", 0.001)
    monkeypatch.setattr(patience, "REFUSED", 0.002)
    monkeypatch.setattr(watch, "FIRST", 0.005)


def missing() -> float:
    return float(MISSING.labels(vcenter="vc1")._value.get())


def test_events_come_out_in_order_with_the_position_behind_them() -> None:
    desk = follow(Log([event(key, key) for key in range(1, 21)]), 20, page=7)
    assert ids(range(1, 21)) == desk.ids
    assert 20 == desk.chunks[-1].checkpoint.last_key


def test_the_first_start_commits_its_beginning_before_any_event() -> None:
    desk = follow(Log([event(1, 1)]), 1)
    assert ((), START) == (desk.chunks[0].records, desk.chunks[0].checkpoint.since)


@pytest.mark.parametrize(
    ("start_from", "expected"),
    [("now", at(1000)), ("5m", at(700)), (at(10), at(10)), (at(5000), at(1000)), ("30000d", None)],
)
def test_a_first_start_begins_where_the_configuration_says(start_from: object, expected: datetime | None) -> None:
    log = Log([event(1, 1000)], clock=at(1000))
    follow(log, 1, start_from=start_from)
    assert (expected or at(1000) - timedelta(days=30_000)) == log.begun[0]


@pytest.mark.parametrize("fault", [Unreachable("away"), ValueError("surprise"), Refused("no")])
def test_a_fault_costs_the_feed_and_no_event(fault: Exception) -> None:
    log = Log([event(key, key) for key in range(1, 21)], faults=[fault, fault])
    assert ids(range(1, 21)) == follow(log, 20, page=7).ids
    assert 3 == log.opened


def test_a_fault_while_records_are_made_loses_none_of_them() -> None:
    class Stumbling(Recorder):
        stumbled = False

        def record(self, event: VcenterEvent, *, incarnation: int, api_version: str) -> Outgoing:
            if event.key == 5 and not self.stumbled:
                self.stumbled = True
                raise ValueError("surprise")
            return super().record(event, incarnation=incarnation, api_version=api_version)

    recorder = Stumbling(vcenter("vc1"), events=EVENTS, dead_letters=DEAD)
    log = Log([event(key, key) for key in range(1, 11)])
    assert ids(range(1, 11)) == follow(log, 10, recorder=recorder).ids


def test_a_new_process_goes_on_behind_the_checkpoint() -> None:
    log = Log([event(key, key) for key in range(1, 11)])
    checkpoint = follow(log, 10).chunks[-1].checkpoint
    log.events += [event(key, key) for key in range(11, 14)]
    assert ids(range(11, 14)) == follow(log, 3, checkpoint=checkpoint).ids


def test_another_server_under_the_same_name_is_refused(caplog: pytest.LogCaptureFixture) -> None:
    checkpoint = follow(Log([event(1, 1)]), 1).chunks[-1].checkpoint
    stop = threading.Event()
    log = Log([event(2, 2)], uuid="another")
    tail = Tail(
        vcenter("vc1"),
        stopping(log, stop, after=3),
        checkpoint,
        recorder=Recorder(vcenter("vc1"), events=EVENTS, dead_letters=DEAD),
        handover=Desk(stop, 1),
    )
    tail.run(stop)
    assert not tail.following
    assert 1 == sum("is another server than before" in message for message in caplog.messages)


def stopping(log: Log, stop: threading.Event, *, after: int) -> Callable[[], LogFeed]:
    def connect() -> LogFeed:
        if log.opened == after - 1:
            stop.set()
        return LogFeed(log)

    return connect


def test_a_restored_vcenter_begins_a_new_incarnation() -> None:
    log = Log([event(key, key) for key in range(1, 11)])
    checkpoint = follow(log, 10).chunks[-1].checkpoint
    log.events = [event(key, key) for key in range(1, 6)] + [event(key, 1000 + key) for key in range(6, 13)]
    assert ids(range(6, 13), incarnation=1) == follow(log, 7, checkpoint=checkpoint).ids


def test_a_cursor_that_is_stuck_is_replaced_and_nothing_is_lost(caplog: pytest.LogCaptureFixture) -> None:
    log = Log([event(key, key) for key in range(1, 6)], stuck=True)
    assert ids(range(1, 6)) == follow(log, 5).ids
    assert 1 == sum("stall: reads stayed empty" in message for message in caplog.messages)


def test_what_the_log_has_dropped_is_told(caplog: pytest.LogCaptureFixture) -> None:
    before = missing()
    log = Log([event(key, key) for key in range(1, 11)])
    checkpoint = follow(log, 10).chunks[-1].checkpoint
    log.events = [event(key, key) for key in range(15, 21)]
    assert ids(range(15, 21)) == follow(log, 6, checkpoint=checkpoint).ids
    assert 4 == missing() - before
    assert 1 == sum("first 11, last 14, count 4" in message for message in caplog.messages)


def test_keys_that_are_skipped_while_following_are_no_loss() -> None:
    before = missing()
    follow(Log([event(key, key) for key in (1, 2, 5, 9)]), 4)
    assert before == missing()


def test_an_event_that_cannot_be_decoded_is_a_dead_letter_and_its_neighbours_are_not() -> None:
    log = Log([event(key, key) for key in range(1, 31)], unreadable=frozenset({17}))
    desk = follow(log, 30, page=20)
    assert sorted(ids([*range(1, 17), *range(18, 31)])) == sorted(desk.ids)
    assert [b"<page>"] == [record.value for record in desk.records if record.topic == DEAD.name]


def test_events_that_cannot_be_decoded_are_rested_for_one_by_one() -> None:
    class Resting(threading.Event):
        rests = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.rests += timeout == 0.001
            return super().wait(timeout)

    stop = Resting()
    desk = Desk(stop, 5)
    log = Log([event(key, key) for key in range(1, 6)], unreadable=frozenset(range(1, 6)))
    config = vcenter("vc1", poll="1ms", page=1)
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: LogFeed(log), None, recorder=recorder, handover=desk).run(stop)
    assert (5, 5) == (len(desk.records), stop.rests)


@pytest.mark.parametrize("fatal", [HandoverClosedError("vc1"), SystemExit()])
def test_a_tail_that_has_ended_follows_no_longer(fatal: BaseException) -> None:
    seen = []

    class Fatal(Desk):
        def submit(self, chunk: Chunk) -> None:
            if chunk.records:
                seen.append(tail.following)
                raise fatal

    stop = threading.Event()
    config = vcenter("vc1", poll="1ms")
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    log = Log([event(1, 1)])
    tail = Tail(config, lambda: LogFeed(log), None, recorder=recorder, handover=Fatal(stop, 1))
    with suppress(SystemExit):
        tail.run(stop)
    assert ([True], False) == (seen, tail.following)


def test_a_tail_that_was_stopped_follows_no_longer() -> None:
    stop = threading.Event()
    config = vcenter("vc1", poll="1ms")
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    tail = Tail(config, lambda: LogFeed(Log([event(1, 1)])), None, recorder=recorder, handover=Desk(stop, 1))
    tail.run(stop)
    assert not tail.following


def test_a_clock_set_back_behind_the_beginning_is_followed() -> None:
    log = Log(clock=at(100_000))
    stop = threading.Event()
    desk = Desk(stop, 1)

    class SetBack(LogFeed):
        def latest(self) -> list[VcenterEvent]:
            log.clock = at(500)
            log.events = [event(1, 500)]
            return super().latest()

    config = vcenter("vc1", poll="1ms")
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: SetBack(log), None, recorder=recorder, handover=desk).run(stop)
    assert ids([1]) == desk.ids


def test_a_large_page_is_handed_over_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.vcenter.tailing.intake.CHUNK", 1000)
    desk = follow(Log([event(key, key) for key in range(1, 21)]), 20)
    parts = [chunk for chunk in desk.chunks if chunk.records]
    assert len(parts) > 3
    assert ids(range(1, 21)) == desk.ids
    assert all(chunk.checkpoint.last_key == int(dict(chunk.records[-1].headers)["ce_id"][6:]) for chunk in parts)


def test_it_ends_when_nobody_commits_any_more() -> None:
    class Closed(Desk):
        def submit(self, chunk: Chunk) -> None:
            raise HandoverClosedError(chunk.vcenter)

    stop = threading.Event()
    config = vcenter("vc1")
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: LogFeed(Log()), None, recorder=recorder, handover=Closed(stop, 1)).run(stop)
    assert not stop.is_set()
