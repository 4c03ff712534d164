"""Virtual machines of a simulator, made for one test each."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.faults import NOT_FOUND, VsphereFault
from clients.vsphere.target import Target, find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session

MODEL = "DC0_C0_RP0_VM1"
"""Of every simulator from its start; has one network adapter, one CPU and 32 MB."""

TOOLS = "SET.guest.toolsRunningStatus"
"""The simulators take this key of the extra configuration for the property itself."""


@contextmanager
def machine_of_its_own(session: Session) -> Iterator[Target]:
    """A machine that runs, with VMware Tools and hot-add, until the end of the body."""
    model = find([session], MODEL)
    values = properties.read(session, model.reference, ["parent", "resourcePool", "datastore"])
    place = vim.vm.RelocateSpec(pool=values["resourcePool"], datastore=values["datastore"][0])
    name = f"own-{uuid.uuid4().hex[:10]}"
    spec = vim.vm.CloneSpec(location=place, powerOn=False, template=False)
    made = finish(session, model.reference.CloneVM_Task(folder=values["parent"], name=name, spec=spec))
    target = Target(session, made, name)
    reconfigure(
        target,
        cpuHotAddEnabled=True,
        memoryHotAddEnabled=True,
        numCPUs=1,
        memoryMB=1024,
        extraConfig=[vim.option.OptionValue(key=TOOLS, value="guestToolsRunning")],
    )
    power_on(target)
    connect(target, connected=True)
    try:
        yield target
    finally:
        if not gone(target):
            if properties.read(session, made, ["config.template"]).get("config.template"):
                made.MarkAsVirtualMachine(values["resourcePool"])
            power_off(target)
            finish(session, made.Destroy_Task())


def gone(target: Target) -> bool:
    """Whether it has been deleted."""
    try:
        properties.read(target.session, target.reference, ["name"])
    except VsphereFault as fault:
        return fault.fault == NOT_FOUND
    return False


def finish(session: Session, started: Any) -> Any:
    """The result of a task."""
    return task.wait(session, started, deadline=monotonic() + 10)


def reconfigure(target: Target, **fields: Any) -> None:
    """Change fields of a ``ConfigSpec``."""
    finish(target.session, target.reference.ReconfigVM_Task(vim.vm.ConfigSpec(**fields)))


def power(target: Target) -> str:
    """The power state."""
    return str(properties.read(target.session, target.reference, ["runtime.powerState"])["runtime.powerState"])


def power_on(target: Target) -> None:
    """Have it run."""
    if power(target) != "poweredOn":
        finish(target.session, target.reference.PowerOnVM_Task())


def power_off(target: Target) -> None:
    """Have it off."""
    if power(target) != "poweredOff":
        finish(target.session, target.reference.PowerOffVM_Task())


def adapters(target: Target) -> list[Any]:
    """Its network adapters."""
    path = "config.hardware.device"
    devices = properties.read(target.session, target.reference, [path])[path]
    return [device for device in devices if isinstance(device, vim.vm.device.VirtualEthernetCard)]


def connect(target: Target, *, connected: bool) -> None:
    """Turn both switches of every adapter."""
    changes = []
    for adapter in adapters(target):
        adapter.connectable.connected = adapter.connectable.startConnected = connected
        changes.append(vim.vm.device.VirtualDeviceSpec(operation="edit", device=adapter))
    reconfigure(target, deviceChange=changes)


def tools(target: Target, *, running: bool) -> None:
    """Start or stop VMware Tools, as far as the vCenter knows."""
    state = "guestToolsRunning" if running else "guestToolsNotRunning"
    reconfigure(target, extraConfig=[vim.option.OptionValue(key=TOOLS, value=state)])
