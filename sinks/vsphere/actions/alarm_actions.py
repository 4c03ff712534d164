"""``action: disable-alarm-actions`` and ``enable-alarm-actions``: whether the alarms of an object do anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final

from clients.vsphere.faults import translated
from sinks.vsphere.actions.base import Plan
from sinks.vsphere.machine import state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from sinks.vsphere.parameters.alarm import AlarmActionsParameters

ENABLED: Final = "alarmActionsEnabled"


class _AlarmActions:
    """One switch of an object, which what is inside it does not inherit."""

    privileges: ClassVar = ("Alarm.DisableActions",)
    verifiable: ClassVar = True
    wanted: ClassVar[bool]

    def __init__(self, parameters: AlarmActionsParameters) -> None:
        del parameters  # its kind is the table's business

    def plan(self, target: Target, event: CloudEvent) -> Plan:
        """How the switch stands."""
        del event  # a switch that stands as it should is right, whoever has turned it
        found = bool(state.read(target, [ENABLED])[ENABLED])
        if found == self.wanted:
            return Plan(target, ())
        return Plan(target, (_words(wanted=self.wanted),), self.wanted, {ENABLED: found})

    def undo(self, target: Target, before: Mapping[str, Any], event: CloudEvent) -> Plan:
        """The switch as it stood; who has turned it since cannot be told."""
        del event
        found, wanted = bool(state.read(target, [ENABLED])[ENABLED]), bool(before[ENABLED])
        return Plan(target, () if found == wanted else (_words(wanted=wanted),), wanted)

    def start(self, plan: Plan) -> None:
        """One ``EnableAlarmActions``, for which vSphere has no task."""
        target = plan.target
        with translated(target.session.name):
            target.session.content.alarmManager.EnableAlarmActions(entity=target.reference, enabled=plan.spec)


class DisableAlarmActions(_AlarmActions):
    """Alarms of the object still trigger, and do nothing: no mail, no trap, no script."""

    wanted: ClassVar = False


class EnableAlarmActions(_AlarmActions):
    """Alarms of the object do what they are defined to do."""

    wanted: ClassVar = True


def _words(*, wanted: bool) -> str:
    return "turn its alarm actions on" if wanted else "turn its alarm actions off"
