"""``action: preempt``: have a virtual machine give way to more important ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.errors import Reject
from sinks.vsphere import tags, waiting
from sinks.vsphere.actions.guest_shutdown import GuestShutdown
from sinks.vsphere.actions.power_off import PowerOff

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.actions.base import Plan
    from sinks.vsphere.parameters.preempt import PreemptParameters


class Preempt:
    """Stops a machine that carries the tag: through its guest when there is time, otherwise at once."""

    def __init__(self, parameters: PreemptParameters) -> None:
        self._parameters = parameters
        self._stop = GuestShutdown() if parameters.criticality == "low" else PowerOff()

    @property
    def privileges(self) -> tuple[str, ...]:
        """Those of stopping it."""
        return self._stop.privileges

    @property
    def verifiable(self) -> bool:
        """As stopping it."""
        return self._stop.verifiable

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the machine runs, and carries the tag."""
        plan = self._stop.plan(target, event)
        if not plan.changes:
            return plan
        given, vcenter = self._parameters, target.session.name
        with tags.tagging(target.session) as service:
            wanted = tags.tag(tags.category(service, vcenter, given.category), vcenter, given.tag)
            if wanted not in tags.carried(service, target):
                raise Reject(f"{target} does not carry the tag {given.category}/{given.tag}: it need not give way")
        return plan

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """On again; asks for ``VirtualMachine.Interact.PowerOn``."""
        return self._stop.undo(target, before, event)

    def start(self, plan: Plan) -> Any | None:
        """As ``guest-shutdown`` or ``power-off``."""
        return self._stop.start(plan)

    def wait(self, target: Target, started: Any | None, *, deadline: float) -> None:
        """Likewise."""
        waiting.wait(self._stop, target, started, deadline=deadline)
