"""Which alarm is meant, and what would go with it. Clearing stands in on the wire: simulators have no call for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pyVmomi import vim

from schemas.errors import Reject
from sinks.vsphere import actions
from tests.sinks.vsphere.acting import about
from tests.support.alarms import ALARM, REFERENCE, AlarmManager, turn
from tests.support.machine import machine_of_its_own
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.actions import Plan

pytestmark = pytest.mark.stack

BOTH = pytest.mark.parametrize("action", ["acknowledge-alarm", "clear-alarm"])


@pytest.fixture
def red(machine: Target) -> Iterator[Target]:
    """A machine with the simulator's alarm red."""
    turn(machine, "red")
    yield machine
    turn(machine, "green")


def raised(machine: Target, reference: Any = REFERENCE) -> CloudEvent:
    """An event of an alarm of the machine."""
    entity = {"Name": machine.name, "Entity": {"Type": "VirtualMachine", "Value": machine.moref}}
    alarm = {"Name": "x", "Alarm": {"Type": "Alarm", "Value": reference}}
    return about(machine, data=orjson.dumps({"Alarm": alarm, "Entity": entity, "To": "red"}))


def plan(action: str, machine: Target, event: CloudEvent, **parameters: Any) -> Plan:
    return actions.build(action, actions.parameters(action)(**parameters)).plan(machine, event)


@BOTH
def test_the_alarm_is_that_of_the_event_or_that_of_the_name(red: Target, action: str) -> None:
    assert 1 == len(plan(action, red, raised(red)).changes)
    assert 1 == len(plan(action, red, about(red), alarm=f"  {ALARM}\n").changes)
    assert () == plan(action, red, about(red), alarm="another").changes
    assert () == plan(action, red, raised(red, "alarm-999")).changes


@BOTH
@pytest.mark.parametrize("reference", [None, 7, "<alarm>", ""])
def test_without_an_alarm_there_is_nothing_to_act_on(machine: Target, action: str, reference: Any) -> None:
    with pytest.raises(Reject, match=r"about no alarm: name one in parameters\.alarm"):
        plan(action, machine, raised(machine, reference))


@BOTH
def test_an_alarm_that_is_green_again_needs_nothing(machine: Target, action: str) -> None:
    assert () == plan(action, machine, raised(machine)).changes


def test_nothing_is_cleared_by_an_account_that_does_not_see_the_others(
    red: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = red.session.content.rootFolder._moId
    tell(monkeypatch, {root: {"triggeredAlarmState": vim.alarm.AlarmState.Array([])}})
    with pytest.raises(Reject, match="do not see the alarms at the root"):
        plan("clear-alarm", red, raised(red))


def test_nothing_is_cleared_that_would_take_another_alarm_with_it(
    session: Session, red: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    AlarmManager(monkeypatch)
    with machine_of_its_own(session) as other:
        turn(other, "yellow")
        assert ("clear the alarm vcsim VM Alarm",) == plan("clear-alarm", red, raised(red)).changes
        turn(other, "red")
        with pytest.raises(Reject, match=f"would clear {ALARM} of {other.moref} as well: clear it by hand"):
            plan("clear-alarm", red, raised(red))
        turn(other, "green")
