from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from streams.analytics import book as module
from streams.analytics.book import Book
from streams.analytics.occurrence import Subject, occurrence
from tests.streams.analytics.model import Partition
from tests.streams.analytics.records import START_MS, record

if TYPE_CHECKING:
    import pytest

    from streams.analytics.book import Step
    from streams.transport import Record

WINDOW, LATE = 60_000, 10_000
SUBJECT = Subject(START_MS, "off", "vc1/vm-1", "vc1")


def book(now: float = 0.0) -> Book:
    return Book(WINDOW, LATE, now=now)


def closed(step: Step) -> list[tuple[Subject, int]]:
    return [(subject, tally.events) for subject, tally in step.closed]


def test_events_of_one_window_type_and_entity_are_one_number() -> None:
    step = book().take([record(0, 1), record(1, 59), record(2, 60), record(3, 2, type="on"), record(4, 2)], 0.0)
    assert {
        SUBJECT: 3,
        SUBJECT._replace(start=START_MS + WINDOW): 1,
        SUBJECT._replace(type="on"): 1,
    } == {subject: tally.events for subject, tally in step.changed}
    assert () == step.closed


def test_a_window_is_closed_when_its_vcenter_is_beyond_the_end_and_the_lateness() -> None:
    ours = book()
    ours.take([record(0, 30)], 0.0)
    assert [] == closed(ours.take([record(1, 69.9)], 0.0))
    assert [] == closed(ours.take([record(2, 500, key="vc2/vm-1", vcenter="vc2")], 0.0))
    assert [(SUBJECT, 2)] == closed(ours.take([record(3, 20), record(4, 70)], 0.0))


def test_an_event_that_comes_later_still_is_a_tally_of_its_own() -> None:
    ours = book()
    first = ours.take([record(0, 30), record(1, 70)], 0.0).closed
    second = ours.take([record(2, 31)], 0.0).closed
    assert [(SUBJECT, 1), (SUBJECT, 1)] == [(subject, tally.events) for subject, tally in (*first, *second)]
    assert [0, 2] == [tally.first for _, tally in (*first, *second)]


def test_a_vcenter_whose_clock_is_ahead_closes_nothing() -> None:
    ours = book()
    ours.take([record(0, 30), record(1, 3600, arrival=31)], 0.0)
    assert [] == closed(ours.take([record(2, 32)], 0.0))


def test_what_nothing_is_added_to_is_closed_by_the_clock() -> None:
    ours = book(now=100.0)
    ours.take([record(0, 30)], 100.0)
    ours.take([record(1, 31)], 120.0)
    assert [] == closed(ours.idle(189.9))
    assert [(SUBJECT, 2)] == closed(ours.idle(190.0))
    assert 0 == len(ours)


def test_too_many_tallies_close_the_oldest_window(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    ours = book()
    ours.take([record(0, 61), record(1, 1)], 0.0)
    assert [(SUBJECT, 1)] == closed(ours.take([record(2, 62, type="on")], 0.0))


def test_too_many_vcenters_are_forgotten_and_their_windows_wait_for_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_CLOCKS", 1)
    ours = book()
    ours.take([record(0, 1)], 0.0)
    ours.take([record(1, 500, vcenter="vc2"), record(2, 1)], 0.0)
    assert {("vc1", 2), ("vc2", 1)} == {(subject.vcenter, events) for subject, events in closed(ours.idle(1000.0))}


def test_what_is_no_event_is_passed_over_and_does_not_come_again() -> None:
    step = book().take([record(7)._replace(headers=())], 0.0)
    assert step.mark is not None
    assert ((), 7) == (step.changed, step.mark.offset)


def test_a_log_that_began_anew_under_the_old_name_is_counted() -> None:
    ours = book()
    ours.take([record(100, 1), record(101, 2)], 0.0)
    step = ours.take([record(0, 3), record(1, 4)], 0.0)
    assert [(SUBJECT, 4)] == [(subject, tally.events) for subject, tally in step.changed]


def test_what_a_kill_has_left_ahead_of_the_mark_is_closed_once_that_has_come_again() -> None:
    log = [record(0, 1), record(1, 2), record(2, 3)]
    partition = Partition(log, window=WINDOW, late=LATE)
    partition.read(1)
    partition.read(1, killed_after=1)
    partition.wait(71)
    assert {} == partition.rows
    partition.read(2)
    partition.wait(71)
    assert {(SUBJECT, 0): 2} == partition.rows


events = st.builds(
    lambda at, delay, kind, vcenter, machine: (at, delay, kind, vcenter, f"{vcenter or 's'}/{machine}"),
    st.integers(0, 300),
    st.sampled_from([0, 0, 0, 40, 200]),
    st.sampled_from(["on", "off"]),
    st.sampled_from(["vc1", "vc2", None]),
    st.sampled_from(["vm-1", "vm-2"]),
)
kills = st.none() | st.integers(0, 12)
acts = st.one_of(
    st.tuples(st.just("read"), st.integers(1, 5), kills),
    st.tuples(st.just("wait"), st.sampled_from([1, 30, 71]), kills),
    st.tuples(st.just("restart"), st.just(0), st.none()),
)


def log_of(drawn: list[tuple[int, int, str, str | None, str]]) -> list[Record]:
    ordered = sorted(drawn, key=lambda each: each[0] + each[1])
    return [
        record(2 * number, at, arrival=at + delay, type=kind, vcenter=vcenter, key=key)
        for number, (at, delay, kind, vcenter, key) in enumerate(ordered)
    ]


@given(st.lists(events, max_size=30), st.lists(acts, max_size=30))
def test_whenever_owners_are_killed_every_event_is_counted_once(
    drawn: list[tuple[int, int, str, str | None, str]], plan: list[tuple[str, int, int | None]]
) -> None:
    log = log_of(drawn)
    partition = Partition(log, window=WINDOW, late=LATE)
    for act, amount, killed_after in plan:
        if act == "read":
            partition.read(amount, killed_after=killed_after)
        elif act == "wait":
            partition.wait(amount, killed_after=killed_after)
        else:
            partition.restart()
    partition.read(partition.left)
    partition.wait(10_000)
    expected = Counter(found.subject for each in log if (found := occurrence(each, WINDOW)))
    assert expected == partition.counted()
    assert {each.offset for each in log} == partition.finished
