"""What reflexarc itself has to tell: a CloudEvent with JSON, on its way to a topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from clients.kafka.record import Outgoing
from schemas.cloudevents import CloudEvent, kafka
from schemas.epoch import written

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


def notice(
    topic: str,
    kind: str,
    *,
    name: str,
    source: str,
    subject: str,
    now: datetime,
    data: Mapping[str, Any],
    partitionkey: str | None = None,
) -> Outgoing:
    """The record.

    Args:
        topic: where to, such as the audit.
        kind: its CloudEvents ``type``.
        name: its ``id``, which no other event of the source has.
        source: who tells it.
        subject: what it is about.
        now: its time; must know its zone.
        data: without secrets, and smaller than the topic's limit.
        partitionkey: those with the same key stay in order; default: the source.
    """
    event = CloudEvent(
        id=name,
        source=source,
        type=kind,
        subject=subject,
        time=timestamp(now),
        datacontenttype="application/json",
        data=orjson.dumps(data),
        extensions={"partitionkey": partitionkey or source},
    )
    message = kafka.to_binary(event)
    return Outgoing(topic, message.value, kafka.partition_key(event), tuple(message.headers))


def timestamp(now: datetime) -> str:
    """RFC 3339, UTC, with milliseconds; ``now`` must know its zone."""
    return written(now, "milliseconds")
