from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.session import Session
from clients.vsphere.target import Target, find, moref
from ops.demo import simulators
from ops.demo.crisis.monitoring import USER, Monitoring
from schemas.config import VcenterConfig
from tests.support.simulator import simulators as started

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.stack

ALARM = "VM CPU Usage"
CHANGED = "AlarmStatusChangedEvent"


@pytest.fixture
def vcenter(tmp_path: Path) -> Iterator[VcenterConfig]:
    with started(tmp_path, "vc1", machines=2) as sections:
        yield VcenterConfig.model_validate({"name": "vc1", **sections["vc1"]})


def states(machine: Target) -> list[tuple[str, str]]:
    """Machine and status of every alarm that is triggered there."""
    found = properties.read(machine.session, machine.reference, ["triggeredAlarmState"]).get("triggeredAlarmState", ())
    return [(moref(each.entity), str(each.overallStatus)) for each in found]


def test_an_alarm_of_one_machine_turns_red_and_green_and_is_told_of_by_another_user(vcenter: VcenterConfig) -> None:
    with Session(vcenter) as session, Monitoring(vcenter) as monitoring:
        names = simulators.machine_names(session, 2)
        machine, other = (find([session], name) for name in names)
        newest = simulators.newest_key(session)
        monitoring.define(ALARM)
        monitoring.turn(ALARM, machine, "green", "red")
        assert ([(machine.moref, "red")], []) == (states(machine), states(other))
        monitoring.turn(ALARM, machine, "red", "green")
        assert [] == states(machine)
        assert [names[0]] * 2 == list(simulators.event_keys(session, CHANGED, newest).values())
        events = session.content.eventManager.QueryEvents(vim.event.EventFilterSpec(eventTypeId=[CHANGED]))
        assert [USER] * 2 == [event.userName for event in events]
