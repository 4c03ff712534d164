"""Which object an event is about: said by the vCenter itself, or by a name somewhere in the data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from clients.vsphere.kinds import KINDS, MACHINE
from schemas.errors import Reject
from sinks.vsphere import payload

if TYPE_CHECKING:
    from collections.abc import Collection

    from schemas.cloudevents import CloudEvent

# vSphere's own limit of a name, with every character of it escaped.
_LONGEST_NAME = 240

_ENTITY = "Entity.Entity"
"""What an alarm is about; ``Source`` is only where it is defined."""


class ByName(NamedTuple):
    """The one object that this text stands for.

    Attributes:
        name: its name; of a machine also its guest's host name or address.
        vcenter: where it is; None for wherever it is.
    """

    name: str
    vcenter: str | None = None


class ByReference(NamedTuple):
    """The object with that managed object id in that vCenter.

    Attributes:
        vcenter: its configured name.
        reference: the id.
        type: class of the reference, one of those that the kind may have.
    """

    vcenter: str
    reference: str
    type: str = MACHINE


def aim(
    event: CloudEvent,
    *,
    path: str,
    vcenters: Collection[str],
    kind: str = MACHINE,
    chosen_from: str | None = None,
) -> ByName | ByReference:
    """The object an event is about.

    Args:
        event: one with the extension ``vcenter`` and a reference of that kind in its data is about that object; one of
            an alarm is about the alarm's entity and nothing else.
        path: for all other events, where the data hold the name, such as ``event.metadata.source``. Before the name
            there may be a configured vCenter and a colon.
        vcenters: where this sink may act.
        kind: one of ``KINDS``.
        chosen_from: another one: an alarm of such an object is about that, and so is an event of a vCenter that names
            one, and nothing of ``kind``.

    Raises:
        Reject: the event does not say, is about another kind, or names a vCenter that this sink has nothing to do with.
    """
    data = payload.data(event)
    vcenter = event.extensions.get("vcenter")
    if isinstance(vcenter, str) and (found := _of_either(data, kind, chosen_from)) is not None:
        if vcenter not in vcenters:
            raise Reject(f"the event is about vCenter {vcenter!r}, this sink acts in {', '.join(vcenters)}")
        return ByReference(vcenter, *found)
    name = payload.at(data, path)
    if not isinstance(name, str) or not name.strip() or len(name) > _LONGEST_NAME:
        raise Reject(f"the event names no {KINDS[kind].one}: its data hold no text at {path}")
    return by_name(name.strip(), vcenters)


def by_name(name: str, vcenters: Collection[str]) -> ByName:
    """The object that a person calls ``name``: before it there may be one of ``vcenters`` and a colon."""
    prefix, _, rest = name.partition(":")
    if prefix in vcenters and rest.strip():
        return ByName(rest.strip(), prefix)
    return ByName(name)


def _of_either(data: Any, kind: str, chosen_from: str | None) -> tuple[str, str] | None:
    entity = payload.at(data, f"{_ENTITY}.Type")
    if chosen_from is not None and entity in KINDS[chosen_from].classes:
        return _reference(data, chosen_from)
    found = _reference(data, kind)
    if found is None and entity is None and chosen_from is not None:
        return _reference(data, chosen_from)
    return found


def _reference(data: Any, kind: str) -> tuple[str, str] | None:
    """Id and class of the reference of that kind; None when there is none."""
    words = KINDS[kind]
    entity = payload.at(data, f"{_ENTITY}.Type")
    if entity is not None and entity not in words.classes:
        raise Reject(f"the alarm is about a {str(entity)[:80]}, and this is done to a {words.one}")
    field = words.field if entity is None else _ENTITY
    reference = payload.at(data, f"{field}.Value")
    if reference is None:
        return None
    if not isinstance(reference, str) or not payload.REFERENCE.fullmatch(reference):
        raise Reject(f"{field}.Value is no managed object id")
    given = payload.at(data, f"{field}.Type") or words.classes[0]
    if given not in words.classes:
        raise Reject(f"the event is about a {str(given)[:80]}, and this is done to a {words.one}")
    return reference, given
