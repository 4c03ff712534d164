"""``action: disconnect-vnic``: cut a virtual machine off the network, now and after its next power-on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.faults import translated
from sinks.vsphere.actions import Plan

if TYPE_CHECKING:
    from clients.vsphere.target import Target

DEVICES: Final = "config.hardware.device"
VERSION: Final = "config.changeVersion"


class DisconnectVnic:
    """Turns "Connected" and "Connect At Power On" off on every network adapter, in one task for all of them."""

    privileges: ClassVar = ("VirtualMachine.Config.EditDevice", "VirtualMachine.Interact.DeviceConnection")

    def plan(self, target: Target) -> Plan:
        """The adapters of the machine that are on, or would be after a power-on."""
        values = properties.read(target.session, target.reference, [DEVICES, VERSION])
        adapters = [device for device in values.get(DEVICES, ()) if _is_adapter(device) and _is_on(device)]
        spec = vim.vm.ConfigSpec(
            # The vCenter refuses the change if the machine was changed since it was read.
            changeVersion=values.get(VERSION),
            deviceChange=[_switched_off(adapter) for adapter in adapters],
        )
        return Plan(target, tuple(f"disconnect {_label(adapter)}" for adapter in adapters), spec)

    def apply(self, plan: Plan, *, deadline: float) -> None:
        """One ``ReconfigVM_Task``."""
        session = plan.target.session
        with translated(session.name):
            started = plan.target.reference.ReconfigVM_Task(plan.spec)
        task.wait(session, started, deadline=deadline)


def _is_adapter(device: Any) -> bool:
    return isinstance(device, vim.vm.device.VirtualEthernetCard)


def _is_on(adapter: Any) -> bool:
    state = adapter.connectable
    return state is None or bool(state.connected) or bool(state.startConnected)


def _switched_off(adapter: Any) -> Any:
    state = adapter.connectable or vim.vm.device.VirtualDevice.ConnectInfo(allowGuestControl=False)
    state.connected = False
    state.startConnected = False
    adapter.connectable = state
    return vim.vm.device.VirtualDeviceSpec(
        operation=vim.vm.device.VirtualDeviceSpec.Operation.edit,
        device=adapter,
    )


def _label(adapter: Any) -> str:
    described = adapter.deviceInfo
    return str(described.label) if described is not None else f"adapter {adapter.key}"
