"""What a vCenter reports about one of its objects, as plain values."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

COMMON: Final = ("name", "parent", "customValue")

PATHS: Final[dict[str, tuple[str, ...]]] = {
    "VirtualMachine": (*COMMON, "parentVApp", "resourcePool", "runtime.host", "guest.hostName"),
    "HostSystem": COMMON,
    "ComputeResource": COMMON,
    "Folder": COMMON,
    "ResourcePool": COMMON,
    "Datacenter": COMMON,
    "Datastore": COMMON,
    "Network": COMMON,
    "DistributedVirtualSwitch": COMMON,
}
"""What is read of each class and those derived from it: no class here is derived from another one here."""


class Change(NamedTuple):
    """One object.

    Attributes:
        moref: its id in the vCenter.
        kind: its class in vSphere.
        values: by path, those that changed; a reference is a moref, custom values are pairs of key and text, None is
            unset. None as a whole: the object is gone.
    """

    moref: str
    kind: str
    values: dict[str, Any] | None


class Update(NamedTuple):
    """An answer of the vCenter.

    Attributes:
        changes: in order.
        complete: whether they lead to a state that the vCenter was in; else more follow.
    """

    changes: list[Change]
    complete: bool
