"""What an operator did, as a CloudEvent of the audit topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import orjson

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.cloudevents import CloudEvent, kafka

if TYPE_CHECKING:
    from datetime import datetime

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
    source = f"/{topics.group(prefix, topics.OPERATOR)}"
    event = CloudEvent(
        id=str(uuid4()),
        source=source,
        type=kind,
        subject=sink,
        time=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        datacontenttype="application/json",
        data=orjson.dumps({"sink": sink, "actor": actor, "reason": reason, **(more or {})}),
        extensions={"partitionkey": source},
    )
    message = kafka.to_binary(event)
    return Outgoing(topics.audit(prefix), message.value, kafka.partition_key(event), tuple(message.headers))
