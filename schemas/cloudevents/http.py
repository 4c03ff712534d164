"""The HTTP binding: CloudEvents as headers and body of a request or response (http-protocol-binding.md 1.0.2)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import quote, unquote_to_bytes

from schemas.cloudevents import json
from schemas.cloudevents.attributes import canonical, invalid
from schemas.cloudevents.event import CloudEvent
from schemas.cloudevents.mediatype import STRUCTURED, check_event_format, check_opaque, is_envelope

if TYPE_CHECKING:
    from collections.abc import Iterable

_PREFIX: Final = "ce-"
_CONTENT_TYPE: Final = "content-type"

_LITERAL: Final = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in '"%')
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPE: Final = re.compile(r"\\(.)")
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


class Message(NamedTuple):
    """What a request or response carries of an event.

    Attributes:
        headers: header fields in order, names in lower case, values in printable ASCII, no name twice.
        body: the body; empty when a binary event has no data.
    """

    headers: tuple[tuple[str, str], ...]
    body: bytes


def to_binary(event: CloudEvent) -> Message:
    """Attributes as percent-encoded ``ce-`` headers, ``datacontenttype`` as ``content-type``, data as body.

    HTTP cannot tell empty data from none.

    Raises:
        InvalidEvent: the data is itself declared as a CloudEvent, which a reader would take for this event.
    """
    attributes = event.attributes()
    attributes.pop("datacontenttype", None)
    headers = [(_PREFIX + name, encode(canonical(value))) for name, value in attributes.items()]
    if event.datacontenttype is not None:
        check_opaque(event.datacontenttype)
        headers.append((_CONTENT_TYPE, event.datacontenttype))
    return Message(tuple(headers), event.data or b"")


def to_structured(event: CloudEvent) -> Message:
    """The whole event as JSON in the body; no ``ce-`` header repeats an attribute."""
    return Message(((_CONTENT_TYPE, STRUCTURED),), json.dumps(event))


def from_request(headers: Iterable[tuple[str, str]], body: bytes) -> CloudEvent:
    """The event in a request, of binary or structured mode.

    The ``content-type`` header alone decides the mode. Headers other than it and ``ce-`` ones are nobody's business
    here; in structured mode the ``ce-`` ones are ignored too. An empty body of a binary event is no data.

    Raises:
        InvalidEvent: the request is not one CloudEvent; a batch is not.
    """
    fields = [(name.lower(), value.strip(" \t")) for name, value in headers]
    content_type = _content_type(fields)
    if content_type is not None and is_envelope(content_type):
        check_event_format(content_type)
        return json.loads(body)
    attributes: dict[str, str] = {}
    for field, value in fields:
        if field.startswith(_PREFIX):
            name = field[len(_PREFIX) :]
            if name in attributes:
                raise invalid(name, "the request has two such headers")
            attributes[name] = _decode(name, value)
    if "datacontenttype" in attributes:
        raise invalid("datacontenttype", "belongs in the header content-type, not ce-datacontenttype")
    if content_type is not None:
        attributes["datacontenttype"] = content_type
    return CloudEvent.from_attributes(attributes, body or None)


def _content_type(fields: list[tuple[str, str]]) -> str | None:
    found = [value for field, value in fields if field == _CONTENT_TYPE]
    if len(found) > 1:
        raise invalid("datacontenttype", "the request has two content-type headers")
    return found[0] if found else None


def encode(text: str) -> str:
    """An attribute's canonical string as the value of its header (section 3.1.3.2)."""
    if text.isascii() and text.isprintable() and not (" " in text or '"' in text or "%" in text):
        return text
    return quote(text, safe=_LITERAL)


def _decode(name: str, value: str) -> str:
    """Section 3.1.3.2: undo one quoted-string, then one round of percent-encoding."""
    if not (value.isascii() and value.isprintable()):
        raise invalid(name, "its header holds characters that must be percent-encoded")
    if '"' in value:
        quoted = _QUOTED.fullmatch(value)
        if not quoted:
            raise invalid(name, "its header holds a double quote that must be percent-encoded")
        value = _ESCAPE.sub(r"\1", quoted[1])
    if "%" not in value:
        return value
    if _STRAY_PERCENT.search(value):
        raise invalid(name, "its header holds a % without two hexadecimal digits after it")
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise invalid(name, "its header does not decode to UTF-8") from None
