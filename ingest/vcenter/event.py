"""One vCenter event, decoded."""

from __future__ import annotations

from typing import Literal, NamedTuple

EventClass = Literal["event", "eventex", "extendedevent"]


class VcenterEvent(NamedTuple):
    """What the tail needs to know of an event, and its JSON body.

    A tuple rather than a dataclass: a page makes a thousand of them, and a frozen dataclass costs five times as much.
    """

    key: int
    """The event's number in its vCenter; it may fall after a restore and be negative after an overflow."""

    chain_id: int
    """Key of the first event of the operation this one belongs to."""

    name: str
    """Class name (``VmPoweredOnEvent``), or the eventTypeId of an EventEx or ExtendedEvent; never empty."""

    eventclass: EventClass
    """``event`` but for exactly the classes EventEx and ExtendedEvent."""

    created_time: str
    """RFC 3339 with the server's zone offset; year 1 when the server sent none that can be read."""

    entity: str | None
    """Managed object id (``vm-42``) of the most specific entity, None for an event about none."""

    data: bytes
    """The event as a JSON object."""

    markup: bytes | None = None
    """Of an event whose key is absent or cannot be read, the element as it came, in UTF-8; None of every other one.

    Its ``key`` is 0 then, and tells it from no other.
    """
