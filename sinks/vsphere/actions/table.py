"""Every action there is: the one table from ``action`` in the configuration to a class and its parameters."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sinks.vsphere.parameters.custom_attribute import CustomAttributeParameters
from sinks.vsphere.parameters.none import NoParameters
from sinks.vsphere.parameters.scale import ScaleParameters
from sinks.vsphere.parameters.snapshot import SnapshotParameters

if TYPE_CHECKING:
    from schemas.config import Model
    from sinks.vsphere.actions.base import Action


class Entry(NamedTuple):
    """One action.

    Attributes:
        where: module and class; imported, with pyvmomi, only when the configuration names the action.
        parameters: what may stand below ``parameters`` in the configuration.
    """

    where: str
    parameters: type[Model] = NoParameters


ACTIONS: Final = {
    "connect-vnic": Entry("sinks.vsphere.actions.connect_vnic:ConnectVnic"),
    "custom-attribute": Entry("sinks.vsphere.actions.custom_attribute:CustomAttribute", CustomAttributeParameters),
    "disconnect-vnic": Entry("sinks.vsphere.actions.disconnect_vnic:DisconnectVnic"),
    "guest-reboot": Entry("sinks.vsphere.actions.guest_reboot:GuestReboot"),
    "guest-shutdown": Entry("sinks.vsphere.actions.guest_shutdown:GuestShutdown"),
    "hard-reset": Entry("sinks.vsphere.actions.hard_reset:HardReset"),
    "power-off": Entry("sinks.vsphere.actions.power_off:PowerOff"),
    "power-on": Entry("sinks.vsphere.actions.power_on:PowerOn"),
    "scale": Entry("sinks.vsphere.actions.scale:Scale", ScaleParameters),
    "snapshot": Entry("sinks.vsphere.actions.snapshot:Snapshot", SnapshotParameters),
}


def parameters(name: str) -> type[Model]:
    """The model of what the action called ``name`` may be told."""
    return ACTIONS[name].parameters


def build(name: str, given: Model) -> Action:
    """The action called ``name``, one of ``ACTIONS``.

    Args:
        name: which.
        given: an instance of its ``parameters``.
    """
    action = _load(name)
    built: Action = action(given) if type(given).model_fields else action()
    return built


def privileges(name: str, given: Model) -> tuple[str, ...]:
    """What the action called ``name``, told ``given``, asks for on a machine, beside reading it."""
    return build(name, given).privileges


def _load(name: str) -> Any:
    module, _, cls = ACTIONS[name].where.partition(":")
    return getattr(import_module(module), cls)
