"""What a clone gets of the adapters of its source, and what it does not."""

from __future__ import annotations

from typing import Any

import pytest
from pyVmomi import vim

from sinks.vsphere.making import devices

Device = vim.vm.device


def adapter(backing: Any) -> Any:
    return Device.VirtualVmxnet3(
        key=4000,
        controllerKey=100,
        unitNumber=7,
        backing=backing,
        addressType="manual",
        macAddress="00:50:56:00:00:01",
        connectable=Device.VirtualDevice.ConnectInfo(startConnected=True, connected=True, allowGuestControl=True),
    )


def on_switch(**port: str) -> Any:
    given = vim.dvs.PortConnection(switchUuid="switch", **port)
    return Device.VirtualEthernetCard.DistributedVirtualPortBackingInfo(port=given)


@pytest.mark.parametrize("connected", [True, False])
def test_an_adapter_keeps_its_class_and_its_place_and_gets_an_address_of_its_own(connected: bool) -> None:  # noqa: FBT001
    disk = Device.VirtualDisk(key=2000)
    (change,) = devices.cloned([disk, adapter(on_switch(portgroupKey="group"))], connected=connected)
    found = change.device
    assert ("edit", Device.VirtualVmxnet3, 4000, 100) == (change.operation, type(found), found.key, found.controllerKey)
    assert ("generated", None) == (found.addressType, found.macAddress)
    assert (connected, connected) == (found.connectable.connected, found.connectable.startConnected)


def test_a_port_that_another_one_is_at_is_not_taken() -> None:
    (change,) = devices.cloned([adapter(on_switch(portgroupKey="group", portKey="7"))], connected=False)
    port = change.device.backing.port
    assert ("switch", "group", None) == (port.switchUuid, port.portgroupKey, port.portKey)


def test_another_network_stays() -> None:
    backing = Device.VirtualEthernetCard.NetworkBackingInfo(deviceName="VM Network")
    (change,) = devices.cloned([adapter(backing)], connected=False)
    assert "VM Network" == change.device.backing.deviceName
