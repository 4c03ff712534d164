"""The Kafka binding: CloudEvents as record headers and value (kafka-protocol-binding.md 1.0.3-wip).

The record key is no part of it: reading never turns a key into an attribute, ``partition_key`` says which key the
event asks for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from schemas.cloudevents import json
from schemas.cloudevents.attributes import canonical, invalid
from schemas.cloudevents.event import CloudEvent
from schemas.cloudevents.mediatype import STRUCTURED, check_event_format, check_opaque, is_envelope

if TYPE_CHECKING:
    from collections.abc import Sequence

_PREFIX: Final = "ce_"
_CONTENT_TYPE: Final = "content-type"


class Message(NamedTuple):
    """What a record carries of an event.

    Attributes:
        headers: record headers in order, no name twice.
        value: record value; None is a record without value, a tombstone where the topic is compacted.
    """

    headers: tuple[tuple[str, bytes], ...]
    value: bytes | None


def to_binary(event: CloudEvent) -> Message:
    """Attributes as ``ce_`` headers, ``datacontenttype`` as ``content-type``, data as value, untouched.

    Raises:
        InvalidEvent: the data is itself declared as a CloudEvent, which a reader would take for this event.
    """
    attributes = event.attributes()
    attributes.pop("datacontenttype", None)
    headers = [
        (_PREFIX + name, (value if isinstance(value, str) else canonical(value)).encode())
        for name, value in attributes.items()
    ]
    if event.datacontenttype is not None:
        check_opaque(event.datacontenttype)
        headers.append((_CONTENT_TYPE, event.datacontenttype.encode()))
    return Message(tuple(headers), event.data)


def to_structured(event: CloudEvent) -> Message:
    """The whole event as JSON in the value; no ``ce_`` header repeats an attribute."""
    return Message(((_CONTENT_TYPE, STRUCTURED.encode()),), json.dumps(event))


def from_message(headers: Sequence[tuple[str, bytes | None]] | None, value: bytes | None) -> CloudEvent:
    """The event in a record, of either mode.

    The ``content-type`` header alone decides the mode. Headers other than it and ``ce_`` ones are nobody's business
    here, whatever they hold; in structured mode the ``ce_`` ones are ignored too.

    Raises:
        InvalidEvent: the record is not a CloudEvent.
    """
    headers = headers or ()
    content_type = _content_type(headers)
    if content_type is not None and is_envelope(content_type):
        check_event_format(content_type)
        if value is None:
            raise invalid("event", "the record says it is structured, but has no value")
        return json.loads(value)
    attributes: dict[str, str] = {}
    for key, raw in headers:
        if key[:3] == _PREFIX:
            name = key[3:]
            if name in attributes:
                raise invalid(name, "the record has two such headers")
            attributes[name] = _text(name, raw)
    if "datacontenttype" in attributes:
        raise invalid("datacontenttype", "belongs in the header content-type, not ce_datacontenttype")
    if content_type is not None:
        attributes["datacontenttype"] = content_type
    return CloudEvent.from_attributes(attributes, value)


def partition_key(event: CloudEvent) -> bytes | None:
    """The record key the event asks for by its ``partitionkey`` extension, or None."""
    key = event.extensions.get("partitionkey")
    return None if key is None else canonical(key).encode()


def _content_type(headers: Sequence[tuple[str, bytes | None]]) -> str | None:
    found = None
    for key, raw in headers:
        # Its name comes from HTTP, so producers spell it as HTTP lets them.
        if len(key) == len(_CONTENT_TYPE) and key.lower() == _CONTENT_TYPE:
            if found is not None:
                raise invalid("datacontenttype", "the record has two content-type headers")
            found = _text("datacontenttype", raw)
    return found


def _text(name: str, raw: bytes | None) -> str:
    if raw is None:
        raise invalid(name, "its header has no value")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise invalid(name, "its header is not UTF-8") from None
