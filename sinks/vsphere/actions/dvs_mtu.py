"""``action: dvs-mtu``: have a distributed switch take frames of a certain size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere import task
from schemas.errors import Reject
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.dvs_mtu import DvsMtuParameters

# Whole: the size of frames stands in a class derived from the declared one.
CONFIG: Final = "config"


class DvsMtu:
    """Sets the switch's MTU, bound to the configuration that was read."""

    privileges: ClassVar = ("DVSwitch.Modify",)
    verifiable: ClassVar = True

    def __init__(self, parameters: DvsMtuParameters) -> None:
        self._mtu = parameters.mtu

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Which MTU the switch has."""
        del event  # a switch with that MTU is as it should be, whoever has set it
        found, version = _read(target)
        if found == self._mtu:
            return Plan(target, ())
        change = f"set its MTU from {found} to {self._mtu}"
        return Plan(target, (change,), _spec(self._mtu, version), {"from": found, "to": self._mtu})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The MTU from before, unless somebody has set another one since."""
        del event
        found, version = _read(target)
        if found == before["from"]:
            return Plan(target, ())
        if found != before["to"]:
            raise Reject(f"{target}: somebody has set its MTU to {found} since: it stays so")
        return Plan(target, (f"set its MTU back to {before['from']}",), _spec(before["from"], version))

    def start(self, plan: Plan) -> Any:
        """One ``ReconfigureDvs_Task``."""
        switch = plan.target.reference
        return task.start(plan.target.session, lambda: switch.ReconfigureDvs_Task(spec=plan.spec))


def _read(target: Target) -> tuple[int, str]:
    config = state.read(target, [CONFIG])[CONFIG]
    mtu = getattr(config, "maxMtu", None)
    if mtu is None:
        raise Reject(f"{target} is no switch of vSphere's own: it has no MTU")
    return int(mtu), str(config.configVersion)


def _spec(mtu: int, version: str) -> Any:
    return vim.dvs.VmwareDistributedVirtualSwitch.ConfigSpec(configVersion=version, maxMtu=mtu)
