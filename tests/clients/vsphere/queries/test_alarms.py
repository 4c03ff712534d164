"""Alarms of a real simulator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from clients.vsphere.queries import alarms as asked
from clients.vsphere.queries.alarms import alarms
from clients.vsphere.target import find
from tests.support.alarms import ALARM, turn
from tests.support.machine import MODEL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target

pytestmark = pytest.mark.stack


@pytest.fixture
def other(session: Session) -> Iterator[Target]:
    other = find([session], MODEL)
    yield other
    turn(other, "green")


def test_what_is_red_is_told_first(session: Session, machine: Target, other: Target) -> None:
    assert 0 == alarms(session).all
    turn(machine, "red")
    turn(other, "yellow")
    try:
        found = alarms(session)
    finally:
        turn(machine, "green")
    expected = [(machine.name, "VirtualMachine", ALARM, "red"), (MODEL, "VirtualMachine", ALARM, "yellow")]
    assert expected == [(each.object, each.kind, each.alarm, each.status) for each in found.rows]
    first = found.rows[0]
    assert (machine.moref, False, 2) == (first.moref, first.acknowledged, found.all)
    assert first.since is not None
    assert abs(first.since - datetime.now(UTC)) < timedelta(minutes=5)


def test_of_the_same_colour_the_latest_is_told_first(session: Session, machine: Target, other: Target) -> None:
    turn(other, "red")
    turn(machine, "red")
    try:
        assert [machine.name, MODEL] == [each.object for each in alarms(session).rows]
    finally:
        turn(machine, "green")


def test_a_long_list_is_cut_and_its_length_is_told(
    session: Session, machine: Target, other: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asked, "MOST", 1)
    turn(other, "yellow")
    turn(machine, "red")
    try:
        found = alarms(session)
    finally:
        turn(machine, "green")
    assert ([machine.name], 2) == ([each.object for each in found.rows], found.all)
