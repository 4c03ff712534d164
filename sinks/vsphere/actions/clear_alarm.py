"""``action: clear-alarm``: have an alarm green again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from pyVmomi import vim

from clients.vsphere.faults import translated
from clients.vsphere.kinds import HOST, MACHINE
from clients.vsphere.target import moref
from schemas.errors import Reject
from sinks.vsphere import alarms
from sinks.vsphere.actions.base import Plan

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.alarms import Triggered
    from sinks.vsphere.parameters.alarm import AlarmParameters

NAMED: Final = 3
"""Other alarms that a refusal names."""

_FILTERS: Final = {MACHINE: "entityTypeVm", HOST: "entityTypeHost"}


class ClearAlarm:
    """Clears one alarm of one object, if no other alarm would be cleared with it.

    vSphere clears alarms by colour and kind of object in the whole vCenter, not one by one. So it is refused while
    another alarm of the same colour is triggered by an object of the same kind. One that is triggered between the last
    look and the call is cleared, too; one whose cause persists is triggered again.
    """

    privileges: ClassVar = ("Alarm.SetStatus",)
    verifiable: ClassVar = True

    def __init__(self, parameters: AlarmParameters) -> None:
        self._alarm = parameters.alarm

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the alarm is triggered, and which others would go with it."""
        found = alarms.meant(target, event, self._alarm)
        if found is None:
            return Plan(target, ())
        everywhere = alarms.triggered(target.session, target.session.content.rootFolder)
        if not any(_is(each, found) for each in everywhere):
            raise Reject(f"{target}: we do not see the alarms at the root, which may be cleared with {found.name}")
        others = [each for each in everywhere if _goes_with(each, found)]
        if others:
            named = ", ".join(f"{each.name} of {moref(each.entity)}" for each in others[:NAMED])
            more = f" and {len(others) - NAMED} more" if len(others) > NAMED else ""
            raise Reject(f"{target}: clearing {found.name} would clear {named}{more} as well: clear it by hand")
        wanted = vim.alarm.AlarmFilterSpec(
            status=[found.status], typeEntity=_entities(found), typeTrigger="triggerTypeAll"
        )
        return Plan(target, (f"clear the alarm {found.name}",), wanted)

    def start(self, plan: Plan) -> None:
        """One ``ClearTriggeredAlarms``, for which vSphere has no task."""
        with translated(plan.target.session.name):
            plan.target.session.content.alarmManager.ClearTriggeredAlarms(filter=plan.spec)


def _is(other: Triggered, found: Triggered) -> bool:
    return (moref(other.alarm), moref(other.entity)) == (moref(found.alarm), moref(found.entity))


def _goes_with(other: Triggered, found: Triggered) -> bool:
    if _is(other, found):
        return False
    everything = _entities(found) == "entityTypeAll"
    return other.status == found.status and (everything or _entities(other) == _entities(found))


def _entities(found: Triggered) -> Any:
    return _FILTERS.get(str(found.entity._wsdlName), "entityTypeAll")  # noqa: SLF001 - pyvmomi's place for it
