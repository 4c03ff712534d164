"""Alarms that an object has triggered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from clients.vsphere import properties
from clients.vsphere.target import moref
from schemas.errors import Reject
from sinks.vsphere import payload

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent

TRIGGERED: Final = "triggeredAlarmState"
NAME: Final = "info.name"

_ALARM: Final = "Alarm.Alarm.Value"


class Triggered(NamedTuple):
    """One alarm of one object.

    Attributes:
        alarm: the alarm.
        name: its name.
        entity: the object.
        status: ``red`` or ``yellow``.
        acknowledged: whether somebody has seen it.
    """

    alarm: Any
    name: str
    entity: Any
    status: str
    acknowledged: bool


def triggered(session: Session, entity: Any) -> list[Triggered]:
    """All alarms that an object, or something inside it, has triggered; costs two calls.

    Raises:
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    states = properties.read(session, entity, [TRIGGERED]).get(TRIGGERED, ())
    alarms = {moref(state.alarm): state.alarm for state in states}
    rows = properties.read_each(session, list(alarms.values()), [NAME])
    names = {moref(row.reference): str(row.values.get(NAME, "")) for row in rows}
    return [
        Triggered(
            state.alarm, names.get(moref(state.alarm), ""), state.entity, state.overallStatus, bool(state.acknowledged)
        )
        for state in states
    ]


def meant(target: Target, event: CloudEvent, name: str | None) -> Triggered | None:
    """The alarm that is meant, if the object has triggered it; None when it is not triggered, or not any more.

    Args:
        target: the object.
        event: what may name the alarm.
        name: of the alarm; None for the one of the event.

    Raises:
        Reject: nobody says which alarm.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    wanted = None
    if name is None:
        wanted = payload.at(payload.data(event), _ALARM)
        if not isinstance(wanted, str) or not payload.REFERENCE.fullmatch(wanted):
            raise Reject("the event is about no alarm: name one in parameters.alarm")
    own = [each for each in triggered(target.session, target.reference) if moref(each.entity) == target.moref]
    return next((each for each in own if moref(each.alarm) == wanted or _plain(each.name) == _plain(name)), None)


def _plain(name: str | None) -> str | None:
    """Without the line breaks that names of alarms may have."""
    return None if name is None else " ".join(name.split())
