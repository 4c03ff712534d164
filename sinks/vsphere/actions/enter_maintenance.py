"""``action: enter-maintenance``: have a host without machines, so that people can work on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.faults import NOT_FOUND, VsphereFault
from clients.vsphere.target import moref
from schemas.errors import Reject, Retry
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.cluster import admission, hosts
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.cluster.hosts import Host
    from sinks.vsphere.parameters.maintenance import EnterMaintenanceParameters

MAINTENANCE: Final = "runtime.inMaintenanceMode"
CONNECTION: Final = "runtime.connectionState"
ENTERING: Final = "enterMaintenanceMode"
EXIT: Final = "exit"


class EnterMaintenance:
    """Puts a host into maintenance mode if its cluster can spare it: one host of a cluster at a time.

    The vCenter gives it up after ``within``; whoever stops waiting earlier cancels it.
    """

    privileges: ClassVar = ("Host.Config.Maintenance",)
    verifiable: ClassVar = True

    def __init__(self, parameters: EnterMaintenanceParameters) -> None:
        self._parameters = parameters

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the host is in maintenance, and if not, whether its cluster can do without it."""
        del event  # a host in maintenance is as it should be, whoever has put it there
        values = state.read(target, [MAINTENANCE, CONNECTION])
        if values[MAINTENANCE]:
            return Plan(target, ())
        if values[CONNECTION] != "connected":
            raise Reject(f"{target} is {values[CONNECTION]}: nothing can be moved away from it")
        known = hosts.beside(target.session, target.reference)
        own = known.pop(moref(target.reference))
        self._check(target, own, list(known.values()))
        return Plan(target, ("put it into maintenance",), before={MAINTENANCE: False})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """Out of maintenance, if it is still there."""
        del before, event
        if not state.read(target, [MAINTENANCE])[MAINTENANCE]:
            return Plan(target, ())
        return Plan(target, ("take it out of maintenance",), EXIT)

    def start(self, plan: Plan) -> Any:
        """One ``EnterMaintenanceMode_Task``; back, one ``ExitMaintenanceMode_Task``."""
        host, given = plan.target.reference, self._parameters
        within = round(given.within)
        if plan.spec == EXIT:
            return task.start(plan.target.session, lambda: host.ExitMaintenanceMode_Task(timeout=within))
        mode = vim.vsan.host.DecommissionMode(objectAction=given.vsan) if given.vsan else None
        return task.start(
            plan.target.session,
            lambda: host.EnterMaintenanceMode_Task(
                timeout=within,
                evacuatePoweredOffVms=given.evacuate_powered_off,
                maintenanceSpec=vim.host.MaintenanceSpec(vsanMode=mode) if mode else None,
            ),
        )

    def abandon(self, target: Target, started: Any | None) -> None:
        """The host shall not go into maintenance at some time later."""
        if started is not None:
            task.cancel(target.session, started)

    def _check(self, target: Target, own: Host, others: list[Host]) -> None:
        if busy := [host.name for host in others if host.in_maintenance]:
            raise Reject(f"{', '.join(busy)} of the same cluster is in maintenance already: {target} stays")
        if entering := _entering(target, others):
            raise Reject(f"{', '.join(entering)} of the same cluster is entering maintenance: {target} stays")
        parent = properties.read(target.session, target.reference, ["parent"]).get("parent")
        if not isinstance(parent, vim.ClusterComputeResource):
            return
        ready = [host for host in others if host.ready]
        if not ready:
            raise Reject(f"no other host of its cluster is ready to take the machines of {target}")
        # Whole objects: what is asked for stands in classes derived from the declared ones.
        values = properties.read(target.session, parent, ["configurationEx", "summary"])
        config, summary = values.get("configurationEx"), values.get("summary")
        vsan = getattr(config, "vsanConfigInfo", None)
        if vsan is not None and vsan.enabled and self._parameters.vsan is None:
            raise Reject(f"the cluster of {target} has vSAN: say in parameters.vsan what becomes of the host's data")
        das = getattr(config, "dasConfig", None)
        if das is None or not das.enabled or das.admissionControlEnabled is False:
            return
        info = getattr(summary, "admissionControlInfo", None)
        if (why := admission.objection(das.admissionControlPolicy, info, own, ready)) is not None:
            raise Reject(f"the cluster of {target} cannot spare it: {why}")


def _entering(target: Target, others: Iterable[Host]) -> list[str]:
    """Names of the hosts that are on their way into maintenance; costs a call, and one for each host with tasks."""
    rows = properties.read_each(target.session, [host.reference for host in others], ["name", "recentTask"])
    return [str(row.values.get("name")) for row in rows if _has_begun(target.session, row.values.get("recentTask", ()))]


def _has_begun(session: Session, tasks: Iterable[Any]) -> bool:
    try:
        found = properties.read_each(session, list(tasks), ["info.state", "info.descriptionId"])
    except VsphereFault as fault:
        if fault.fault != NOT_FOUND:
            raise
        raise Retry("a vCenter forgets tasks: one was gone when it was to be read") from fault
    return any(
        each.values.get("info.state") in {"running", "queued"}
        and str(each.values.get("info.descriptionId", "")).endswith(ENTERING)
        for each in found
    )
