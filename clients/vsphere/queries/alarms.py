"""Alarms that are triggered somewhere in a vCenter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from clients.vsphere.properties import read, read_those_left
from clients.vsphere.queries.rows import MOST, Rows
from clients.vsphere.target import moref, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.vsphere.session import Session

TRIGGERED: Final = "triggeredAlarmState"

_RANKS: Final = {"red": 0, "yellow": 1}
_EARLIEST: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Alarm:
    """One alarm of one object.

    Attributes:
        object: name of the object.
        moref: its managed object id.
        kind: its class, such as ``HostSystem``.
        alarm: name of the alarm.
        status: ``red`` or ``yellow``.
        since: when it turned so, UTC; None where the vCenter does not say.
        acknowledged: whether somebody has seen it.
    """

    object: str
    moref: str
    kind: str
    alarm: str
    status: str
    since: datetime | None
    acknowledged: bool


def alarms(session: Session) -> Rows[Alarm]:
    """Triggered alarms that this account may see, red ones first, then the latest.

    Costs two calls, and one for each kind of object.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    states = sorted(read(session, session.content.rootFolder, [TRIGGERED]).get(TRIGGERED, ()), key=_order)
    shown = states[:MOST]
    names = _names(session, (each.entity for each in shown), "name")
    alarms = _names(session, (each.alarm for each in shown), "info.name")
    return Rows(tuple(_alarm(each, names, alarms) for each in shown), len(states))


def _alarm(state: Any, names: dict[str, str], alarms: dict[str, str]) -> Alarm:
    return Alarm(
        object=names.get(moref(state.entity), moref(state.entity)),
        moref=moref(state.entity),
        kind=str(state.entity._wsdlName),  # noqa: SLF001 - pyvmomi's place for it
        alarm=" ".join(alarms.get(moref(state.alarm), moref(state.alarm)).split()),
        status=str(state.overallStatus),
        since=None if state.time is None else state.time.astimezone(UTC),
        acknowledged=bool(state.acknowledged),
    )


def _order(state: Any) -> tuple[int, float]:
    since = state.time.astimezone(UTC) if state.time is not None else _EARLIEST
    return _RANKS.get(str(state.overallStatus), len(_RANKS)), -(since - _EARLIEST).total_seconds()


def _names(session: Session, references: Iterable[Any], path: str) -> dict[str, str]:
    """By moref. Objects of several classes are asked for class by class."""
    kinds: dict[type, dict[str, Any]] = {}
    for each in references:
        kinds.setdefault(type(each), {})[moref(each)] = each
    rows = [row for known in kinds.values() for row in read_those_left(session, list(known.values()), [path])]
    return {moref(row.reference): shown_name(str(row.values.get(path, ""))) for row in rows}
