"""Machines that need a folder of a datastore."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.vsphere import properties
from clients.vsphere.target import moref, shown_name
from sinks.vsphere.machine import files, mobility
from sinks.vsphere.machine.files import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sinks.vsphere.storage.store import Store

_PATHS: Final = ("name", files.PATH, mobility.DEVICES)


def others(store: Store, folder: str, *, than: str | None = None) -> list[str]:
    """Machines that have something in a folder: their own files, a disk, what a disk is based on, or a medium.

    Costs two calls, with the devices of every machine of the datastore.

    Args:
        store: the datastore.
        folder: without slashes around; what is below it counts.
        than: moref of a machine that does not count.

    Raises:
        SessionLost, Unreachable, VsphereFault: they cannot be read.
    """
    present = properties.read(store.session, store.reference, ["vm"]).get("vm", ())
    rows = properties.read_those_left(store.session, [each for each in present if moref(each) != than], _PATHS)
    return sorted(
        f"{shown_name(str(row.values.get('name', '')))} ({moref(row.reference)})"
        for row in rows
        if any(_is_in(place, store.name, folder) for place in _places(row.values))
    )


def _places(values: dict[str, Any]) -> Iterator[Place]:
    if files.PATH in values:
        yield Place.of(str(values[files.PATH]))
    for device in values.get(mobility.DEVICES, ()):
        yield from files.chain(device)


def _is_in(place: Place, store: str, folder: str) -> bool:
    return place.store == store and f"{place.folder}/".startswith(f"{folder}/")
