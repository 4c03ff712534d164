"""``action: exit-maintenance``: have a host take machines again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from clients.vsphere import task
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.actions.enter_maintenance import MAINTENANCE
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.maintenance import ExitMaintenanceParameters


class ExitMaintenance:
    """Takes a host out of maintenance mode, whoever has put it there."""

    privileges: ClassVar = ("Host.Config.Maintenance",)
    verifiable: ClassVar = True

    def __init__(self, parameters: ExitMaintenanceParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the host is in maintenance."""
        del event  # a host that is not in maintenance is as it should be
        if not state.read(target, [MAINTENANCE])[MAINTENANCE]:
            return Plan(target, ())
        return Plan(target, ("take it out of maintenance",), before={MAINTENANCE: True})

    def start(self, plan: Plan) -> Any:
        """One ``ExitMaintenanceMode_Task``."""
        host, within = plan.target.reference, round(self._parameters.within)
        return task.start(plan.target.session, lambda: host.ExitMaintenanceMode_Task(timeout=within))
