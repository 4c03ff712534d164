"""The network adapters of a machine, and their two switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from sinks.vsphere.machine import reconfiguration

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICES: Final = "config.hardware.device"


class Switches(NamedTuple):
    """The two switches of an adapter: "Connected" and "Connect At Power On"."""

    connected: bool
    at_power_on: bool


def switches(adapter: Any) -> Switches | None:
    """How they stand; None when the adapter does not tell."""
    state = adapter.connectable
    return None if state is None else Switches(bool(state.connected), bool(state.startConnected))


def switch(values: dict[str, Any], wanted: Callable[[Any], Switches | None]) -> tuple[list[str], Any]:
    """Set the switches of all adapters that need it.

    Args:
        values: with ``DEVICES`` and ``reconfiguration.VERSION``, as they were read.
        wanted: how an adapter's switches should stand; None where it is well as it is.

    Returns:
        The adapters that are changed, as the vCenter shows them, and the ``ConfigSpec`` for all of them.
    """
    labels, changes = [], []
    for adapter in values[DEVICES]:
        if isinstance(adapter, vim.vm.device.VirtualEthernetCard) and (setting := wanted(adapter)) is not None:
            labels.append(_label(adapter))
            changes.append(_set(adapter, setting))
    return labels, reconfiguration.spec(values, deviceChange=changes)


def _set(adapter: Any, setting: Switches) -> Any:
    state = adapter.connectable or vim.vm.device.VirtualDevice.ConnectInfo(allowGuestControl=False)
    state.connected, state.startConnected = setting
    adapter.connectable = state
    return vim.vm.device.VirtualDeviceSpec(
        operation=vim.vm.device.VirtualDeviceSpec.Operation.edit,
        device=adapter,
    )


def _label(adapter: Any) -> str:
    described = adapter.deviceInfo
    return str(described.label) if described is not None else f"adapter {adapter.key}"
