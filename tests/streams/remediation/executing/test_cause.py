"""Against a simulator: whether an alarm of a datastore is still a reason to move what is on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.kinds import DATASTORE
from clients.vsphere.session import Session
from clients.vsphere.target import Target, find
from ops.demo.crisis.monitoring import Monitoring
from schemas.config import VcenterConfig
from schemas.remediation.cause import Cause
from sinks.vsphere.alarms import TRIGGERED
from streams.remediation.executing.cause import ceased
from tests.streams.remediation.executing.acting import carried_out, hands_of, order
from tests.support.machine import machine_of_its_own
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.stack

ALARM = "Datastore usage on disk"


@pytest.fixture
def vcenter(tmp_path: Path) -> Iterator[VcenterConfig]:
    """One of its own: what its datastores have triggered is nobody else's."""
    with simulators(tmp_path, "vc1", machines=2) as sections:
        yield VcenterConfig.model_validate({"name": "vc1", **sections["vc1"]})


@pytest.fixture
def monitoring(vcenter: VcenterConfig) -> Iterator[Monitoring]:
    with Monitoring(vcenter) as monitoring:
        monitoring.define(ALARM, vim.Datastore)
        yield monitoring


@pytest.fixture
def store(vcenter: VcenterConfig) -> Iterator[Target]:
    with Session(vcenter) as session:
        yield find([session], "LocalDS_0", DATASTORE)


def cause(store: Target, before: str, after: str, **said: Any) -> Cause:
    """The alarm that the simulator has of the datastore by now, as an event tells of it; else one that it has not."""
    states = properties.read(store.session, store.reference, [TRIGGERED]).get(TRIGGERED, ())
    alarm = next((str(each.alarm._moId) for each in states if each.entity == store.reference), "alarm-999")
    entity = {"Type": "Datastore", "Value": store.moref}
    data = {"Alarm": {"Alarm": {"Type": "Alarm", "Value": alarm}}, "Entity": {"Name": store.name, "Entity": entity}}
    given = {"source": "/s", "id": "e1", "type": "t", "vcenter": "vc1", "edge": (before, after), "data": data}
    return Cause.model_validate(given | said)


def test_an_alarm_of_a_datastore_is_a_reason_as_long_as_it_is_red(monitoring: Monitoring, store: Target) -> None:
    monitoring.turn(ALARM, store, "green", "red")
    red = cause(store, "green", "red")
    before = ceased(store.session, red)
    monitoring.turn(ALARM, store, "red", "green")
    assert (None, "the alarm is green by now, not red") == (before, ceased(store.session, red))


def test_an_alarm_of_another_datastore_is_none(monitoring: Monitoring, store: Target) -> None:
    monitoring.turn(ALARM, store, "green", "red")
    other = find([store.session], "LocalDS_1", DATASTORE)
    red = cause(store, "green", "red")
    moved = red.model_copy(
        update={"data": {**red.data, "Entity": {"Entity": {"Type": "Datastore", "Value": other.moref}}}}
    )
    assert "the alarm is green by now, not red" == ceased(store.session, moved)


async def test_no_machine_is_moved_off_a_datastore_whose_alarm_is_over(
    vcenter: VcenterConfig, monitoring: Monitoring, store: Target
) -> None:
    monitoring.turn(ALARM, store, "yellow", "red")
    red = cause(store, "yellow", "red").model_dump()
    with machine_of_its_own(store.session) as machine, hands_of(vcenter) as hands:
        given = {"action": "storage-move", "parameters": {"to": ["LocalDS_1"]}, "cause": red}
        planned = await carried_out(order(machine, dry_run=True, **given), hands)
        monitoring.turn(ALARM, store, "red", "green")
        refused = await carried_out(order(machine, **given), hands)
    assert ("planned", ("move it from LocalDS_0 to LocalDS_1",)) == (planned.state, planned.changes)
    assert ("refused", "the alarm is green by now, not red") == refused[:2]
