"""Machines whose files lie on a datastore, and what moving them off it would free."""

from __future__ import annotations

from typing import Any, Final

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.target import Target, moref, shown_name
from sinks.vsphere.actions.base import Candidate
from sinks.vsphere.machine import datastores, mobility

NEEDED: Final = ("datastore", mobility.DEVICES)
_PATHS: Final = (*NEEDED, "name", mobility.FAULT_TOLERANCE, mobility.SNAPSHOTS, "summary.storage")


def residents(store: Target) -> tuple[Candidate, ...]:
    """The machines that have files of their own on a datastore, in the order of their ids.

    One that only has a disc of it in a drive is none of them. Costs a call, one more for each further page.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    rows = properties.read_held(store.session, store.reference, "vm", vim.VirtualMachine, _PATHS)
    found = (_candidate(Target(store.session, row.reference, _name(row)), row.values, store.moref) for row in rows)
    return tuple(sorted((each for each in found if each is not None), key=lambda each: each.target.moref))


def _candidate(target: Target, values: dict[str, Any], store: str) -> Candidate | None:
    if any(path not in values for path in NEEDED):
        return Candidate(target, 0, ("the vCenter does not tell where its files are",))
    used = {moref(each) for each in datastores.used(values)}
    if store not in used:
        return None
    spread = ["it has files on other datastores, too"] if len(used) > 1 else []
    return Candidate(target, datastores.size(values), (*spread, *mobility.anchored(values)))


def _name(row: properties.Row) -> str:
    return shown_name(row.values.get("name", moref(row.reference)))
