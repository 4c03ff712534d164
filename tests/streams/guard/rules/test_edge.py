from __future__ import annotations

from itertools import product

import pytest

from streams.guard.rules import edge
from tests.streams.guard.asking import question, request, sink

COLOURS = ("gray", "green", "yellow", "red")
RISING = {("gray", "yellow"), ("gray", "red"), ("green", "yellow"), ("green", "red"), ("yellow", "red")}
FALLING = {("red", "yellow"), ("red", "green"), ("yellow", "green")}
ANY = {(before, after) for before, after in product(COLOURS, COLOURS) if before != after}


def check(
    change: tuple[str, str] | None, *, edges: str = "rising", subject: str = "AlarmStatusChangedEvent"
) -> str | None:
    return edge.check(question(request(caused={"edge": change, "subject": subject}), sink=sink(edges=edges)))


@pytest.mark.parametrize(("edges", "passing"), [("rising", RISING), ("falling", FALLING), ("any", ANY)])
def test_only_the_edges_of_the_sink_pass(edges: str, passing: set[tuple[str, str]]) -> None:
    changes = product(COLOURS, COLOURS)
    assert passing == {change for change in changes if check(change, edges=edges) is None}


def test_rising_edges_are_the_default() -> None:
    assert "rising" == sink().edges


def test_a_status_that_did_not_change_is_no_edge() -> None:
    assert "nothing has changed" in (check(("red", "red"), edges="any") or "")


@pytest.mark.parametrize("edges", ["rising", "any"])
def test_an_unknown_status_is_refused(edges: str) -> None:
    assert "no statuses" in (check(("green", "purple"), edges=edges) or "")


def test_an_alarm_that_does_not_say_how_it_changed_is_refused() -> None:
    assert "does not say" in (check(None) or "")


def test_events_that_are_no_alarms_pass() -> None:
    assert check(None, subject="VmPoweredOffEvent") is None
