"""``action: lease``: have a virtual machine say until when it is wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pyVmomi import vim

from clients.vsphere import ownership
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import reconfiguration, state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.lease import LeaseParameters

OPTIONAL = (ownership.path(ownership.LEASE), ownership.path(ownership.OWNER))
"""Properties of a machine that somebody owns; one that was made by hand has neither."""


class Lease:
    """Writes the end of a machine's lease into its extra configuration, where expiry looks for it."""

    privileges: ClassVar = ("VirtualMachine.Config.AdvancedConfig",)
    verifiable: ClassVar = True

    def __init__(self, parameters: LeaseParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine says so already."""
        del event  # a machine that says so is as it should be, whoever has written it
        given, values = self._parameters, _read(target)
        owner = ownership.text(values, ownership.OWNER)
        if given.owner and owner != given.owner:
            whose = owner or "nobody that it names"
            raise Reject(f"{target} belongs to {whose}, not to {given.owner}: its lease stays as it is")
        found = ownership.text(values, ownership.LEASE) or ""
        if found == given.lease:
            return Plan(target, ())
        change = f"have its lease end {given.lease}" + (f", and not {found}" if found else "")
        return Plan(target, (change,), _spec(values, given.lease), {"lease": found, "written": given.lease})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The end from before, unless somebody has written another one since."""
        del event
        values = _read(target)
        found = ownership.text(values, ownership.LEASE) or ""
        if found == before["lease"]:
            return Plan(target, ())
        if found != before["written"]:
            raise Reject(f"{target}: somebody has set the end of its lease to {found or 'none'} since: it stays so")
        change = f"have its lease end {before['lease'] or 'never'} again"
        return Plan(target, (change,), _spec(values, before["lease"]))

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigVM_Task``."""
        return reconfiguration.start(plan)


def _read(target: Target) -> dict[str, Any]:
    return state.read(target, (), (*OPTIONAL, reconfiguration.VERSION))


def _spec(values: dict[str, Any], until: str) -> Any:
    """An empty value takes the key away."""
    return reconfiguration.spec(values, extraConfig=[vim.option.OptionValue(key=ownership.LEASE, value=until)])
