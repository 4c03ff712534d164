"""What an operator did, as a CloudEvent of the audit topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from clients.kafka.notice import notice
from schemas import topics

if TYPE_CHECKING:
    from datetime import datetime

    from clients.kafka.record import Outgoing

SINK_PAUSED: Final = "com.reflexarc.sink.paused"
SINK_RESUMED: Final = "com.reflexarc.sink.resumed"
LETTERS_REDRIVEN: Final = "com.reflexarc.deadletters.redriven"
LETTERS_DROPPED: Final = "com.reflexarc.deadletters.dropped"


def acted(
    prefix: str, kind: str, sink: str, *, actor: str, reason: str, now: datetime, more: dict[str, Any] | None = None
) -> Outgoing:
    """The record for the audit topic.

    Args:
        prefix: topic prefix.
        kind: its CloudEvents type, one of those above.
        sink: what it was done to; the event's subject.
        actor: who did it, without secrets.
        reason: why, in their words, without secrets; may be empty.
        now: must know its time zone.
        more: further members of the data.
    """
    return notice(
        topics.audit(prefix),
        kind,
        name=str(uuid4()),
        source=f"/{topics.group(prefix, topics.OPERATOR)}",
        subject=sink,
        now=now,
        data={"sink": sink, "actor": actor, "reason": reason, **(more or {})},
    )
