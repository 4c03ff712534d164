from __future__ import annotations

import pytest

from streams.throttling import remembered as module
from streams.throttling.mark import Mark
from streams.throttling.remembered import SLACK, Remembered
from streams.throttling.seen import Seen

WINDOW = 1000


def forgotten(marks: Remembered, *, clock: int, first: int | None = None) -> list[bytes]:
    return list(marks.forget(clock=clock, window=WINDOW, first=first))


def test_a_mark_is_forgotten_once_it_can_matter_to_no_event() -> None:
    marks = Remembered([(b"new", Mark(500, 2)), (b"old", Mark(0, 1))])
    assert [b"old"] == forgotten(marks, clock=WINDOW + SLACK)
    assert (None, Mark(500, 2)) == (marks.get(b"old"), marks.get(b"new"))


def test_a_mark_is_kept_while_an_event_before_it_may_come_again() -> None:
    marks = Remembered([(b"old", Mark(0, 7))])
    assert [] == forgotten(marks, clock=10**9, first=7)
    assert [b"old"] == forgotten(marks, clock=10**9, first=8)


def test_of_too_many_groups_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    marks = Remembered([(b"%d" % number, Mark(number, number)) for number in range(5)])
    assert [b"0", b"1", b"2"] == forgotten(marks, clock=0)


def test_a_mark_that_is_set_again_is_the_newest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 1)
    marks = Remembered([(b"a", Mark(0, 0)), (b"b", Mark(1, 1))])
    marks.set(b"a", Mark(2, 2))
    assert [b"b"] == forgotten(marks, clock=0)


@pytest.mark.parametrize(("offset", "time", "expected"), [(5, 100, True), (6, 100, False), (5, 101, False)])
def test_only_an_event_of_the_same_log_comes_again(offset: int, time: int, *, expected: bool) -> None:
    marks = Remembered([(b"a", Mark(100, 5))])
    assert expected == marks.settles(Seen(offset, time, b"a"))
