"""Where the files of a machine lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from sinks.vsphere.machine import mobility

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH: Final = "config.files.vmPathName"

DEEPEST: Final = 256
"""Files that a disk is based on, one upon the other; vSphere takes no longer chain."""


class Place(NamedTuple):
    """A path in a datastore.

    Attributes:
        store: name of the datastore.
        folder: its folder there, without slashes around; empty at the top.
        file: name of the file.
    """

    store: str
    folder: str
    file: str

    @classmethod
    def of(cls, path: str) -> Place:
        """Of ``[store] folder/file``."""
        store, _, rest = path.removeprefix("[").partition("] ")
        folder, _, file = rest.rpartition("/")
        return cls(store, folder, file)

    @property
    def home(self) -> str:
        """``[store] folder``."""
        return f"[{self.store}] {self.folder}"

    def __str__(self) -> str:
        return f"[{self.store}] {self.folder}/{self.file}" if self.folder else f"[{self.store}] {self.file}"


def elsewhere(values: dict[str, Any]) -> Iterator[str]:
    """Which disks lie in another folder than the machine itself, in words.

    A machine has a folder of the same name on each datastore; volumes of container platforms are never there.

    Args:
        values: with ``mobility.DEVICES`` and ``PATH``.
    """
    home = Place.of(str(values[PATH])).folder
    for label, place in disks(values):
        if place.folder != home:
            yield f"{label} lies in another folder, {place}"


def chain(device: Any) -> Iterator[Place]:
    """The files of a device: its own, and those that it is based on; none of one without files."""
    backing = device.backing
    for _ in range(DEEPEST):
        if backing is None:
            return
        if name := getattr(backing, "fileName", None):
            yield Place.of(name)
        backing = getattr(backing, "parent", None)


def disks(values: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """Label and place of each disk that has a file; ``values`` with ``mobility.DEVICES``."""
    for device in values[mobility.DEVICES]:
        name = getattr(device.backing, "fileName", None) if isinstance(device, vim.vm.device.VirtualDisk) else None
        if name is not None:
            yield mobility.label(device), Place.of(name)
