"""The events of the bench: 500 keys in turn, numbered on and on, about 1.2 KB each in binary mode."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from confluent_kafka import Producer

from bench.push import push
from clients.kafka import options
from schemas.cloudevents import CloudEvent, kafka

if TYPE_CHECKING:
    from schemas.config import KafkaConfig

KEYS: Final = 500
SUBJECT: Final = "VmPoweredOffEvent"
BODY: Final = b'{"Key":1,"Vm":{"Name":"web-1"},"Padding":"' + b"x" * 800 + b'"}'
WITHIN: Final = 120.0


def event(number: int) -> CloudEvent:
    """Event number so and so."""
    return CloudEvent(
        id=f"vc1/0/{number}",
        source="https://vc1.example.com/sdk",
        type=f"com.vmware.vsphere.{SUBJECT}.v0",
        subject=SUBJECT,
        time="2026-11-20T09:36:17.913365487Z",
        datacontenttype="application/json",
        extensions={
            "vcenter": "vc1",
            "eventclass": "event",
            "vsphereapiversion": "8.0.3.0",
            "partitionkey": f"vc1/vm-{number % KEYS}",
        },
        data=BODY,
    )


def fill(config: KafkaConfig, topic: str, number: int, *, rate: float | None = None) -> list[int]:
    """Store so many events, at once or so many a second; the nanoseconds of the epoch at which each was handed over."""
    producer = Producer(options.producer(config, client_id="bench-delivery"))
    began, handed = time.monotonic(), []
    for each in range(number):
        if rate is not None and (ahead := began + each / rate - time.monotonic()) > 0:
            producer.poll(0)
            time.sleep(ahead)
        made = event(each)
        headers, value = kafka.to_binary(made)
        handed.append(time.time_ns())
        push(producer, topic, value, kafka.partition_key(made), list(headers))
    left = producer.flush(WITHIN)
    assert left == 0, f"the broker did not take {left} of {number} events within {WITHIN:.0f} s"
    return handed
