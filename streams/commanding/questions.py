"""The closed list of questions of ``invoke``: read in the vCenters, told as small tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.vsphere.faults import VsphereFault
from clients.vsphere.ownership import OWNER, path, text
from clients.vsphere.properties import read
from clients.vsphere.queries.alarms import alarms
from clients.vsphere.queries.events import events
from clients.vsphere.queries.machine import details
from clients.vsphere.queries.machines import machines
from clients.vsphere.target import REFERENCES, NoSingleTarget, called, single
from schemas.errors import Refused, Unreachable
from streams.commands import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from clients.vsphere.queries.machine import Details
    from clients.vsphere.queries.machines import Machine
    from clients.vsphere.queries.rows import Rows
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.errors import ReflexarcError
    from sinks.vsphere.aim import ByName
    from streams.commanding.targets import Reach, Targets
    from streams.commands.arguments import Query
    from streams.commands.wording import Wording

MOST: Final = 20
"""Rows of an answer: more are not read in a chat."""


async def answered(query: Query, person: str, reach: Reach, targets: Targets) -> Wording:
    """What is said to a question. A vCenter that does not answer is named, and the others are told.

    Args:
        query: which.
        person: who asks.
        reach: the vCenters that may be looked at, and whose machines there.
        targets: how they are asked.
    """
    match query.about:
        case "list":
            return await _list(query.vm, person, reach, targets)
        case "show":
            return await _about(query.vm, person, reach, targets, _shown)
        case "events":
            return await _about(query.vm, person, reach, targets, _happened)
        case "alarms":
            return await _alarms(reach, targets)


async def _list(pattern: ByName | None, person: str, reach: Reach, targets: Targets) -> Wording:
    wanted = pattern.name if pattern else "*"

    def look(session: Session) -> Rows[Machine]:
        return machines(session, wanted, person if reach[session.name] == "own" else None)

    found, away = await targets.each(look, _within(pattern, reach))
    lines = [
        f"{vcenter}:{each.name}  {each.power}  {each.cpus} CPU  {each.memory} MB"
        for vcenter, rows in found.items()
        for each in rows.rows
    ]
    return _told("machines", lines, found, away, "There is no such machine that you may see.")


async def _about(
    name: ByName | None,
    person: str,
    reach: Reach,
    targets: Targets,
    tell: Callable[[Target, Details], Wording],
) -> Wording:
    assert name is not None  # noqa: S101 - as the form says
    wanted, where = name.name, _within(name, reach)

    def look(session: Session) -> list[Target]:
        return _seen(called(session, wanted), person if reach[session.name] == "own" else None)

    found, away = await targets.each(look, where)
    matches = [target for own in found.values() for target in own]
    if not matches and away:
        return wording.answer(f"{wording.FAILED}{_missing(away)}")
    try:
        target = single(matches, wanted, where)
    except NoSingleTarget as error:
        return wording.answer(f"{wording.FAILED}{error}")

    def show(session: Session) -> Wording:
        again = target._replace(session=session, reference=REFERENCES[target.kind](target.moref, session.stub))
        return tell(again, details(again))

    try:
        said = await targets.ask(show, target.session.name)
    except (VsphereFault, Refused, Unreachable) as error:
        return wording.answer(f"{wording.FAILED}a vCenter cannot be asked: {error}")
    return said._replace(text=f"{said.text} ({_missing(away)})") if away else said


def _seen(found: Iterable[Target], owner: str | None) -> list[Target]:
    """Those that may be seen: whose owner is ``owner``, where that is not None."""
    if owner is None:
        return list(found)
    return [each for each in found if text(read(each.session, each.reference, [path(OWNER)]), OWNER) == owner]


def _shown(target: Target, known: Details) -> Wording:
    machine = known.machine
    rows = {
        "power": machine.power,
        "cpus": machine.cpus,
        "memory": f"{machine.memory} MB",
        "folder": machine.folder,
        "host": known.host,
        "datastores": ", ".join(known.datastores),
        "guest": known.guest,
        "address": known.address,
        "snapshots": known.snapshots,
        "owner": machine.owner,
        "lease": known.lease,
    }
    shown = (f"{name:<10} {value}" for name, value in rows.items() if value not in (None, ""))
    return wording.answer(f"VM {target.session.name}:{machine.name}", _lines(shown))


def _happened(target: Target, known: Details) -> Wording:
    found = events(target, MOST)
    lines = (f"{each.time}  {each.type}  {each.user}  {each.message}" for each in found)
    return wording.answer(f"VM {target.session.name}:{known.machine.name}: its latest events.", _lines(lines) or "-")


async def _alarms(reach: Reach, targets: Targets) -> Wording:
    """Of all objects, so only where the machines of others may be seen."""
    found, away = await targets.each(alarms, [name for name, whose in reach.items() if whose == "any"])
    lines = [
        f"{vcenter}:{each.object}  {each.status}  {each.alarm}" for vcenter, rows in found.items() for each in rows.rows
    ]
    return _told("alarms", lines, found, away, "There is no alarm that you may see.")


def _told(
    what: str,
    lines: Sequence[str],
    found: Mapping[str, Rows[Any]],
    away: Mapping[str, ReflexarcError],
    none: str,
) -> Wording:
    if not lines and away:
        return wording.answer(f"{wording.FAILED}{_missing(away)}")
    said = _of(what, len(lines), sum(rows.all for rows in found.values())) if lines else none
    return wording.answer(f"{_missing(away)}\n{said}" if away else said, _lines(lines))


def _missing(away: Mapping[str, ReflexarcError]) -> str:
    return "; ".join(f"{vcenter} cannot be asked: {error}" for vcenter, error in away.items())


def _within(name: ByName | None, reach: Reach) -> Sequence[str]:
    return [each for each in reach if name is None or name.vcenter in {None, each}]


def _of(what: str, shown: int, count: int) -> str:
    return f"{count} {what}" + (f", the first {MOST}:" if min(shown, MOST) < count else ":")


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(list(lines)[:MOST])
