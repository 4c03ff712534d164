"""One event that an operator points at."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clients.kafka.place import Place, record_at
from ops.events.broker import await_broker
from ops.events.file import LARGEST, decoded, read_event, shortened
from schemas.errors import InvalidEvent, ReflexarcError
from streams.routing.specimen import Specimen

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from schemas.config import KafkaConfig

_PLACE = re.compile(r"(?P<topic>[A-Za-z0-9._-]{1,249})[:/](?P<partition>[0-9]{1,20})[:/](?P<offset>[0-9]{1,20})")

MOST_PARTITIONS: Final = 2**31
MOST_RECORDS: Final = 2**63


def event(spelled: str, kafka: KafkaConfig) -> Specimen:
    """The event that ``spelled`` names: ``-``, a file with a CloudEvent in JSON, or ``topic:partition:offset``.

    Raises:
        ReflexarcError: there is none, or it is no CloudEvent.
        Unreachable: the broker does not answer.
    """
    if spelled == "-":
        return _specimen(decoded(sys.stdin.buffer.read(LARGEST + 1), "standard input"), "standard input")
    path = Path(spelled)
    if (place := _PLACE.fullmatch(spelled)) and not path.exists():
        return _stored(kafka, _place(place))
    return _specimen(read_event(path), shortened(spelled))


def _place(found: re.Match[str]) -> Place:
    place = Place(found["topic"], int(found["partition"]), int(found["offset"]))
    if place.partition >= MOST_PARTITIONS or place.offset >= MOST_RECORDS:
        raise ReflexarcError(f"no record can lie at {place}", cure="write topic:partition:offset, each as tap shows it")
    return place


def _specimen(event: CloudEvent, where: str) -> Specimen:
    try:
        return Specimen.of_event(event)
    except InvalidEvent as error:
        raise ReflexarcError(f"{where}: {error.message}", cure="the ingest refuses such an event") from None


def _stored(kafka: KafkaConfig, place: Place) -> Specimen:
    await_broker(kafka)
    record = record_at(kafka, place)
    try:
        return Specimen.of_record(record.headers, record.value)
    except InvalidEvent as error:
        cure = "the router makes such a record a dead letter; name one of the events topic that is a CloudEvent"
        raise ReflexarcError(f"{place}: {error.message}", cure=cure) from None
