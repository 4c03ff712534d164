"""The devices of a new machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.target import moref
from schemas.errors import Reject
from sinks.vsphere.making import naming

if TYPE_CHECKING:
    from clients.vsphere.session import Session

CONTROLLER: Final = -1
DISK: Final = -2
ADAPTER: Final = -3
"""Keys that new devices have until the vCenter gives them their own."""

SWITCH: Final = "config.distributedVirtualSwitch"

Device = vim.vm.device
Backings = Device.VirtualEthernetCard
Spec = Device.VirtualDeviceSpec


class Network(NamedTuple):
    """A network that a machine can be on.

    Attributes:
        name: of it.
        backing: of an adapter that is on it.
    """

    name: str
    backing: Any


def network(session: Session, within: Any, name: str, sees: frozenset[str]) -> Network:
    """The network of that name, among those that some host sees.

    Args:
        session: of the vCenter.
        within: the datacenter.
        name: its name or moref.
        sees: morefs of what the hosts see.

    Raises:
        Reject: there is none, or several.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    known = naming.every(session, vim.Network, within=within)
    found = naming.only(
        known, name, "network", where="reach of its hosts", also=lambda each: moref(each.reference) in sees
    )
    if not isinstance(found.reference, vim.dvs.DistributedVirtualPortgroup):
        return Network(found.name, Backings.NetworkBackingInfo(deviceName=found.name, network=found.reference))
    values = properties.read(session, found.reference, ["key", SWITCH])
    if SWITCH not in values:
        raise Reject(f"vCenter {session.name} does not tell on which switch {found} is: may we see it?")
    uuid = properties.read(session, values[SWITCH], ["uuid"]).get("uuid")
    port = vim.dvs.PortConnection(portgroupKey=values.get("key"), switchUuid=uuid)
    return Network(found.name, Backings.DistributedVirtualPortBackingInfo(port=port))


def with_disk(size: int) -> list[Any]:
    """A controller, and on it one thin disk of ``size`` bytes."""
    controller = Device.VirtualLsiLogicController(key=CONTROLLER, busNumber=0, sharedBus="noSharing")
    backing = Device.VirtualDisk.FlatVer2BackingInfo(fileName="", diskMode="persistent", thinProvisioned=True)
    disk = Device.VirtualDisk(
        key=DISK, controllerKey=CONTROLLER, unitNumber=0, capacityInKB=size // 1024, backing=backing
    )
    made = Spec(operation=Spec.Operation.add, device=disk, fileOperation=Spec.FileOperation.create)
    return [Spec(operation=Spec.Operation.add, device=controller), made]


def adapter(network: Network, *, connected: bool) -> Any:
    """One adapter on a network."""
    device = Device.VirtualE1000(
        key=ADAPTER, addressType="generated", backing=network.backing, connectable=_standing(connected=connected)
    )
    return Spec(operation=Spec.Operation.add, device=device)


def cloned(devices: list[Any], *, connected: bool) -> list[Any]:
    """The changes of a clone after which its adapters stand so, now and after its next power-on.

    What only one adapter may have is not given to the clone as well: an address, or a port of a distributed switch.

    Args:
        devices: of what is cloned.
        connected: whether they are connected.
    """
    changes = []
    for device in devices:
        if isinstance(device, Device.VirtualEthernetCard):
            copy = type(device)(
                key=device.key,
                controllerKey=device.controllerKey,
                unitNumber=device.unitNumber,
                backing=_anew(device.backing),
                addressType="generated",
                connectable=_standing(connected=connected),
            )
            changes.append(Spec(operation=Spec.Operation.edit, device=copy))
    return changes


def _anew(backing: Any) -> Any:
    port = getattr(backing, "port", None)
    if port is None or port.portgroupKey is None:
        return backing
    free = vim.dvs.PortConnection(portgroupKey=port.portgroupKey, switchUuid=port.switchUuid)
    return Backings.DistributedVirtualPortBackingInfo(port=free)


def _standing(*, connected: bool) -> Any:
    return Device.VirtualDevice.ConnectInfo(startConnected=connected, connected=connected, allowGuestControl=True)
