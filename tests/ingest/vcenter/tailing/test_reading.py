"""What a tail tells, leaves out and survives, on a vCenter in memory."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import orjson
import pytest

from ingest.metrics import MISSING, NOTICES, OWN_SESSIONS
from ingest.vcenter.feeds.feed import Unreadable
from ingest.vcenter.instant import instant
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.tailing import patience, watch
from ingest.vcenter.tailing.tail import Tail
from schemas.errors import Unreachable
from tests.ingest.vcenter.events import START, at, event
from tests.ingest.vcenter.publishing.test_recorder import DEAD, EVENTS
from tests.ingest.vcenter.tailing.logs import Desk, Log, LogFeed, follow, ids
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from ingest.vcenter import VcenterEvent
    from ingest.vcenter.position.checkpoint import Checkpoint


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST", 0.001)
    monkeypatch.setattr(watch, "FIRST", 0.005)


def numbers(first: int, last: int) -> list[VcenterEvent]:
    return [event(key, key) for key in range(first, last + 1)]


def known_after(log: Log, wanted: int, **fields: object) -> Checkpoint:
    """Where a tail stands that has read so many; the vCenter's clock shows the time of its last event."""
    known = follow(log, wanted, start_from=START, **fields).chunks[-1].checkpoint
    log.clock = instant(log.events[-1].created_time)
    return known


def looked(log: Log, looks: int, feed: type[LogFeed] = LogFeed) -> Desk:
    """What a tail hands over until it has asked for the newest events so often."""
    stop = threading.Event()
    rest = iter(range(looks - 1))

    class Watched(feed):  # type: ignore[misc, valid-type]
        def latest(self) -> list[VcenterEvent]:
            if next(rest, None) is None:
                stop.set()
            found: list[VcenterEvent] = super().latest()
            return found

    desk = Desk(stop, 1_000_000)
    config = vcenter("vc1", poll="1ms", start_from=START)
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: Watched(log), None, recorder=recorder, handover=desk).run(stop)
    return desk


def missing() -> float:
    return float(MISSING.labels(vcenter="vc1")._value.get())


def session(key: int, name: str, about: str) -> VcenterEvent:
    return event(key, key, name=name, data=orjson.dumps({"Key": key, "SessionId": about}))


def test_a_purge_is_told_once_with_what_is_missing_and_with_the_next_event() -> None:
    log = Log(numbers(1, 10))
    known = known_after(log, 10)
    log.events, log.clock = numbers(15, 20), at(20)
    desk = follow(log, 6, checkpoint=known)
    assert {
        "vc1/0/purge/11-14": {
            "vcenter": "vc1",
            "incarnation": 0,
            "first": 11,
            "last": 14,
            "count": 4,
            "after": at(10).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "before": at(15).isoformat().replace("+00:00", "Z"),
            "reason": "the vCenter's log no longer holds these events",
        }
    } == desk.notices
    (chunk,) = [chunk for chunk in desk.chunks if chunk.records]
    assert (7, 20) == (len(chunk.records), chunk.checkpoint.last_key)
    log.events.append(event(21, 21))
    again = follow(log, 1, checkpoint=desk.chunks[-1].checkpoint)
    assert (ids([21]), {}) == (again.ids, again.notices)


def test_with_a_filter_a_purge_is_told_without_a_count_and_skipped_keys_are_none() -> None:
    before = missing()
    log = Log([event(key, key) for key in (1, 5, 9)])
    desk = follow(log, 3, event_types=["VmPoweredOffEvent"])
    assert {} == desk.notices
    log.events = [event(key, key) for key in (30, 40)]
    told = follow(log, 2, checkpoint=desk.chunks[-1].checkpoint, event_types=["VmPoweredOffEvent"]).notices
    assert [("vc1/0/purge/10-29", None)] == [(name, data["count"]) for name, data in told.items()]
    assert before == missing()


@pytest.mark.parametrize(("before", "after"), [([], ["VmEvent"]), (["VmEvent"], []), (["VmEvent"], ["HostEvent"])])
def test_another_selection_of_events_is_neither_a_loss_nor_another_log(before: list[str], after: list[str]) -> None:
    log = Log(numbers(1, 10))
    known = known_after(log, 10, event_types=before)
    log.events = [event(4, 4, name="X"), *numbers(20, 22)]  # of what is asked for now, key 10 is not
    desk = follow(log, 3, checkpoint=known, event_types=after)
    assert ({}, ids(range(20, 23))) == (desk.notices, desk.ids)


def test_a_stall_that_a_new_cursor_cures_is_told_once_and_loses_nothing() -> None:
    log = Log(numbers(1, 5), stuck=True)
    desk = follow(log, 5)
    assert ids(range(1, 6)) == desk.ids
    assert ["vc1/0/stall/unknown"] == list(desk.notices)


