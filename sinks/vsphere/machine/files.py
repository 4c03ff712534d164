"""Where the files of a machine lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from pyVmomi import vim

from sinks.vsphere.machine import mobility

if TYPE_CHECKING:
    from collections.abc import Iterator

PATH: Final = "config.files.vmPathName"


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


def disks(values: dict[str, Any]) -> Iterator[tuple[str, Place]]:
    """Label and place of each disk that has a file; ``values`` with ``mobility.DEVICES``."""
    for device in values[mobility.DEVICES]:
        name = getattr(device.backing, "fileName", None) if isinstance(device, vim.vm.device.VirtualDisk) else None
        if name is not None:
            yield mobility.label(device), Place.of(name)
