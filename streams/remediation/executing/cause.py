"""Whether the event is still a reason to act: alarms end, hosts come back, while an action waits for its turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.vsphere import properties
from clients.vsphere.target import REFERENCES, moref
from schemas.remediation.alarm import RANKS
from sinks.vsphere import payload
from sinks.vsphere.alarms import TRIGGERED

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from schemas.remediation.cause import Cause

MAINTENANCE: Final = "runtime.inMaintenanceMode"

_HOST_IS: Final = {"EnteredMaintenanceModeEvent": True, "ExitMaintenanceModeEvent": False}


def ceased(session: Session, cause: Cause) -> str | None:
    """Why there is no reason to act any more; None while there is one, and where the vCenter does not tell.

    Args:
        session: of the vCenter that is acted in.
        cause: one from elsewhere is a reason for good: nobody can be asked.

    Raises:
        SessionLost, Unreachable, VsphereFault: the vCenter cannot be asked.
    """
    if cause.vcenter != session.name:
        return None
    if cause.edge is not None:
        return _alarm(session, cause.data, *cause.edge)
    if cause.subject in _HOST_IS:
        return _host(session, cause.data, expected=_HOST_IS[cause.subject])
    return None


def _alarm(session: Session, data: Any, before: str, after: str) -> str | None:
    kind, entity, alarm = (
        payload.at(data, path) for path in ("Entity.Entity.Type", "Entity.Entity.Value", "Alarm.Alarm.Value")
    )
    if kind not in REFERENCES or not isinstance(entity, str) or not isinstance(alarm, str):
        return None
    states = properties.read(session, REFERENCES[kind](entity, session.stub), [TRIGGERED]).get(TRIGGERED)
    if states is None:
        return None
    own = (each for each in states if moref(each.entity) == entity and moref(each.alarm) == alarm)
    now = next((str(each.overallStatus) for each in own), "green")
    ranks = [RANKS.get(status, 0) for status in (before, after, now)]
    rising = ranks[1] > ranks[0]
    if (ranks[2] < ranks[1]) if rising else (ranks[2] > ranks[1]):
        return f"the alarm is {now} by now, not {after}"
    return None


def _host(session: Session, data: Any, *, expected: bool) -> str | None:
    host = payload.at(data, "Host.Host.Value")
    if not isinstance(host, str):
        return None
    found = properties.read(session, REFERENCES["HostSystem"](host, session.stub), [MAINTENANCE]).get(MAINTENANCE)
    if found is None or bool(found) is expected:
        return None
    return f"the host {'has left' if expected else 'is in'} maintenance by now"
