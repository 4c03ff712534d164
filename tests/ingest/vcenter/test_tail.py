from __future__ import annotations

import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from ingest.metrics import MISSING
from ingest.vcenter import patience, watch
from ingest.vcenter.feed import Unreadable
from ingest.vcenter.handover import Chunk, HandoverClosedError
from ingest.vcenter.instant import instant
from ingest.vcenter.recorder import Recorder
from ingest.vcenter.tail import Tail
from schemas.errors import Refused, Unreachable
from tests.ingest.vcenter.events import START, at, event
from tests.ingest.vcenter.test_recorder import DEAD, EVENTS
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ingest.vcenter import VcenterEvent
    from ingest.vcenter.checkpoint import Checkpoint


@dataclass
class Log:
    """A vCenter in memory: its log, its faults, and what it was asked."""

    events: list[VcenterEvent] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    unreadable: frozenset[int] = frozenset()
    uuid: str = "4c"
    clock: datetime = START
    opened: int = 0
    stuck: bool = False
    begun: list[datetime] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    mute: Exception | None = None


class LogFeed:
    """A feed of a ``Log``; the contract is ``Feed``."""

    api_version = "8.0.2.0"

    def __init__(self, log: Log) -> None:
        self._log = log
        self._found: list[VcenterEvent] = []
        self._cursor = 0

    @property
    def instance_uuid(self) -> str:
        return self._log.uuid

    def open(self) -> None:
        self._log.opened += 1

    def now(self) -> datetime:
        return self._log.clock

    def seek(self, begin: datetime) -> None:
        self._log.begun.append(begin)
        self._log.stuck = self._log.stuck and len(self._log.begun) == 1
        self._cursor = 0
        self._begin = begin

    def read(self, limit: int) -> list[VcenterEvent]:
        if self._log.faults:
            raise self._log.faults.pop(0)
        if self._log.stuck:
            return []
        page = self._behind()[self._cursor :][:limit]
        self._cursor += len(page)
        if any(each.key in self._log.unreadable for each in page):
            raise Unreadable("no XML", b"<page>")
        return page

    def newest_key(self) -> int | None:
        if any(each.key in self._log.unreadable for each in self._behind()):
            raise Unreadable("no XML", b"<page>")
        return max((each.key for each in self._behind()), default=None)

    def say(self, text: str) -> None:
        if self._log.mute:
            raise self._log.mute
        self._log.said.append(text)
        key = len(self._log.events) + 1
        self._log.events.append(event(key, key, name="GeneralUserEvent", data=text.encode()))

    def close(self) -> None:
        pass

    def _behind(self) -> list[VcenterEvent]:
        return [each for each in self._log.events if instant(each.created_time) >= self._begin]


class Desk:
    """Takes chunks, and says stop once enough keys have come."""

    def __init__(self, stop: threading.Event, wanted: int) -> None:
        self.chunks: list[Chunk] = []
        self._stop = stop
        self._wanted = wanted

    def submit(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        if len(self.records) >= self._wanted:
            self._stop.set()

    @property
    def records(self) -> list[Outgoing]:
        return [record for chunk in self.chunks for record in chunk.records]

    @property
    def ids(self) -> list[str]:
        return [dict(record.headers)["ce_id"].decode() for record in self.records if record.topic == EVENTS.name]


def follow(
    log: Log,
    wanted: int,
    *,
    checkpoint: Checkpoint | None = None,
    recorder: Recorder | None = None,
    **fields: object,
) -> Desk:
    """Run a tail until so many records have come; fails after ten seconds."""
    stop = threading.Event()
    desk = Desk(stop, wanted)
    config = vcenter("vc1", poll="1ms", **fields)
    recorder = recorder or Recorder(config, events=EVENTS, dead_letters=DEAD)
    tail = Tail(config, lambda: LogFeed(log), checkpoint, recorder=recorder, handover=desk)
    late = threading.Timer(10, stop.set)
    late.start()
    try:
        tail.run(stop)
        assert late.is_alive(), f"only {len(desk.records)} of {wanted} records came"
    finally:
        late.cancel()
    return desk


def ids(keys: Sequence[int], incarnation: int = 0) -> list[str]:
    return [f"vc1/{incarnation}/{key}" for key in keys]


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
    assert 1 == sum("reading anew" in message for message in caplog.messages)


def test_what_the_log_has_dropped_is_told(caplog: pytest.LogCaptureFixture) -> None:
    before = missing()
    log = Log([event(key, key) for key in range(1, 11)])
    checkpoint = follow(log, 10).chunks[-1].checkpoint
    log.events = [event(key, key) for key in range(15, 21)]
    assert ids(range(15, 21)) == follow(log, 6, checkpoint=checkpoint).ids
    assert 4 == missing() - before
    assert 1 == sum("events 11 to 14 are lost" in message for message in caplog.messages)


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
        def newest_key(self) -> int | None:
            log.clock = at(500)
            log.events = [event(1, 500)]
            return super().newest_key()

    config = vcenter("vc1", poll="1ms")
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: SetBack(log), None, recorder=recorder, handover=desk).run(stop)
    assert ids([1]) == desk.ids


def test_a_large_page_is_handed_over_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.vcenter.tail.CHUNK", 1000)
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
