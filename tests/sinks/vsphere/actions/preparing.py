"""Machines and hosts with something to do."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.faults import VsphereFault
from clients.vsphere.kinds import DATASTORE, HOST
from clients.vsphere.target import NoSingleTarget, find
from sinks.vsphere.machine import files
from tests.support.inventory import TagDesk
from tests.support.machine import finish, power_off

if TYPE_CHECKING:
    from clients.vsphere.target import Target


def on_first_host(machine: Target) -> None:
    """A machine on the first host of the cluster."""
    first = find([machine.session], "DC0_C0_H0", HOST).reference
    finish(machine.session, machine.reference.RelocateVM_Task(vim.vm.RelocateSpec(host=first)))


def leave_maintenance(host: Target) -> None:
    """As it was found."""
    finish(host.session, host.reference.ExitMaintenanceMode_Task(timeout=0))


MARK = "0123456789abcdef"
"""The id of an action."""

MADE = {
    "name": 'made "by us" [o\'r so]',
    "mark": MARK,
    "owner": "Anna O'Neil",
    "lease": "2026-12-24T18:00:00Z",
    "headroom": 0,
    "headroom_percent": 0,
}
"""A machine that is still to be made; its name is plain text, whatever is in it."""


def unmake(folder: Target) -> None:
    """Without that machine, if there is one."""
    with suppress(NoSingleTarget):
        machine = find([folder.session], str(MADE["name"]))
        power_off(machine)
        finish(folder.session, machine.reference.Destroy_Task())


def place(machine: Target) -> str:
    """Where its file lies."""
    return str(properties.read(machine.session, machine.reference, [files.PATH])[files.PATH])


def put(store: Target, folder: str) -> None:
    """A folder with something in it."""
    manager, datacenter = store.session.content.fileManager, store.session.content.rootFolder.childEntity[0]
    manager.MakeDirectory(f"[{store.name}] {folder}/inside", datacenter, createParentDirectories=True)


def wipe(store: Target, folder: str) -> None:
    """A datastore without that folder."""
    manager, datacenter = store.session.content.fileManager, store.session.content.rootFolder.childEntity[0]
    with suppress(VsphereFault):
        finish(store.session, manager.DeleteDatastoreFile_Task(f"[{store.name}] {folder}", datacenter))


def bring_back(machine: Target) -> None:
    """Datastores without a quarantine; the machine that was put there is gone with it."""
    for name in ("LocalDS_0", "LocalDS_1"):
        wipe(find([machine.session], name, DATASTORE), "reflexarc-quarantine")
    with suppress(NoSingleTarget):
        again = find([machine.session], machine.name)
        power_off(again)
        finish(machine.session, again.reference.Destroy_Task())


STAGE = "reflexarc-stage"
"""A category of which a machine has one tag at most."""


def carry(machine: Target, *tags: str) -> None:
    """A machine with tags of that category, which is made when it is not there."""
    with closing(TagDesk(machine.session.config)) as desk:
        made = desk.known(STAGE) or desk.make_all(STAGE, ("test", "prod", "other"), cardinality="SINGLE")
        for tag in tags:
            desk.tie("attach", made[tag], machine.reference)


def take(machine: Target, *names: str) -> None:
    """Snapshots, one upon the other."""
    for name in names:
        started = machine.reference.CreateSnapshot_Task(name=name, description="", memory=False, quiesce=False)
        finish(machine.session, started)


SIZES = {"numCPU": ("1", "2", "3", "4", "8"), "memoryMB": ("1024", "2048", "4096", "8192", "16384")}
"""Tags as generators make them."""


def sizes(machine: Target, **tags: str) -> None:
    """A machine whose tags say a size; the categories are made when they are not there."""
    with closing(TagDesk(machine.session.config)) as desk:
        for name, presets in {**SIZES, "numCoresPerSocket": ("1", "2")}.items():
            category = f"config.hardware.{name}"
            made = desk.known(category) or desk.make_all(category, presets, cardinality="SINGLE")
            if name in tags:
                desk.tie("attach", made[tags[name]], machine.reference)


def off_and_expired(machine: Target) -> None:
    """A machine that is off and may be deleted."""
    power_off(machine)
    carry(machine, "test")


def off_and_tagged(machine: Target) -> None:
    """A machine that was powered off, and should be larger when it runs again."""
    power_off(machine)
    sizes(machine, numCPU="2", memoryMB="4096")
