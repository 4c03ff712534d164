"""Machines that are not deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from schemas.errors import Reject
from sinks.vsphere.actions.destroy import Destroy
from sinks.vsphere.parameters.destroy import DestroyParameters
from tests.sinks.vsphere.acting import about, alert, opened
from tests.sinks.vsphere.actions.looking import exists
from tests.sinks.vsphere.actions.preparing import STAGE, carry
from tests.support.machine import power_off
from tests.support.told import tell

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack

DEVICES = "config.hardware.device"


@pytest.fixture
def expired(machine: Target) -> Target:
    carry(machine, "test")
    power_off(machine)
    return machine


def plan(machine: Target) -> Plan:
    return Destroy(DestroyParameters(category=STAGE, tag="test")).plan(machine, about(machine))


def test_a_machine_that_runs_is_not_deleted(machine: Target) -> None:
    carry(machine, "test")
    with pytest.raises(Reject, match="is not powered off"):
        plan(machine)


def test_a_machine_without_the_tag_is_not_deleted(machine: Target) -> None:
    power_off(machine)
    carry(machine, "prod")
    with pytest.raises(Reject, match=f"does not carry the tag {STAGE}/test: it is not deleted"):
        plan(machine)


@pytest.mark.parametrize(
    ("backing", "reason"),
    [
        ({"fileName": "[LocalDS_1] fcd/volume.vmdk"}, "lies in another folder"),
        ({"sharing": "sharingMultiWriter"}, "is shared by several writers"),
    ],
    ids=["volume", "shared"],
)
def test_a_disk_that_others_may_need_keeps_the_machine(
    expired: Target, monkeypatch: pytest.MonkeyPatch, backing: dict[str, Any], reason: str
) -> None:
    devices = properties.read(expired.session, expired.reference, [DEVICES])[DEVICES]
    (disk,) = (device for device in devices if isinstance(device, vim.vm.device.VirtualDisk))
    for name, value in backing.items():
        setattr(disk.backing, name, value)
    tell(monkeypatch, {expired.moref: {DEVICES: devices}})
    with pytest.raises(Reject, match=f"is not deleted: .* {reason}"):
        plan(expired)


async def test_one_that_an_event_names_by_its_name_is_deleted_once(
    vcenters: dict[str, VcenterConfig], expired: Target, govc: Govc
) -> None:
    given = alert(expired.name)
    async with opened(vcenters, action="destroy", parameters={"category": STAGE, "tag": "test"}) as sink:
        await sink.send(given)
        with pytest.raises(Reject, match="no virtual machine is called"):
            await sink.send(given)
    assert not exists(govc, expired, given)
