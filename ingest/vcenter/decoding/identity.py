"""What an event is called and what it is about, taken from its JSON object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ingest.vcenter.decoding.plan import local_name
from ingest.vcenter.decoding.scalars import ZERO_TIME, Unparsed
from ingest.vcenter.decoding.soap import XSI_TYPE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from ingest.vcenter.decoding.naming import Naming
    from ingest.vcenter.event import EventClass

_CLASSES: Final[Mapping[str, EventClass]] = {"EventEx": "eventex", "ExtendedEvent": "extendedevent"}

# Property of the event, property of the argument; the most specific first. Alarms are about their "entity".
_ENTITIES: Final = (
    ("vm", "vm"),
    ("host", "host"),
    ("computeResource", "computeResource"),
    ("ds", "datastore"),
    ("net", "network"),
    ("dvs", "dvs"),
    ("datacenter", "datacenter"),
    ("entity", "entity"),
)


def class_name(element: _Element) -> str:
    """The class that an event's element names; without one it is an event and no more."""
    return (element.get(XSI_TYPE) or "").rpartition(":")[2] or "Event"


class Identity:
    """Reads the identity of events in one naming. Values that the vCenter garbled count as absent."""

    def __init__(self, naming: Naming) -> None:
        self._key = naming.key("key")
        self._chain_id = naming.key("chainId")
        self._created_time = naming.key("createdTime")
        self._event_type_id = naming.key("eventTypeId")
        self._entities = tuple((naming.key(outer), naming.key(inner)) for outer, inner in _ENTITIES)
        self._value = naming.reference[1]

    def has_key(self, element: _Element, body: Mapping[str, Any]) -> bool:
        """Whether an event says which one it is: 0 may be its key, and is what an absent or empty key reads as."""
        key = body[self._key]
        if not isinstance(key, int):
            return False
        return key != 0 or any(local_name(child) == "key" and child.text for child in element)

    def numbers(self, body: Mapping[str, Any]) -> tuple[int, int]:
        """Key and chain id, 0 when absent."""
        key, chain_id = body[self._key], body[self._chain_id]
        return key if isinstance(key, int) else 0, chain_id if isinstance(chain_id, int) else 0

    def name(self, cls: str, body: Mapping[str, Any]) -> tuple[str, EventClass]:
        """Name and class of an event whose ``xsi:type`` is ``cls``."""
        eventclass = _CLASSES.get(cls)
        if eventclass is None:
            return cls, "event"
        identifier = body[self._event_type_id]
        return identifier if identifier and isinstance(identifier, str) else cls, eventclass

    def created_time(self, body: Mapping[str, Any]) -> str:
        """RFC 3339; Go's zero time when absent."""
        created = body[self._created_time]
        return created if isinstance(created, str) and not isinstance(created, Unparsed) else ZERO_TIME

    def entity(self, body: Mapping[str, Any]) -> str | None:
        """Managed object id of the most specific entity."""
        for outer, inner in self._entities:
            argument = body.get(outer)
            reference = argument.get(inner) if isinstance(argument, dict) else None
            value = reference.get(self._value) if isinstance(reference, dict) else None
            if value and isinstance(value, str):
                return value
        return None
