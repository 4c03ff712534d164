"""One event that an operator points at."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from clients.kafka.place import Place, record_at
from schemas.cloudevents import json
from schemas.errors import InvalidEvent, ReflexarcError
from streams.filters.view import View

if TYPE_CHECKING:
    from schemas.config import KafkaConfig

LARGEST: Final = 16 * 2**20

_PLACE = re.compile(r"(?P<topic>[A-Za-z0-9._-]+)[:/](?P<partition>\d+)[:/](?P<offset>\d+)")


def event(spelled: str, kafka: KafkaConfig) -> View:
    """The event that ``spelled`` names: ``-``, a file with a CloudEvent in JSON, or ``topic:partition:offset``.

    Raises:
        ReflexarcError: there is none, or it is no CloudEvent.
        Unreachable: the broker does not answer.
    """
    if spelled == "-":
        return _decoded(sys.stdin.buffer.read(LARGEST + 1), "standard input")
    path = Path(spelled)
    if not path.exists() and (place := _PLACE.fullmatch(spelled)):
        return _stored(kafka, Place(place["topic"], int(place["partition"]), int(place["offset"])))
    try:
        with path.open("rb") as file:
            return _decoded(file.read(LARGEST + 1), spelled)
    except OSError as error:
        what = f"{spelled}: cannot be read: {(error.strerror or 'unknown').lower()}"
        raise ReflexarcError(what, cure="name a file, - for standard input, or topic:partition:offset") from None


def _decoded(body: bytes, where: str) -> View:
    if len(body) > LARGEST:
        raise ReflexarcError(f"{where}: larger than {LARGEST} bytes", cure="give one event")
    try:
        return View.of_event(json.loads(body))
    except InvalidEvent as error:
        raise ReflexarcError(
            f"{where}: {error.message}", cure="give one CloudEvent in JSON (structured mode)"
        ) from None


def _stored(kafka: KafkaConfig, place: Place) -> View:
    record = record_at(kafka, place)
    try:
        return View.of_record(record.headers, record.value)
    except InvalidEvent as error:
        raise ReflexarcError(f"{place}: {error.message}", cure="name a record of the events topic") from None
