"""``action: acknowledge-alarm``: say that somebody knows of an alarm."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from clients.vsphere.faults import translated
from sinks.vsphere import alarms
from sinks.vsphere.actions.base import Plan

if TYPE_CHECKING:
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.alarm import AlarmParameters


class AcknowledgeAlarm:
    """Acknowledges one alarm of one object while it is triggered; vSphere takes that back only with the alarm."""

    privileges: ClassVar = ("Alarm.Acknowledge",)
    verifiable: ClassVar = True

    def __init__(self, parameters: AlarmParameters) -> None:
        self._alarm = parameters.alarm

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """Whether the alarm is triggered and nobody has acknowledged it."""
        found = alarms.meant(target, event, self._alarm)
        if found is None or found.acknowledged:
            return Plan(target, ())
        return Plan(target, (f"acknowledge the alarm {found.name}",), found.alarm)

    def start(self, plan: Plan) -> None:
        """One ``AcknowledgeAlarm``, for which vSphere has no task."""
        target = plan.target
        with translated(target.session.name):
            target.session.content.alarmManager.AcknowledgeAlarm(alarm=plan.spec, entity=target.reference)