def test_an_event_committed_late_that_a_look_finds_first_is_no_stall() -> None:
    log = Log([event(1, 1), event(3, 3)], clock=at(3))

    class Late(LogFeed):
        looks = 0

        def latest(self) -> list[VcenterEvent]:
            self.looks += 1
            if self.looks == 2:  # the first is for joining
                log.events.append(event(2, 2))
            return super().latest()

    desk = looked(log, 3, Late)
    assert (ids([1, 3, 2]), {}) == (desk.ids, desk.notices)


def test_an_event_that_the_cursor_has_gone_past_is_read_anew_and_is_no_stall() -> None:
    log = Log([event(1, 1), event(3, 3)], clock=at(3))

    class Past(LogFeed):
        looks = 0

        def latest(self) -> list[VcenterEvent]:
            self.looks += 1
            if self.looks == 2:
                log.events.insert(1, event(2, 2))
                self._cursor += 1
            return super().latest()

    desk = looked(log, 3, Past)
    assert (ids([1, 3, 2]), {}) == (desk.ids, desk.notices)


def test_a_stretch_that_cannot_be_read_is_passed_by_and_told() -> None:
    log = Log(numbers(1, 5))
    known = known_after(log, 5, page=10)
    log.events += [event(key, 5 + key / 10) for key in range(6, 3000)] + [event(3000, 900)]
    log.invisible = frozenset(range(6, 3000))
    log.clock = at(1000)
    desk = follow(log, 1, checkpoint=known, page=10)
    assert ids([3000]) == desk.ids
    assert {"vc1/0/stall/5", "vc1/0/gap/6-2999"} == set(desk.notices)
    gap = desk.notices["vc1/0/gap/6-2999"]
    assert (6, 2999, None) == (gap["first"], gap["last"], gap["count"])
    (told,) = [chunk for chunk in desk.chunks if len(chunk.records) == 1 and b"/gap/" in chunk.records[0].headers[1][1]]
    assert told.checkpoint.since > at(300)


def test_a_restart_behind_a_stretch_that_cannot_be_read_does_not_go_back_into_it() -> None:
    log = Log(numbers(1, 5))
    known = known_after(log, 5, page=10)
    log.events += [event(key, 5 + key / 100) for key in range(6, 3000)] + [event(3000, 40)]
    log.invisible = frozenset(range(6, 3000))
    log.clock = at(60)
    known = known_after(log, 1, checkpoint=known, page=10)
    log.events.append(event(3001, 61))
    log.begun.clear()
    desk = follow(log, 1, checkpoint=known, page=10)
    assert (ids([3001]), {}, 1) == (desk.ids, desk.notices, len(log.begun))


def test_a_stretch_with_no_end_is_told_once_and_tried_again() -> None:
    class Dumb(LogFeed):
        def read(self, _limit: int) -> list[VcenterEvent]:
            return []

    assert ["vc1/0/stall/unknown"] == list(looked(Log(numbers(1, 3), clock=at(3)), 4, Dumb).notices)


def test_keys_that_start_anew_are_told_before_the_first_of_them() -> None:
    log = Log(numbers(1, 200))
    known = known_after(log, 200)
    log.events, log.clock = [event(key, 1000 + key) for key in range(1, 4)], at(1003)
    desk = follow(log, 3, checkpoint=known)
    assert ids(range(1, 4), incarnation=1) == desk.ids
    told = desk.notices["vc1/1/incarnation/200"]
    assert (0, 200, 1) == (told["previous"], told["last_key"], told["incarnation"])
    log.events.append(event(4, 1004))
    again = follow(log, 1, checkpoint=desk.chunks[-1].checkpoint)
    assert (ids([4], incarnation=1), {}) == (again.ids, again.notices)


def test_the_counter_of_the_keys_may_roll_over_while_it_is_followed() -> None:
    top, bottom = 2**31 - 1, -(2**31)
    log = Log([event(top - 2 + number, number) for number in range(3)])
    known = known_after(log, 3)
    log.events += [event(bottom + number, 3 + number) for number in range(3)]
    desk = follow(log, 3, checkpoint=known)
    assert ids(range(bottom, bottom + 3), incarnation=1) == desk.ids
    assert [f"vc1/1/incarnation/{top}"] == list(desk.notices)
    log.clock = at(6)
    log.events.append(event(bottom + 3, 6))
    again = follow(log, 1, checkpoint=desk.chunks[-1].checkpoint)
    assert (ids([bottom + 3], incarnation=1), {}) == (again.ids, again.notices)


