"""Virtual machines by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from typing import TYPE_CHECKING, Any, Final

from pyVmomi import vim

from clients.vsphere.ownership import OWNER, path, text
from clients.vsphere.properties import read_all, read_those_left
from clients.vsphere.queries.places import Places
from clients.vsphere.queries.rows import MOST, Rows
from clients.vsphere.target import moref, shown_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from clients.vsphere.session import Session

LONGEST: Final = 240
"""Characters of a pattern: vSphere's own limit of a name, with every character of it escaped."""

PATHS: Final = (
    "name",
    "parent",
    "runtime.powerState",
    "config.hardware.numCPU",
    "config.hardware.memoryMB",
    "config.template",
    path(OWNER),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """One virtual machine.

    Attributes:
        name: as people write it.
        moref: its managed object id.
        power: ``poweredOn``, ``poweredOff``, ``suspended``; empty while nobody knows.
        cpus: virtual CPUs.
        memory: MiB.
        folder: path of what holds it; None where this account does not see all of the way.
        owner: whom it was made for; None when it does not say.
        template: whether it is one.
    """

    name: str
    moref: str
    power: str
    cpus: int
    memory: int
    folder: str | None
    owner: str | None
    template: bool


def machines(session: Session, pattern: str = "*", owner: str | None = None) -> Rows[Machine]:
    """Machines whose name fits, in alphabetical order; costs five calls.

    Args:
        session: logged in.
        pattern: upper and lower case alike; ``*`` is any text, ``?`` any character, everything else itself.
        owner: only those that were made for whoever has exactly this name; None: whosever they are.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    fits = re.compile(translate(pattern[:LONGEST].casefold().replace("[", "[[]"))).match
    named = [(shown_name(str(row.values.get("name", ""))), row.reference) for row in _all(session, owner)]
    fitting = sorted(((name, moref(each), each) for name, each in named if fits(name.casefold())), key=_order)
    shown = read_those_left(session, [each for _, _, each in fitting[:MOST]], PATHS)
    places = Places(session) if shown else None
    found = {moref(row.reference): row.values for row in shown}
    kept = [(each, found[key]) for _, key, each in fitting[:MOST] if key in found]
    return Rows(tuple(row(each, values, places) for each, values in kept), len(fitting))


def row(reference: Any, values: Mapping[str, Any], places: Places | None) -> Machine:
    """One machine; ``values`` with ``PATHS`` where they are set."""
    return Machine(
        name=shown_name(str(values.get("name", ""))),
        moref=moref(reference),
        power=str(values.get("runtime.powerState", "")),
        cpus=int(values.get("config.hardware.numCPU") or 0),
        memory=int(values.get("config.hardware.memoryMB") or 0),
        folder=None if places is None else places.path(values.get("parent")),
        owner=text(values, OWNER),
        template=bool(values.get("config.template")),
    )


def _all(session: Session, owner: str | None) -> Iterator[Any]:
    paths = ["name"] if owner is None else ["name", path(OWNER)]
    for each in read_all(session, vim.VirtualMachine, paths):
        if owner is None or text(each.values, OWNER) == owner:
            yield each


def _order(found: tuple[str, str, Any]) -> tuple[str, str, str]:
    return found[0].casefold(), found[0], found[1]
