"""Events that Kafka deleted before they were delivered, as an event of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import orjson

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.cloudevents import CloudEvent, kafka

if TYPE_CHECKING:
    from datetime import datetime

    from faust.types import TP

    from streams.transport.ledger import Run

TYPE: Final = "com.reflexarc.stream.lost"


def lost(prefix: str, role: str, tp: TP, run: Run, now: datetime) -> Outgoing:
    """The record for the events topic; the same loss gets the same id, however often it is noticed."""
    group = topics.group(prefix, role)
    event = CloudEvent(
        id=f"{group}/{tp.topic}/{tp.partition}/{run.first}-{run.last}",
        source=f"/{group}",
        type=TYPE,
        subject=tp.topic,
        time=now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        datacontenttype="application/json",
        data=orjson.dumps(
            {
                "topic": tp.topic,
                "partition": tp.partition,
                "first": run.first,
                "last": run.last,
                "group": group,
                "reason": "deleted before it was delivered",
            }
        ),
        extensions={"partitionkey": f"{tp.topic}/{tp.partition}"},
    )
    message = kafka.to_binary(event)
    return Outgoing(topics.events(prefix), message.value, kafka.partition_key(event), tuple(message.headers))
