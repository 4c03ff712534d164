"""A CloudEvent as an AMQP 0-9-1 message.

AMQP 0-9-1 has no binding of the CNCF; this is what Knative's RabbitMQ broker and vRO's plug-in read: a text body, the
attributes once more as string headers ``ce-<name>``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from string import Formatter
from typing import TYPE_CHECKING, Final, Literal

import orjson

from schemas.cloudevents import json
from schemas.cloudevents.attributes import canonical
from schemas.cloudevents.mediatype import STRUCTURED, is_json
from schemas.errors import Reject
from sinks import seed

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent

Body = Literal["cloudevent", "seed", "data"]

SHORT: Final = 255  # bytes of an AMQP short string: routing key, message id, type
HEADERS: Final = 64 * 1024  # bytes; a header table has to fit one frame, else the broker hangs up

FIELDS: Final = ("subject", "type", "vcenter", "eventclass")

_ABSENT: Final = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Body and properties, named as AMQP names them; None leaves a property out."""

    body: bytes
    content_type: str | None
    content_encoding: str | None
    headers: dict[str, str]
    message_id: str
    correlation_id: str | None
    type: str | None
    timestamp: datetime | None


def to_message(event: CloudEvent, body: Body, origin: str) -> Message:
    """The message of an event.

    Args:
        event: the event.
        body: ``cloudevent``: all of it as JSON; ``data``: its data as it is; ``seed``: see ``sinks.seed``.
        origin: the queue or exchange, which the seed's shape names.

    Raises:
        Reject: the event has no such body, or too large attributes.
    """
    headers = {f"ce-{name}": canonical(value) for name, value in event.attributes().items()}
    if sum(len(name) + len(text.encode()) for name, text in headers.items()) > HEADERS:
        raise Reject(f"the attributes do not fit into the {HEADERS} bytes of an AMQP header table")
    identity = f"{event.source}#{event.id}"
    correlation = event.extensions.get("correlationid")
    content, content_type, encoding = _BODIES[body](event, origin)
    return Message(
        body=content,
        content_type=_short(content_type),
        content_encoding=encoding,
        headers=headers,
        message_id=_short(identity) or sha256(identity.encode()).hexdigest(),
        correlation_id=_short(correlation) if isinstance(correlation, str) else None,
        type=_short(event.type),
        timestamp=_instant(event.time),
    )


def routing_key(template: str, event: CloudEvent) -> str:
    """``template`` with its fields filled in; dots within a field become ``_``, an absent one ``-``.

    Raises:
        Reject: the key would be longer than AMQP allows.
    """
    values = {"subject": event.subject, "type": event.type, **event.extensions}
    words = {name: canonical(values.get(name) or _ABSENT).replace(".", "_") for name in FIELDS}
    key = template.format_map(words)
    if len(key.encode()) > SHORT:
        raise Reject(f"the routing key would be {len(key.encode())} bytes long, {SHORT} are allowed")
    return key


def check_template(template: str) -> str:
    """Return a routing key template whose fields all exist.

    Raises:
        ValueError: one of them does not, or the braces do not match.
    """
    for _, name, spec, conversion in Formatter().parse(template):
        if name is not None and (name not in FIELDS or spec or conversion):
            raise ValueError(f"has an unknown field {{{name}}}")
    return template


def _as_cloudevent(event: CloudEvent, _: str) -> tuple[bytes, str | None, str | None]:
    return json.dumps(event), STRUCTURED, "utf-8"


def _as_seed(event: CloudEvent, origin: str) -> tuple[bytes, str | None, str | None]:
    return orjson.dumps(seed.shape(event, origin)), "application/json", "utf-8"


def _as_data(event: CloudEvent, _: str) -> tuple[bytes, str | None, str | None]:
    if event.data is None:
        raise Reject("the event has no data to send")
    content_type = event.datacontenttype
    return event.data, content_type, "utf-8" if content_type and is_json(content_type) else None


_BODIES: Final[dict[Body, Callable[[CloudEvent, str], tuple[bytes, str | None, str | None]]]] = {
    "cloudevent": _as_cloudevent,
    "seed": _as_seed,
    "data": _as_data,
}


def _short(text: str | None) -> str | None:
    return text if text is not None and len(text.encode()) <= SHORT else None


def _instant(time: str | None) -> datetime | None:
    """The time of the event if a calendar and AMQP have it (1970 to 9999); a leap second is the second before it."""
    try:
        instant = datetime.fromisoformat(re.sub(r":60", ":59", (time or "").upper(), count=1)).astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return instant if instant.year >= 1970 else None