def test_a_roll_over_while_nobody_followed_loses_nothing_before_it() -> None:
    top, bottom = 2**31 - 1, -(2**31)
    log = Log([event(top - 5, 1)])
    known = known_after(log, 1)
    log.events += [event(top - 4 + number, 2 + number) for number in range(5)]
    log.events += [event(bottom + number, 7 + number) for number in range(600)]  # the latest page knows nothing older
    desk = follow(log, 605, checkpoint=known)
    assert [*ids(range(top - 4, top + 1)), *ids(range(bottom, bottom + 600), incarnation=1)] == desk.ids


def test_a_cursor_behind_a_roll_over_is_not_taken_for_a_stall() -> None:
    top, bottom = 2**31 - 1, -(2**31)
    desk = looked(Log([event(top, 1), event(bottom, 2)], clock=at(2)), 4)
    assert ([f"vc1/0/{top}", f"vc1/1/{bottom}"], [f"vc1/1/incarnation/{top}"]) == (desk.ids, list(desk.notices))


def test_a_clock_set_back_is_told_once_and_its_events_are_read() -> None:
    log = Log(numbers(1000, 1003))
    known = known_after(log, 4)
    log.clock = at(500)
    log.events += [event(1004, 500), event(1005, 501)]
    log.faults = [Unreachable("away"), Unreachable("away")]
    desk = follow(log, 2, checkpoint=known)
    assert ids([1004, 1005]) == desk.ids
    assert ["rewind"] == [name.split("/")[2] for name in desk.notices]


def test_events_of_our_own_sessions_are_left_out_and_counted() -> None:
    before = OWN_SESSIONS.labels(vcenter="vc1")._value.get()
    log = Log(
        [
            session(1, "UserLoginSessionEvent", "session-1"),
            session(2, "UserLoginSessionEvent", "session-9"),
            event(3, 3, data=orjson.dumps({"FullFormattedMessage": '"SessionId":"session-1"'})),
        ]
    )
    desk = follow(log, 2)
    assert ids([2, 3]) == desk.ids
    assert 1 == OWN_SESSIONS.labels(vcenter="vc1")._value.get() - before


def test_events_of_earlier_sessions_of_this_process_are_left_out_too() -> None:
    log = Log(numbers(1, 3), faults=[Unreachable("away"), Unreachable("away")])
    log.events.append(session(4, "UserLogoutSessionEvent", "session-1"))
    log.events.append(event(5, 5))
    assert ids([1, 2, 3, 5]) == follow(log, 4).ids


def test_what_was_left_out_is_known_to_the_next_process() -> None:
    log = Log([*numbers(1, 2), session(3, "UserLoginSessionEvent", "session-1")])
    desk = looked(log, 2)
    log.opened = 7  # its session has another key than that one
    log.events.append(event(4, 4))
    again = follow(log, 1, checkpoint=desk.chunks[-1].checkpoint)
    assert (ids([4]), {}) == (again.ids, again.notices)


def test_another_server_is_accepted_once_and_begins_an_incarnation() -> None:
    known = known_after(Log(numbers(1, 10)), 10)
    log = Log([event(1, 3), event(2, 30)], uuid="another", clock=at(30))
    desk = follow(log, 1, checkpoint=known, accept_identity=True)
    assert ids([2], incarnation=1) == desk.ids
    assert "another server was accepted: instanceUuid another, was 4c" == desk.notices["vc1/1/incarnation/10"]["reason"]
    assert "another" == desk.chunks[0].checkpoint.instance_uuid


def test_notices_are_counted_by_kind() -> None:
    before = NOTICES.labels(vcenter="vc1", kind="stall")._value.get()
    follow(Log(numbers(1, 5), stuck=True), 5)
    assert 1 == NOTICES.labels(vcenter="vc1", kind="stall")._value.get() - before


@pytest.mark.parametrize(
    ("unreadable", "faults", "letters"),
    [({17}, [], 1), ({17, 30}, [], 3), ({1, 2, 17, 30, 31, 120}, [], 7), (set(), [Unreadable("cut", b"")], 0)],
)
def test_a_log_that_is_never_at_its_end_is_read_by_full_pages_soon_again(
    unreadable: set[int], faults: list[Exception], letters: int
) -> None:
    log = Log(numbers(1, 220), unreadable=frozenset(unreadable), faults=faults, clock=at(220))
    desk = follow(log, 220 - len(unreadable) + letters, page=20, start_from=START)
    assert sorted(ids(sorted(set(range(1, 221)) - unreadable))) == sorted(desk.ids)
    assert letters == len(desk.records) - len(desk.ids)
    assert [20, 20] == log.asked[-2:]


def test_behind_the_first_unreadable_event_a_page_is_full_at_once() -> None:
    log = Log(numbers(1, 57), unreadable=frozenset({17}))
    follow(log, 57, page=20)
    assert [20, *[2] * 9, *[1] * 17, 20, 20] == log.asked
