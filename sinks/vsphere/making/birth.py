"""What a machine that one of our actions has made is known by, and how it is taken away again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere import history, ownership, task
from clients.vsphere.target import named
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import files, mobility, power, state
from sinks.vsphere.making import naming

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from clients.vsphere.target import Target
    from sinks.vsphere.parameters.making import MakingParameters

WORDS: Final = ("folder.createvm", "virtualmachine.clone", "virtualmachine.destroy")
"""How the ids of tasks begin that make a machine, or take one away."""


@dataclass(frozen=True, slots=True)
class Removal:
    """What an undo asks for.

    Attributes:
        reference: the machine.
    """

    reference: Any


def made(folder: Target, within: Any, given: MakingParameters) -> bool:
    """Whether the machine is there already, whatever it is called by now.

    Args:
        folder: where it goes.
        within: the datacenter of it.
        given: its name, and what it is known by.

    Raises:
        Reject: another machine has that name.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    known = naming.every(folder.session, vim.VirtualMachine, [ownership.path(ownership.ACTION)], within=within)
    if _marked(known, given.mark):
        return True
    if others := [each for each in known if each.name.casefold() == given.name.casefold()]:
        raise Reject(f"VM {given.name} Already Exists: {named(others)}: choose another name")
    return False


def written(given: MakingParameters) -> list[Any]:
    """The extra configuration that the machine gets."""
    known = {ownership.ACTION: given.mark, ownership.OWNER: given.owner, ownership.LEASE: given.lease}
    return [vim.option.OptionValue(key=key, value=value) for key, value in known.items() if value]


def annotation(given: MakingParameters) -> str:
    """Its notes, for people."""
    whose = f" for {given.owner}" if given.owner else ""
    until = f", until {given.lease}" if given.lease else ""
    return f"Made by reflexarc{whose}{until} (action {given.mark})."


def before(given: MakingParameters) -> dict[str, str]:
    """What ``undo`` has to know."""
    return {"name": given.name, "mark": given.mark}


def undo(folder: Target, within: Any, before: Mapping[str, Any]) -> Plan:
    """Delete what was made, as long as it has the mark and is off.

    Raises:
        Reject: it runs, or others need a part of it.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    known = naming.every(folder.session, vim.VirtualMachine, [ownership.path(ownership.ACTION)], within=within)
    found = _marked(known, str(before["mark"]))
    if not found:
        return Plan(folder, ())
    if len(found) > 1:
        raise Reject(f"more than one machine has the mark {before['mark']}: {named(found)}: nothing is deleted")
    machine = folder._replace(reference=found[0].reference, name=found[0].name)
    values = state.read(machine, [power.POWER, mobility.DEVICES, files.PATH], [mobility.SNAPSHOTS])
    if values[power.POWER] != power.OFF:
        raise Reject(f"{machine} is not powered off: power-off stops it")
    if reasons := [*mobility.shared(values), *files.elsewhere(values)]:
        raise Reject(f"{machine} is not deleted: {', '.join(reasons)}: detach what others need first")
    return Plan(folder, (f"delete {machine} with its disks",), Removal(machine.reference))


def remove(plan: Plan) -> Any:
    """One ``Destroy_Task``, of a plan of ``undo``."""
    return task.start(plan.target.session, plan.spec.reference.Destroy_Task)


def goes_on(folder: Target, since: float) -> bool:
    """Whether what was asked for since then may still be under way: the vCenter does not say what will come of it."""
    return history.goes_on(folder.session, WORDS, since=since)


def _marked(known: Sequence[naming.Known], mark: str) -> list[naming.Known]:
    return [each for each in known if ownership.text(each.values, ownership.ACTION) == mark]
