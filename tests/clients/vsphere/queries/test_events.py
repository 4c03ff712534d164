"""Events of one machine, of a real simulator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere.queries import events as asked
from clients.vsphere.queries.events import MOST, events
from tests.support.machine import power_off, power_on

if TYPE_CHECKING:
    from clients.vsphere.target import Target

pytestmark = pytest.mark.stack


def post(machine: Target, text: str) -> None:
    """An event of the machine that no version of pyvmomi can read."""
    event = vim.event.EventEx(
        key=0,
        chainId=0,
        createdTime=machine.session.current_time(),
        userName="anna",
        eventTypeId="com.example.strange",
        message=text,
        fullFormattedMessage=text,
        objectType=vim.VirtualMachine,
        objectId=machine.moref,
        vm=vim.event.VmEventArgument(vm=machine.reference, name=machine.name),
    )
    machine.session.content.eventManager.PostEvent(event)


def test_the_latest_event_comes_first_with_who_has_done_it(machine: Target) -> None:
    power_off(machine)
    found = events(machine)
    assert "VmPoweredOffEvent" == found[0].type
    assert ["reflexarc", True] == [found[0].user, machine.name in found[0].message]


def test_no_more_than_a_few_are_told(machine: Target) -> None:
    for _ in range(6):
        power_off(machine)
        power_on(machine)
    assert MOST == len(events(machine, 1_000))
    assert 3 == len(events(machine, 3))
    assert events(machine)[:3] == events(machine, 3)


def test_an_event_of_a_kind_of_its_own_is_told_by_that(machine: Target) -> None:
    post(machine, "first line\nsecond <b>line</b>")
    first = events(machine)[0]
    assert "com.example.strange" == first.type
    assert first.message in {"", "first line second <b>line</b>"}


def test_a_long_message_is_cut(machine: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asked, "LONGEST", 5)
    power_off(machine)
    assert 5 == len(events(machine)[0].message)
