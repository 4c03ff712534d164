"""What actions are about, as govc sees it, or a stand-in where simulators know nothing of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pyVmomi import vim

from clients.vsphere.faults import VsphereFault
from clients.vsphere.kinds import DATASTORE
from clients.vsphere.target import find
from tests.sinks.vsphere.actions.preparing import MADE, MARK
from tests.support.alarms import AlarmManager
from tests.support.machine import finish

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from tests.support.govc import Govc


def value(govc: Govc, target: Target, path: str) -> Any:
    """A property of the object."""
    return govc.read(target.reference._wsdlName, target.moref, path)


def power(govc: Govc, target: Target, _: CloudEvent) -> Any:
    """Its power state."""
    return value(govc, target, "runtime.powerState")


def switches(govc: Govc, target: Target, _: CloudEvent) -> list[tuple[bool, bool]]:
    """``(connected, startConnected)`` of every adapter."""
    states = [
        device["connectable"] for device in value(govc, target, "config.hardware.device") if "macAddress" in device
    ]
    return [(state["connected"], state["startConnected"]) for state in states]


def size(govc: Govc, target: Target, _: CloudEvent) -> tuple[int, int]:
    """CPUs and MB."""
    hardware = value(govc, target, "config.hardware")
    return hardware["numCPU"], hardware["memoryMB"]


def snapshots(govc: Govc, target: Target, event: CloudEvent) -> list[str]:
    """Names of its snapshots, with EVENT for the id of the event."""
    left = list((value(govc, target, "snapshot") or {}).get("rootSnapshotList", ()))
    names = []
    while left:
        tree = left.pop()
        names.append(tree["name"].replace(event.id, "EVENT"))
        left += tree.get("childSnapshotList") or ()
    return names


def attributes(govc: Govc, target: Target, _: CloudEvent) -> list[str]:
    """Values of its custom attributes."""
    return [each["value"] for each in value(govc, target, "customValue") or ()]


def booted_since(govc: Govc, target: Target, event: CloudEvent) -> bool:
    """Whether it was powered on after the event."""
    booted = datetime.fromisoformat(value(govc, target, "summary.runtime.bootTime"))
    return booted > datetime.fromisoformat(event.time or "")


def stores(govc: Govc, target: Target, _: CloudEvent) -> list[str]:
    """Names of its datastores."""
    return [govc.read("Datastore", each["value"], "name") for each in value(govc, target, "datastore")]


def host(govc: Govc, target: Target, _: CloudEvent) -> Any:
    """Name of its host."""
    return govc.read("HostSystem", value(govc, target, "runtime.host")["value"], "name")


def in_maintenance(govc: Govc, target: Target, _: CloudEvent) -> Any:
    """Whether a host is."""
    return value(govc, target, "runtime.inMaintenanceMode")


def made(govc: Govc, _: Target, __: CloudEvent) -> tuple[int, int, str, str, list[bool]] | None:
    """CPUs, MB, owner, power, and which adapters are connected, of the machine that is made; None when it is not."""
    paths = ("name", "config.hardware", "config.extraConfig", "runtime.powerState")
    for found in govc.read_all("VirtualMachine", *paths):
        if found["name"] != MADE["name"]:
            continue
        hardware, extra = (found[path].get("_value", found[path]) for path in paths[1:3])
        written = {each["key"]: each["value"] for each in extra if each["key"].startswith("reflexarc.")}
        assert {f"reflexarc.{each}" for each in ("owner", "lease", "action")} == written.keys()
        states = [each["connectable"]["connected"] for each in hardware["device"] if "macAddress" in each]
        power_state = found["runtime.powerState"]
        return hardware["numCPU"], hardware["memoryMB"], written["reflexarc.owner"], power_state, states
    return None


def lease(govc: Govc, target: Target, _: CloudEvent) -> str | None:
    """Until when it is wanted, as its extra configuration says; None when it does not."""
    extra = value(govc, target, "config.extraConfig") or ()
    return next((each["value"] for each in extra if each["key"] == "reflexarc.lease"), None) or None


def holds(store: Target, folder: str) -> bool:
    """Whether a folder is there; govc looks into datastores with the calls that we use as well."""
    browser = store.session.content.rootFolder.childEntity[0].datastoreFolder
    found = next(each for each in browser.childEntity if each.name == store.name)
    spec = vim.host.DatastoreBrowser.SearchSpec(matchPattern=["*"])
    try:
        looked = finish(store.session, found.browser.SearchDatastore_Task(f"[{store.name}] {folder}", spec))
    except VsphereFault:
        return False
    return bool(looked.file)


def registered_and_away(govc: Govc, machine: Target, _: CloudEvent) -> tuple[bool, bool]:
    """Whether a machine of its name is in the inventory, and whether its files are in quarantine."""
    names = {each["name"] for each in govc.read_all("VirtualMachine", "name")}
    stores = [find([machine.session], name, DATASTORE) for name in ("LocalDS_0", "LocalDS_1")]
    folder = f"reflexarc-quarantine/{MARK}-{machine.name}"
    return machine.name in names, any(holds(store, folder) for store in stores)


def exists(govc: Govc, target: Target, _: CloudEvent) -> bool:
    """Whether it is in the folder of the machines."""
    folder = target.session.content.rootFolder.childEntity[0].vmFolder
    return target.moref in {each["value"] for each in govc.read("Folder", folder._moId, "childEntity")}


def switched(_: Govc, target: Target, __: CloudEvent) -> bool:
    """Whether its alarms do anything, as the stand-in has it: simulators have no such switch for govc to see."""
    return target.moref not in AlarmManager.installed().off


def alarm(govc: Govc, target: Target, _: CloudEvent) -> list[tuple[str, bool]]:
    """Colour of each alarm that it has triggered, and whether somebody has acknowledged it."""
    found = value(govc, target, "triggeredAlarmState") or ()
    return [(each["overallStatus"], each["acknowledged"]) for each in found]
