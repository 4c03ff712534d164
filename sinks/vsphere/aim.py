"""Which machine an event is about: said by the vCenter itself, or by a name somewhere in the data."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from schemas.errors import Reject

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.cloudevents import CloudEvent

# What a vCenter calls its objects, such as vm-42; anything else was not written by one.
_REFERENCE = re.compile(r"[A-Za-z0-9_-]{1,80}")

# vSphere's own limit of a name, with every character of it escaped.
_LONGEST_NAME = 240


class ByName(NamedTuple):
    """The one machine of that name, wherever it is."""

    name: str


class ByReference(NamedTuple):
    """The machine with that managed object id in that vCenter."""

    vcenter: str
    reference: str


def aim(event: CloudEvent, *, path: str, vcenters: Collection[str]) -> ByName | ByReference:
    """The machine an event is about.

    Args:
        event: one with the extension ``vcenter`` and ``Vm.Vm.Value`` in its data is about that machine.
        path: for all other events, where the data hold the name, such as ``event.metadata.source``.
        vcenters: where this sink may act.

    Raises:
        Reject: the event does not say, or names a vCenter that this sink has nothing to do with.
    """
    data = _data(event)
    vcenter = event.extensions.get("vcenter")
    reference = _at(data, "Vm.Vm.Value")
    if isinstance(vcenter, str) and reference is not None:
        if vcenter not in vcenters:
            raise Reject(f"the event is about vCenter {vcenter!r}, this sink acts in {', '.join(vcenters)}")
        if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
            raise Reject("Vm.Vm.Value is no managed object id")
        return ByReference(vcenter, reference)
    name = _at(data, path)
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise Reject(f"the event names no machine: its data hold no text at {path}")
    return ByName(name.strip())


def _data(event: CloudEvent) -> Any:
    try:
        return orjson.loads(event.data or b"")
    except orjson.JSONDecodeError:
        raise Reject("the event's data are not JSON") from None


def _at(data: Any, path: str) -> Any:
    for name in path.split("."):
        if not isinstance(data, dict):
            return None
        data = data.get(name)
    return data
