"""Whether a machine runs, and whether its guest listens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere import task
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.errors import DeliveryError

POWER: Final = "runtime.powerState"
TOOLS: Final = "guest.toolsRunningStatus"

ON: Final = vim.VirtualMachine.PowerState.poweredOn
OFF: Final = vim.VirtualMachine.PowerState.poweredOff
SUSPENDED: Final = vim.VirtualMachine.PowerState.suspended

_SILENT: Final = vim.vm.GuestInfo.ToolsRunningStatus.guestToolsNotRunning


def read(target: Target) -> dict[str, Any]:
    """``POWER`` of a machine, and ``TOOLS`` where they are known; errors as for ``state.read``."""
    return state.read(target, [POWER], [TOOLS])


def check_on(target: Target, values: dict[str, Any]) -> None:
    """Return if the machine runs.

    Raises:
        Reject: it does not.
    """
    if values[POWER] != ON:
        what = "suspended" if values[POWER] == SUSPENDED else "powered off"
        raise Reject(f"{target} is {what}: nothing runs there (power-on starts it)")


def check_tools(target: Target, values: dict[str, Any], *, instead: str, error: type[DeliveryError] = Reject) -> None:
    """Return if VMware Tools run in the machine, so that its guest can be asked for something.

    Args:
        target: the machine.
        values: what ``read`` has found.
        instead: what does without them, as an imperative.
        error: what is raised otherwise.

    Raises:
        DeliveryError: they do not run.
    """
    if values.get(TOOLS, _SILENT) in {_SILENT, ""}:
        raise error(f"VMware Tools do not run in {target}: start them there, or {instead}")


def start(plan: Plan) -> Any:
    """One ``PowerOnVM_Task`` or ``PowerOffVM_Task``, as the plan's spec says: ``ON`` or ``OFF``; as ``task.start``."""
    machine = plan.target.reference
    return task.start(plan.target.session, machine.PowerOnVM_Task if plan.spec == ON else machine.PowerOffVM_Task)


def undo(target: Target, before: Mapping[str, Any], *, since: str) -> Plan:
    """The way back to the power state ``before``, of a machine that is still as ``since`` says.

    Raises:
        Reject: it was suspended, which cannot be brought back; or somebody has suspended it since.
    """
    found, wanted = str(read(target)[POWER]), before.get(POWER)
    if found == wanted:
        return Plan(target, ())
    if wanted not in {ON, OFF} or found != since:
        raise Reject(f"{target} was {wanted} and is {found}: nothing brings that back")
    return Plan(target, ("power it on again" if wanted == ON else "power it off again",), spec=wanted)
