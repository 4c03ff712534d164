"""Dead letters as delivery writes them, put into a real topic."""

from __future__ import annotations

from typing import TYPE_CHECKING

from confluent_kafka import Producer

from clients.kafka.record import Outgoing
from schemas import topics
from schemas.cloudevents import CloudEvent, kafka
from schemas.errors import Reject
from streams.delivery.dlq import dead_letter

if TYPE_CHECKING:
    from datetime import datetime


def record(
    prefix: str,
    sink: str,
    number: int,
    *,
    key: bytes | None = b"vc1/vm-1",
    subject: str = "VmPoweredOffEvent",
    origin: str | None = None,
    partition: int = 0,
) -> Outgoing:
    """Event ``number`` as the router writes it for a sink; its origin is ``0/<number>`` of events, unless given."""
    event = CloudEvent(
        id=f"vc1/0/{number}",
        source="https://vc1/sdk",
        type="com.vmware.vsphere.E.v0",
        subject=subject,
        datacontenttype="application/json",
        data=b'{"Key":%d}' % number,
    )
    message = kafka.to_binary(event)
    ours = (("reflexarc_routes", b"power"), ("reflexarc_origin", (origin or f"0/{number}").encode()))
    return Outgoing(topics.sink(prefix, sink), message.value, key, (*message.headers, *ours), partition)


def letter(
    prefix: str,
    given: Outgoing,
    name: str,
    *,
    reason: str = "HTTP 400",
    status: str = "400",
    at: datetime | None = None,
) -> Outgoing:
    """What becomes of a record that ``name`` does not take, in the same partition."""
    dead = dead_letter(given, topics.dead_letter(prefix, name), Reject(reason, status=status), attempts=1, now=at)
    return dead._replace(partition=given.partition)


def store(bootstrap: str, *records: Outgoing) -> None:
    """Write records, and wait for the broker."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    for topic, value, key, headers, partition in records:
        producer.produce(topic, value, key, partition, headers=list(headers))
    assert producer.flush(30) == 0
