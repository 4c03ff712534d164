"""The closed list of questions of ``invoke``: read in the vCenters, told as small tables."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, Literal

from clients.vsphere.faults import VsphereFault
from clients.vsphere.kinds import MACHINE
from clients.vsphere.queries.alarms import alarms
from clients.vsphere.queries.events import events
from clients.vsphere.queries.machine import details
from clients.vsphere.queries.machines import machines
from clients.vsphere.target import NoSingleTarget, find
from schemas.errors import Refused, Unreachable
from streams.commands import wording

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from clients.vsphere.queries.machine import Details
    from clients.vsphere.queries.machines import Machine
    from clients.vsphere.target import Target
    from sinks.vsphere.aim import ByName
    from streams.commanding.targets import Targets
    from streams.commands.arguments import Query
    from streams.commands.wording import Wording

    Reach = Mapping[str, Literal["own", "any"]]
    """The vCenters that may be looked at, and whose machines there."""

MOST: Final = 20
"""Rows of an answer: more are not read in a chat."""


async def answered(query: Query, person: str, reach: Reach, targets: Targets) -> Wording:
    """What is said to a question.

    Args:
        query: which.
        person: who asks.
        reach: the vCenters that may be looked at, and whose machines there.
        targets: how they are asked.
    """
    try:
        match query.about:
            case "list":
                return await _list(query.vm, person, reach, targets)
            case "show":
                return await _about(query.vm, person, reach, targets, _shown)
            case "events":
                return await _about(query.vm, person, reach, targets, _happened)
            case "alarms":
                return await _alarms(reach, targets)
    except NoSingleTarget as error:
        return wording.answer(f"{wording.FAILED}{error}")
    except (VsphereFault, Refused, Unreachable) as error:
        return wording.answer(f"{wording.FAILED}a vCenter cannot be asked: {error}")


async def _list(pattern: ByName | None, person: str, reach: Reach, targets: Targets) -> Wording:
    found: list[tuple[str, Machine]] = []
    count = 0
    for vcenter in _within(pattern, reach):
        rows = await targets.ask(partial(machines, pattern=pattern.name if pattern else "*"), vcenter)
        own = [each for each in rows.rows if reach[vcenter] == "any" or each.owner == person]
        count += rows.all if reach[vcenter] == "any" else len(own)
        found += [(vcenter, each) for each in own]
    if not found:
        return wording.answer("There is no such machine that you may see.")
    lines = (f"{vcenter}:{each.name}  {each.power}  {each.cpus} CPU  {each.memory} MB" for vcenter, each in found)
    return wording.answer(_of("machines", len(found), count), _lines(lines))


async def _about(
    name: ByName | None,
    person: str,
    reach: Reach,
    targets: Targets,
    tell: Callable[[Target, Details], Wording],
) -> Wording:
    assert name is not None  # noqa: S101 - as the form says
    names = _within(name, reach)

    def read() -> Wording:
        target = find([targets.sessions.get(each) for each in names], name.name, MACHINE, guests=False)
        known = details(target)
        if reach[target.session.name] == "own" and known.machine.owner != person:
            raise NoSingleTarget(f"no virtual machine of yours is called {name.name!r}")
        return tell(target, known)

    return await targets.blocking(read)


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
    lines: list[str] = []
    count = 0
    for vcenter in (name for name, whose in reach.items() if whose == "any"):
        rows = await targets.ask(alarms, vcenter)
        count += rows.all
        lines += [f"{vcenter}:{each.object}  {each.status}  {each.alarm}" for each in rows.rows]
    if not lines:
        return wording.answer("There is no alarm that you may see.")
    return wording.answer(_of("alarms", len(lines), count), _lines(lines))


def _within(name: ByName | None, reach: Mapping[str, Literal["own", "any"]]) -> Sequence[str]:
    return [each for each in reach if name is None or name.vcenter in {None, each}]


def _of(what: str, shown: int, count: int) -> str:
    return f"{count} {what}" + (f", the first {MOST}:" if min(shown, MOST) < count else ":")


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(list(lines)[:MOST])
