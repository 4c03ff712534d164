"""Events that Kafka deleted before they were delivered, as an event of our own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from clients.kafka.notice import notice
from schemas import topics

if TYPE_CHECKING:
    from datetime import datetime

    from faust.types import TP

    from clients.kafka.record import Outgoing
    from streams.transport.ledger import Run

TYPE: Final = "com.reflexarc.stream.lost"


def lost(prefix: str, role: str, tp: TP, run: Run, now: datetime) -> Outgoing:
    """The record for the events topic; the same loss gets the same id, however often it is noticed."""
    group = topics.group(prefix, role)
    return notice(
        topics.events(prefix),
        TYPE,
        name=f"{group}/{tp.topic}/{tp.partition}/{run.first}-{run.last}",
        source=f"/{group}",
        subject=tp.topic,
        now=now,
        data={
            "topic": tp.topic,
            "partition": tp.partition,
            "first": run.first,
            "last": run.last,
            "group": group,
            "reason": "deleted before it was delivered",
        },
        partitionkey=f"{tp.topic}/{tp.partition}",
    )
