"""Events whose key cannot be read, from the page to what a tail hands over."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from ingest.vcenter import decode_page
from ingest.vcenter.publishing.recorder import Recorder
from ingest.vcenter.tailing import patience, watch
from ingest.vcenter.tailing.keyless import REMEMBERED, Keyless
from ingest.vcenter.tailing.tail import Tail
from schemas.errors import Unreachable
from tests.ingest.vcenter import pages
from tests.ingest.vcenter.events import START, at, event
from tests.ingest.vcenter.publishing.test_recorder import DEAD, EVENTS
from tests.ingest.vcenter.tailing.logs import Desk, Log, LogFeed, follow, ids
from tests.support.vcenter import vcenter

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing
    from ingest.vcenter import VcenterEvent


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST", 0.001)
    monkeypatch.setattr(watch, "FIRST", 0.005)


def sent(*keys: str) -> list[VcenterEvent]:
    """A page with these texts for keys, one event each second, decoded."""
    events = [
        pages.event(
            "VmPoweredOffEvent",
            base=f"<key>{key}</key><chainId>1</chainId><createdTime>2026-01-31T06:00:{number:02}Z</createdTime>",
        )
        for number, key in enumerate(keys, 1)
    ]
    return decode_page(pages.page(*events))


def letters(desk: Desk) -> list[Outgoing]:
    return [record for record in desk.records if record.topic == DEAD.name]


def test_events_without_a_key_are_dead_letters_with_bytes_and_reason_and_their_neighbours_are_events() -> None:
    desk = follow(Log(sent("1", "two", "3", "four", "5")), 5, start_from=START)
    assert ids([1, 3, 5]) == desk.ids
    assert [b"<key>two</key>", b"<key>four</key>"] == [
        part
        for part in (b"<key>two</key>", b"<key>four</key>")
        for each in letters(desk)
        if part in (each.value or b"")
    ]
    assert [(b"an event without a key that can be read", b"vc1")] * 2 == [
        (headers["reflexarc_error"], headers["reflexarc_origin"])
        for headers in (dict(each.headers) for each in letters(desk))
    ]


def test_an_event_without_a_key_leaves_no_mark_in_the_position() -> None:
    with_it = follow(Log(sent("1", "2", "three")), 3, start_from=START).chunks[-1].checkpoint
    without = follow(Log(sent("1", "2")), 2, start_from=START).chunks[-1].checkpoint
    assert without == with_it


def test_a_page_of_nothing_else_is_handed_over_and_leaves_no_mark() -> None:
    desk = follow(Log(sent("a", "b")), 2, start_from=START)
    assert (2, None) == (len(letters(desk)), desk.chunks[-1].checkpoint.last_key)


def test_a_key_that_is_zero_is_an_event_beside_them() -> None:
    desk = follow(Log(sent("-1", "nil", "0", "1")), 4, start_from=START)
    assert (ids([-1, 0, 1]), 1) == (desk.ids, len(letters(desk)))


def test_one_that_is_read_again_by_the_same_tail_is_no_second_dead_letter() -> None:
    log = Log(sent("1", "two", "3"), clock=at(3))
    stop = threading.Event()

    class Cut(LogFeed):
        """Its session ends once it has given all, four times; then the log goes on."""

        def read(self, limit: int) -> list[VcenterEvent]:
            found = super().read(limit)
            if not found and log.opened < 5:
                raise Unreachable("away")
            if not found and len(log.events) == 3:
                log.events.append(event(4, 4))
            return found

    desk = Desk(stop, 4)
    config = vcenter("vc1", poll="1ms", start_from=START)
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: Cut(log), None, recorder=recorder, handover=desk).run(stop)
    assert (5, ids([1, 3, 4]), 1) == (log.opened, desk.ids, len(letters(desk)))


def test_who_follows_next_keeps_those_of_the_look_back_once_more() -> None:
    log = Log(sent("1", "two", "3"), clock=at(3))
    known = follow(log, 3, start_from=START).chunks[-1].checkpoint
    log.events.append(event(4, 4))
    desk = follow(log, 2, checkpoint=known)
    assert (ids([4]), 1) == (desk.ids, len(letters(desk)))


def test_the_newest_event_without_a_key_is_no_reason_to_think_that_reads_are_stuck() -> None:
    log = Log(sent("1", "two"), clock=at(2))
    stop = threading.Event()
    looks = iter(range(4))

    class Watched(LogFeed):
        def latest(self) -> list[VcenterEvent]:
            if next(looks, None) is None:
                stop.set()
            return super().latest()

    desk = Desk(stop, 1_000_000)
    config = vcenter("vc1", poll="1ms", start_from=START)
    recorder = Recorder(config, events=EVENTS, dead_letters=DEAD)
    Tail(config, lambda: Watched(log), None, recorder=recorder, handover=desk).run(stop)
    assert ({}, ids([1]), 1) == (desk.notices, desk.ids, len(letters(desk)))


def test_as_many_as_are_remembered_are_known_and_the_least_recently_met_is_forgotten() -> None:
    keyless = Keyless()
    fill = [b"%d" % number for number in range(REMEMBERED)]
    assert [True] * REMEMBERED == [keyless.take(each) for each in fill]
    assert [False] * REMEMBERED == [keyless.take(each) for each in fill]
    assert not keyless.take(fill[0])
    assert keyless.take(b"one more")
    assert [False, True] == [keyless.take(fill[0]), keyless.take(fill[1])]
