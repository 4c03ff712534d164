"""What is counted of an event: in which window it happened, of which type, about what. Its headers say all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.avro.instant import micros
from schemas.epoch import possible
from schemas.errors import InvalidEvent
from streams.filters.view import View

if TYPE_CHECKING:
    from streams.transport import Record

LONGEST: Final = 500
"""Characters of a type, an entity or a vCenter; those that begin alike for longer are counted as one."""


class Subject(NamedTuple):
    """What events are counted together.

    Attributes:
        start: beginning of the window, milliseconds of the epoch.
        type: of the events.
        entity: key of their records; None where they have none.
        vcenter: configured name; None for events of other sources.
    """

    start: int
    type: str
    entity: str | None
    vcenter: str | None


class Occurrence(NamedTuple):
    """One event: where it counts, and when it happened, milliseconds of the epoch."""

    subject: Subject
    time: int


def occurrence(record: Record, window: int) -> Occurrence | None:
    """What a record of the events topic counts as, in windows of so many milliseconds; None when it is no event.

    An event that does not say when it happened has the time of its record, or the nearest that a date can have.
    """
    try:
        view = View.of_record(record.headers, record.value)
    except InvalidEvent:
        return None
    text = view.attribute("time")
    found = None if text is None else micros(text)
    at = possible(record.timestamp) if found is None else found // 1000
    vcenter = view.attribute("vcenter")
    subject = Subject(
        start=at - at % window,
        type=(view.attribute("type") or "")[:LONGEST],
        entity=None if record.key is None else record.key.decode(errors="replace")[:LONGEST],
        vcenter=None if vcenter is None else vcenter[:LONGEST],
    )
    return Occurrence(subject, at)
