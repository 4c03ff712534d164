"""The network adapters of a machine, and their two switches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import power, reconfiguration, state
from sinks.vsphere.machine.mobility import label

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from clients.vsphere.target import Target

DEVICES: Final = "config.hardware.device"
ADAPTERS: Final = "adapters"


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
        if _is_adapter(adapter) and (setting := wanted(adapter)) is not None:
            labels.append(label(adapter))
            changes.append(_set(adapter, setting))
    return labels, reconfiguration.spec(values, deviceChange=changes)


def recorded(values: dict[str, Any]) -> dict[str, list[bool]]:
    """How the switches of each adapter stand, by its key; JSON."""
    found = ((each.key, switches(each)) for each in values[DEVICES] if _is_adapter(each))
    return {str(key): [*standing] for key, standing in found if standing is not None}


def undo(target: Target, before: Mapping[str, Any], *, ours: Callable[[Switches], bool]) -> Plan:
    """Bring the switches back to ``before``, of adapters that still stand as the action has left them.

    Args:
        target: the machine; unless it runs, nothing in it can be connected before its next power-on.
        before: with what ``recorded`` has found before, below ``ADAPTERS``.
        ours: whether an adapter stands as the action has left it.

    Raises:
        Reject: every adapter that does not stand as it did has been switched by somebody else.
    """
    values = state.read(target, [DEVICES, power.POWER], [reconfiguration.VERSION])
    runs = values[power.POWER] == power.ON
    left = []

    def wanted(adapter: Any) -> Switches | None:
        given, found = before[ADAPTERS].get(str(adapter.key)), switches(adapter)
        if given is None or found is None:
            return None
        stood = Switches(*given)
        goal = stood._replace(connected=stood.connected and (runs or found.connected))
        if found == goal:
            return None
        if not ours(found):
            left.append(label(adapter))
            return None
        return goal

    labels, spec = switch(values, wanted)
    if left and not labels:
        raise Reject(f"{target}: somebody has switched {', '.join(left)} since: nothing is brought back")
    return Plan(
        target,
        tuple(f"switch {label} back" for label in labels),
        spec,
        left=tuple(f"{label} was switched by somebody else since" for label in left),
    )


def _is_adapter(device: Any) -> bool:
    return isinstance(device, vim.vm.device.VirtualEthernetCard)


def _set(adapter: Any, setting: Switches) -> Any:
    state = adapter.connectable or vim.vm.device.VirtualDevice.ConnectInfo(allowGuestControl=False)
    state.connected, state.startConnected = setting
    adapter.connectable = state
    return vim.vm.device.VirtualDeviceSpec(
        operation=vim.vm.device.VirtualDeviceSpec.Operation.edit,
        device=adapter,
    )
