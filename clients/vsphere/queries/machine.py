"""One virtual machine in full."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from clients.vsphere.ownership import LEASE, path, text
from clients.vsphere.properties import read, read_each
from clients.vsphere.queries.machines import PATHS, Machine, row
from clients.vsphere.queries.places import Places
from clients.vsphere.queries.rows import MOST
from clients.vsphere.target import shown_name

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target

LONGEST: Final = 1_000
"""Characters of its notes."""

_MORE: Final = (
    "config.annotation",
    "config.guestFullName",
    "datastore",
    "guest.hostName",
    "guest.ipAddress",
    "guest.toolsRunningStatus",
    "runtime.host",
    "snapshot.rootSnapshotList",
    path(LEASE),
)


@dataclass(frozen=True, slots=True)
class Details:
    """What there is to know of a machine.

    Attributes:
        machine: as in a list.
        host: name of its host; None without one, or while it cannot be seen.
        datastores: names, sorted.
        guest: the guest that it was made for, in vSphere's words.
        guest_host: what its guest calls itself; None while nobody knows.
        address: of its guest; likewise.
        tools: whether VMware Tools run in it.
        snapshots: how many it has.
        lease: until when it may stay, RFC 3339; None: for good.
        notes: the beginning of its notes.
    """

    machine: Machine
    host: str | None
    datastores: tuple[str, ...]
    guest: str
    guest_host: str | None
    address: str | None
    tools: bool
    snapshots: int
    lease: str | None
    notes: str


def details(target: Target) -> Details:
    """All of one machine; costs five calls.

    Raises:
        VsphereFault: ``ManagedObjectNotFound`` when it is gone, or another fault.
        SessionLost, Unreachable: no answer.
    """
    session = target.session
    values = read(session, target.reference, [*PATHS, *_MORE])
    host = values.get("runtime.host")
    return Details(
        machine=row(target.reference, values, Places(session)),
        host=next(iter(_names(session, [] if host is None else [host])), None),
        datastores=tuple(sorted(_names(session, list(values.get("datastore", ()))[:MOST]))),
        guest=str(values.get("config.guestFullName") or ""),
        guest_host=values.get("guest.hostName") or None,
        address=values.get("guest.ipAddress") or None,
        tools=values.get("guest.toolsRunningStatus") == "guestToolsRunning",
        snapshots=_count(values.get("snapshot.rootSnapshotList") or ()),
        lease=text(values, LEASE),
        notes=str(values.get("config.annotation") or "")[:LONGEST],
    )


def _names(session: Session, references: list[Any]) -> list[str]:
    return [shown_name(str(each.values.get("name", ""))) for each in read_each(session, references, ["name"])]


def _count(roots: Any) -> int:
    left, found = list(roots), 0
    while left:
        found += 1
        left += left.pop().childSnapshotList or ()
    return found
