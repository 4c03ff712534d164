"""How the crisis finds machines before, and what the vCenter says of them afterwards; by pyvmomi alone."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.target import Target, find
from ops.demo import simulators

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.vsphere.session import Session

READY_WITHIN: Final = 60.0

POWER_ONS: Final = "VmPoweredOnEvent"
POWER_OFFS: Final = "VmPoweredOffEvent"
CHANGES: Final = "VmReconfiguredEvent"


def chosen(session: Session, numbers: Iterable[int]) -> list[Target]:
    """Machines by their numbers in the order of names."""
    wanted = list(numbers)
    names = simulators.machine_names(session, max(wanted) + 1)
    return [find([session], names[number]) for number in wanted]


def allow_hot_add(machines: Iterable[Target]) -> None:
    """Have them take CPUs while they run."""
    spec = vim.vm.ConfigSpec(cpuHotAddEnabled=True)
    begun = [(machine, machine.reference.ReconfigVM_Task(spec)) for machine in machines]
    for machine, reference in begun:
        task.wait(machine.session, reference, deadline=time.monotonic() + READY_WITHIN)


def cpus(machine: Target) -> int:
    """Its virtual CPUs."""
    return int(_read(machine, "config.hardware.numCPU"))


def datastores(machine: Target) -> str:
    """Where its files are."""
    found = _read(machine, "datastore")
    return ", ".join(row.values["name"] for row in properties.read_each(machine.session, found, ["name"]))


def home(machine: Target) -> Target:
    """The first datastore that it is on."""
    (first, *_) = properties.read_each(machine.session, _read(machine, "datastore"), ["name"])
    return Target(machine.session, first.reference, first.values["name"])


def headroom(store: Target, machines: Iterable[Target]) -> int:
    """Bytes that should be free of a datastore for two of these machines to have to leave it, and no third."""
    free = int(_read(store, "summary.freeSpace"))
    return free + 3 * max(int(_read(machine, "summary.storage").committed) for machine in machines) // 2


def is_cut_off(machine: Target) -> bool:
    """Whether none of its adapters is connected, now or after a power-on."""
    return not any(map(any, simulators.connections(machine.session, machine.name)))


def counted(machine: Target, event: str, after: int) -> int:
    """Its events of a class with keys above ``after``."""
    return list(simulators.event_keys(machine.session, event, after).values()).count(machine.name)


def is_busy(machine: Target) -> bool:
    """Whether a task of it runs at this moment."""
    tasks = properties.read(machine.session, machine.session.content.taskManager, ["recentTask"]).get("recentTask", ())
    infos = [row.values["info"] for row in properties.read_each(machine.session, tasks, ["info"])]
    return any(info.entity == machine.reference and info.state == "running" for info in infos)


def _read(machine: Target, path: str) -> Any:
    return properties.read(machine.session, machine.reference, [path])[path]
