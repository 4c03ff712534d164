"""Where a new machine goes: resource pool, host and datastore, as its parameters say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from clients.vsphere import properties
from clients.vsphere.target import moref, named
from schemas.errors import Reject
from sinks.vsphere.cluster import hosts
from sinks.vsphere.machine import datastores
from sinks.vsphere.making import naming
from sinks.vsphere.parameters.names import fits

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from sinks.vsphere.cluster.hosts import Host
    from sinks.vsphere.machine.datastores import Room
    from sinks.vsphere.parameters.making import MakingParameters

DEEPEST: Final = 64
"""Folders in each other; a longer way is no inventory."""

CHILDREN: Final = "childType"
OWNER: Final = "owner"
DRS: Final = "configurationEx"


class Place(NamedTuple):
    """Where a machine goes.

    Attributes:
        pool: the resource pool.
        host: the host; None where DRS takes one.
        store: the datastore.
        sees: morefs of networks that it can be on.
    """

    pool: Any
    host: Any | None
    store: Room
    sees: frozenset[str]


def datacenter(folder: Target) -> Any:
    """The datacenter of a folder that machines can be in.

    Raises:
        Reject: no machine can be in it.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    values = properties.read(folder.session, folder.reference, [CHILDREN, "parent"])
    if "VirtualMachine" not in {_named(each) for each in values.get(CHILDREN, ())}:
        raise Reject(f"{folder} is no folder of virtual machines: name one below vm")
    holder = values.get("parent")
    for _ in range(DEEPEST):
        if holder is None or isinstance(holder, vim.Datacenter):
            break
        holder = properties.read(folder.session, holder, ["parent"]).get("parent")
    if not isinstance(holder, vim.Datacenter):
        raise Reject(f"vCenter {folder.session.name} does not tell in which datacenter {folder} is: may we see it?")
    return holder


def find(
    session: Session, within: Any, given: MakingParameters, size: int, *, taken: Callable[[str], int] = lambda _: 0
) -> Place:
    """Where a machine of ``size`` bytes goes.

    Args:
        session: of the vCenter.
        within: the datacenter.
        given: names what may be.
        size: bytes that it will take at most.
        taken: bytes that others will take of a datastore, by its moref.

    Raises:
        Reject: nothing there can take it; with what there is.
        SessionLost, Unreachable, VsphereFault: it cannot be read.
    """
    compute = _compute(session, within, given)
    known = _hosts(session, compute, given.host)
    able = [host for host in known if host.ready]
    if not able:
        raise Reject(f"no host of {compute.name} can take a machine: {named([host.name for host in known])}")
    pool = _pool(session, compute, given.pool)
    chosen = max(able, key=lambda host: (host.free, host.name))
    automatic = _is_automatic(session, compute) and not given.host
    seeing = able if automatic else [chosen]
    rooms = [_rooms(session, host, taken) for host in seeing]
    sees = frozenset[str]().union(*(host.sees for host in seeing))
    return Place(pool, None if automatic else chosen.reference, _store(rooms, given, size), sees)


def _compute(session: Session, within: Any, given: MakingParameters) -> naming.Known:
    found = naming.every(session, vim.ComputeResource, ["host", "resourcePool"], within=within)
    if given.host and not given.cluster:
        rows = naming.every(session, vim.HostSystem, ["parent"], within=within)
        host = naming.only(rows, given.host, "host", where=session.name)
        return next(each for each in found if moref(each.reference) == moref(host.values["parent"]))
    return naming.only(found, given.cluster, "cluster", where=session.name)


def _hosts(session: Session, compute: naming.Known, name: str) -> list[Host]:
    known = hosts.read(session, compute.values.get("host", ()))
    if not name:
        return [*known.values()]
    rows = [naming.Known(host.reference, host.name, {}) for host in known.values()]
    return [known[moref(naming.only(rows, name, "host", where=compute.name).reference)]]


def _pool(session: Session, compute: naming.Known, name: str) -> Any:
    if not name:
        return compute.values["resourcePool"]
    rows = naming.every(session, vim.ResourcePool, [OWNER], within=compute.reference)
    return naming.only(rows, name, "resource pool", where=compute.name).reference


def _is_automatic(session: Session, compute: naming.Known) -> bool:
    if not isinstance(compute.reference, vim.ClusterComputeResource):
        return False
    path = f"{DRS}.drsConfig.enabled"
    return bool(properties.read(session, compute.reference, [path]).get(path))


def _rooms(session: Session, host: Host, taken: Callable[[str], int]) -> dict[str, Room]:
    found = datastores.seen_by(session, host.reference)
    return {key: replace(room, free=room.free - taken(key)) for key, room in found.items()}


def _store(rooms: list[dict[str, Room]], given: MakingParameters, size: int) -> Room:
    """Of those that all hosts can write to, the one with most free space; ``rooms`` of each host, by moref."""
    everywhere = set.intersection(*({key for key, room in each.items() if room.ready} for each in rooms))
    allowed = {key: room for key, room in rooms[0].items() if not given.datastore or fits(room.name, given.datastore)}
    if not allowed:
        names = sorted(room.name for room in rooms[0].values())
        raise Reject(f"no datastore is called {', '.join(given.datastore)}: there are {named(names)}")
    usable = [room for key, room in allowed.items() if key in everywhere]
    if not usable:
        raise Reject(f"no host can write to {named(sorted(room.name for room in allowed.values()))}")
    keeping = [room for room in usable if room.keeps(size, headroom=given.headroom, percent=given.headroom_percent)]
    if not keeping:
        raise Reject(f"no datastore has room for it: {named(sorted(room.name for room in usable))} would be too full")
    return max(keeping, key=lambda room: (room.free, room.name))


def _named(kind: Any) -> str:
    return str(getattr(kind, "_wsdlName", kind))
