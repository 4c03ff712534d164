"""A CloudEvent as an AMQP 0-9-1 message.

AMQP 0-9-1 has no binding of the CNCF; this is what Knative's RabbitMQ broker and vRO's plug-in read: a text body, the
attributes once more as string headers ``ce-<name>``. A reader that comes by AMQP 1.0 knows the body by its content
type, as the structured mode of the CNCF's binding for that protocol has it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final, Literal

import orjson

from schemas.cloudevents import json
from schemas.cloudevents.attributes import canonical
from schemas.cloudevents.mediatype import STRUCTURED
from schemas.errors import Reject
from sinks import seed
from sinks.rabbitmq.routing import SHORT

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent

Body = Literal["cloudevent", "seed"]

HEADERS: Final = 64 * 1024  # bytes; a header table has to fit one frame, else the broker hangs up

_CORRELATIONS: Final = ("correlationid", "traceparent")  # extensions, best first


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Body and properties, named as AMQP names them; None leaves a property out."""

    body: bytes
    content_type: str
    content_encoding: str
    headers: dict[str, str]
    message_id: str
    correlation_id: str | None
    type: str | None
    timestamp: datetime | None


def to_message(event: CloudEvent, body: Body, origin: str) -> Message:
    """The message of an event.

    Args:
        event: the event.
        body: ``cloudevent``: all of it as JSON; ``seed``: see ``sinks.seed``. UTF-8 text either way.
        origin: the queue or exchange, which the seed's shape names.

    Raises:
        Reject: the event has no such body, or too large attributes.
    """
    headers = {f"ce-{name}": canonical(value) for name, value in event.attributes().items()}
    if sum(len(name) + len(text.encode()) for name, text in headers.items()) > HEADERS:
        raise Reject(f"the attributes do not fit into the {HEADERS} bytes of an AMQP header table")
    # Only the first # parts the two: another source and id would else read the same.
    identity = f"{event.source.replace('%', '%25').replace('#', '%23')}#{event.id}"
    content, content_type = _BODIES[body](event, origin)
    return Message(
        body=content,
        content_type=content_type,
        content_encoding="utf-8",
        headers=headers,
        message_id=_short(identity) or sha256(identity.encode()).hexdigest(),
        correlation_id=_correlation(event),
        type=_short(event.type),
        timestamp=_instant(event.time),
    )


def _as_cloudevent(event: CloudEvent, _: str) -> tuple[bytes, str]:
    return json.dumps(event), STRUCTURED


def _as_seed(event: CloudEvent, origin: str) -> tuple[bytes, str]:
    return orjson.dumps(seed.shape(event, origin)), "application/json"


_BODIES: Final[dict[Body, Callable[[CloudEvent, str], tuple[bytes, str]]]] = {
    "cloudevent": _as_cloudevent,
    "seed": _as_seed,
}


def _correlation(event: CloudEvent) -> str | None:
    """What ties the message to others: the chain that the event says it belongs to, else the event itself."""
    given = (event.extensions.get(name) for name in _CORRELATIONS)
    named = (_short(value) for value in given if isinstance(value, str) and value)
    return next((text for text in named if text), None) or _short(event.id)


def _short(text: str | None) -> str | None:
    return text if text is not None and len(text.encode()) <= SHORT else None


def _instant(time: str | None) -> datetime | None:
    """The time of the event if a calendar and AMQP have it (1970 to 9999); a leap second is the second before it."""
    try:
        instant = datetime.fromisoformat(re.sub(r":60", ":59", (time or "").upper(), count=1)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return instant if instant.year >= 1970 else None
