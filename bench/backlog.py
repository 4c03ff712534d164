"""Events that wait on the events topic: real vCenter events from the recorded page, numbered on and on."""

from __future__ import annotations

import gzip
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from confluent_kafka import Producer

from bench.push import push
from clients.kafka import options
from ingest.vcenter import decode_page
from ingest.vcenter.publishing.mapping import to_cloudevent
from schemas import topics
from schemas.cloudevents import kafka

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.cloudevents import CloudEvent
    from schemas.config import KafkaConfig

PAGE = Path(__file__).parents[1] / "tests/fixtures/vcenter-json/page_1000_vm_power.xml.gz"
SUBJECTS = ("VmStartingEvent", "VmPoweredOnEvent", "VmStoppingEvent", "VmPoweredOffEvent")
WITHIN = 60.0


def events() -> Iterator[CloudEvent]:
    """Power events of 150 machines without end, about 650 bytes of data each, every id once."""
    page = decode_page(gzip.decompress(PAGE.read_bytes()))
    for lap in count():
        for event in page:
            numbered = event._replace(key=event.key + lap * len(page))
            yield to_cloudevent(numbered, vcenter="vc1", incarnation=0, source="https://vc1/sdk", api_version="8.0.3.0")


def fill(config: KafkaConfig, number: int) -> None:
    """Store so many events on the events topic; returns when the broker has them all."""
    producer = Producer(options.producer(config, client_id="backlog"))
    for event in islice(events(), number):
        headers, value = kafka.to_binary(event)
        push(producer, topics.events(config.prefix), value, kafka.partition_key(event), list(headers))
    left = producer.flush(WITHIN)
    assert left == 0, f"the broker did not take {left} of {number} events within {WITHIN:.0f} s"
