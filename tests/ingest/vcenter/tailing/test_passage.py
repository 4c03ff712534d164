from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from ingest.vcenter.tailing import passage
from ingest.vcenter.tailing.passage import STEPS, Passage
from tests.ingest.vcenter.events import START, at, event
from tests.ingest.vcenter.tailing.logs import Log, LogFeed

if TYPE_CHECKING:
    from ingest.vcenter import VcenterEvent

PAGE = 10


def find(log: Log, end: float) -> Passage | None:
    return passage.find(LogFeed(log), bool, start=START, end=at(end), limit=PAGE)


def stretch(seconds: float, until: float) -> list[VcenterEvent]:
    """Invisible events, a page of them in every half a second."""
    count = int((until - seconds) * 2 * PAGE)
    return [event(1000 + number, seconds + number / (2 * PAGE)) for number in range(count)]


def hidden(events: list[VcenterEvent]) -> frozenset[int]:
    return frozenset(each.key for each in events)


@given(st.floats(3, 100_000))
def test_it_begins_just_before_the_first_event_that_can_be_read(seconds: float) -> None:
    before = [event(number, seconds - 2 + number / 50) for number in range(99)]
    log = Log([*before, event(5000, seconds), event(5001, seconds + 0.5)], invisible=hidden(before))
    found = find(log, seconds + 0.5)
    assert found is not None
    assert 5000 == found.first
    assert at(seconds - 0.3) <= found.begin <= at(seconds)  # a page of what is hidden takes 0.2 s
    assert len(log.begun) <= 5 * STEPS


def test_what_comes_to_light_in_between_is_not_passed_by() -> None:
    first, second = stretch(0, 300), stretch(300.5, 900)
    seen = [event(7, 300.2), event(8, 900.2)]
    log = Log([*first, seen[0], *second, seen[1]], invisible=hidden([*first, *second]))
    found = find(log, 900.2)
    assert found is not None
    assert 8 >= (found.first or 0) >= 7


def test_events_that_cannot_be_decoded_can_be_read() -> None:
    dark = stretch(0, 10)
    log = Log([*dark, event(7, 11)], invisible=hidden(dark), unreadable=frozenset({7}))
    found = find(log, 11)
    assert found is not None
    assert None is found.first
    assert found.begin >= at(9)


def test_where_nothing_can_be_read_up_to_the_end_there_is_no_passage() -> None:
    dark = stretch(0, 100)
    assert None is find(Log(dark, invisible=hidden(dark)), 100)


def test_events_that_are_known_are_no_way_out() -> None:
    log = Log([event(1, 10), event(2, 20)])
    found = passage.find(LogFeed(log), lambda events: events[0].key == 2, start=START, end=at(20), limit=PAGE)
    assert found is not None
    assert (2, True) == (found.first, at(10) < found.begin <= at(20))


def test_events_without_a_key_are_no_way_out_and_say_nothing_of_the_first_key() -> None:
    keyless = event(0, 10, markup=b"<returnval/>")
    assert None is find(Log([keyless]), 10)
    found = find(Log([keyless, event(5, 20)]), 20)
    assert found is not None
    assert 5 == found.first


def test_a_stretch_of_no_length_is_tried_once() -> None:
    log = Log([event(1, 0)])
    before = START - timedelta(seconds=5)
    assert Passage(before, 1) == passage.find(LogFeed(log), bool, start=START, end=before, limit=1)
    assert [before] == log.begun
