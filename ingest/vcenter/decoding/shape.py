"""The shape of an event: its markup, with the texts cut out, and the JSON that goes with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import orjson

from ingest.vcenter.decoding.texts import json_strings
from ingest.vcenter.event import VcenterEvent

if TYPE_CHECKING:
    from ingest.vcenter.decoding.casts import Cast
    from ingest.vcenter.event import EventClass

Markup = tuple[bytes, ...]

_split: Final = re.compile(rb">([^<]+)</").split


def take_apart(span: bytes) -> tuple[Markup, list[bytes]]:
    """The markup of an event, and the texts between it: one less than pieces of markup."""
    pieces = _split(span)
    return tuple(pieces[::2]), pieces[1::2]


class Shape(NamedTuple):
    """Reads the events of one markup. A place is a number among those texts that go into the JSON object."""

    literals: list[bytes]
    """JSON with empty slots (1, 3, ...) for the values."""

    taken: list[int] | None
    """Which texts go into the object, in its order; None for all of them as they come."""

    casts: list[tuple[int, Cast]]
    """Values that are no strings, and how they become JSON."""

    key: int
    """Place of the event's key; so are the next two."""

    chain_id: int
    created_time: int
    name: str | int
    """Name of the event, or place of its eventTypeId."""

    eventclass: EventClass
    entity: int | None
    """Place of the managed object id."""

    def event(self, texts: list[bytes]) -> VcenterEvent | None:
        """The event whose markup has these texts in it; None if one of them is unusual, which proves nothing."""
        values = json_strings(texts)
        if values is None:
            return None
        if self.taken is not None:
            values = [values[number] for number in self.taken]
        slots = self.literals.copy()
        name = self.name if isinstance(self.name, str) else _text(values[self.name])
        entity = None if self.entity is None else _text(values[self.entity])
        for place, cast in self.casts:
            value = cast(values[place])
            if value is None:
                return None
            values[place] = value
        slots[1::2] = values
        return VcenterEvent(
            int(values[self.key]),
            int(values[self.chain_id]),
            name,
            self.eventclass,
            values[self.created_time][1:-1].decode(),
            entity,
            b"".join(slots),
        )


def _text(string: bytes) -> str:
    if b"\\" not in string:
        return string.decode()
    text: str = orjson.loads(b'"%b"' % string)
    return text
