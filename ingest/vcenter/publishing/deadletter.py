"""What cannot become an event record: kept with its reason, cut if it must be, in the ingest dead-letter topic."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clients.kafka.record import Outgoing
from schemas.deadletters import CUT, reasons

if TYPE_CHECKING:
    from schemas.topics import Topic


def dead_letter(record: Outgoing, *, topic: Topic, reason: str, origin: str) -> Outgoing:
    """The record that goes to ``topic`` in place of ``record``: its key, headers and value, and why.

    Args:
        record: what was to be published.
        topic: the dead-letter topic; the value is cut to what it takes. Where key and headers leave no room for any,
            as with a name of megabytes, they are left out.
        reason: one sentence.
        origin: where it comes from, such as the event's id.
    """
    # Nobody was asked to take it, and nobody answered.
    marks = reasons(reason, status="", attempts=0, failed_at=datetime.now(UTC), origin=origin)
    value = record.value or b""
    cut = (CUT, str(len(value)).encode())
    own = record.headers
    bare = Outgoing(topic.name, b"", record.key, (*own, *marks, cut))
    if bare.size > topic.max_message_bytes:
        own, bare = (), bare._replace(key=None, headers=(*marks, cut))
    whole = bare._replace(value=value, headers=(*own, *marks))
    if whole.size <= topic.max_message_bytes:
        return whole
    return bare._replace(value=value[: max(0, topic.max_message_bytes - bare.size)])
