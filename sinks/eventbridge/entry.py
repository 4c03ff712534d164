"""A CloudEvent as an entry of PutEvents.

The detail is the structured event in both mappings, so that patterns and targets see every attribute.

| mapping | Source | DetailType | Time |
| --- | --- | --- | --- |
| cloudevent | the event's source | its type | its time |
| event-router | its source | its subject, without one its type | none |

EventBridge takes whole numbers of 64 bits only. JSON data with a larger one travel as ``data_base64``: CloudEvents
allows that for any data, and nothing is lost.
"""

from __future__ import annotations

import json as stdlib
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.cloudevents import json
from schemas.errors import Reject

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.eventbridge.config import EventBridgeConfig

DETAIL_TYPE: Final = 128  # characters
SOURCE: Final = 256  # characters, on a bus of api: v2
GROUP: Final = 128  # characters

_WHOLE: Final = range(-(2**63), 2**63)
_LONG = re.compile(rb"[0-9]{19}")


def to_entry(event: CloudEvent, config: EventBridgeConfig) -> dict[str, Any]:
    """The entry of an event, as botocore wants it.

    Raises:
        Reject: a part of it is longer than EventBridge allows.
    """
    as_router = config.mapping == "event-router"
    detail_type = event.subject if as_router and event.subject else event.type
    _bounded("detail-type", detail_type, DETAIL_TYPE)
    entry: dict[str, Any] = {"Source": event.source, "DetailType": detail_type, "Detail": detail(event).decode()}
    if not as_router and (time := instant(event.time)):
        entry["Time"] = time
    if config.api == "classic":
        return entry | {"EventBusName": config.bus}
    _bounded("source", event.source, SOURCE)
    return entry | {"SystemMetadata": {"EventGroupId": group(event), "DeduplicationId": identity(event)}}


def detail(event: CloudEvent) -> bytes:
    """The structured event, with no number that EventBridge would refuse."""
    if event.data is None or not _LONG.search(event.data) or _whole_numbers_fit(event.data):
        return json.dumps(event)
    members = orjson.loads(json.dumps(replace(event, data=None)))
    return orjson.dumps(members | {"data_base64": b64encode(event.data).decode()})


def instant(time: str | None) -> datetime | None:
    """The time of an event in whole seconds, as AWS takes it, from 1970 on; a leap second is the second before it."""
    try:
        moment = datetime.fromisoformat(re.sub(r":60", ":59", (time or "").upper(), count=1)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return moment.replace(microsecond=0) if moment.year >= 1970 else None


def group(event: CloudEvent) -> str:
    """What stays in order on a bus of api: v2: the partition key, without one the source, too long ones as a hash."""
    key = event.extensions.get("partitionkey")
    text = key if isinstance(key, str) and key else event.source
    return text if len(text) <= GROUP else sha256(text.encode()).hexdigest()


def identity(event: CloudEvent) -> str:
    """The same for every delivery of one event, and for no other event."""
    return sha256(f"{event.source}\0{event.id}".encode()).hexdigest()


def _whole_numbers_fit(data: bytes) -> bool:
    try:
        stdlib.loads(data, parse_int=_fitting)
    except (ValueError, RecursionError):
        return False
    return True


def _fitting(digits: str) -> int:
    if len(digits) > 20 or int(digits) not in _WHOLE:
        raise ValueError("beyond 64 bits")
    return 0


def _bounded(what: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise Reject(f"the {what} would be {len(text)} characters long, EventBridge takes {limit}")
