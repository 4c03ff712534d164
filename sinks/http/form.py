"""CloudEvents as requests: header lines as libcurl takes them, and a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.cloudevents import http, json
from schemas.cloudevents.attributes import SPECVERSION, canonical
from schemas.cloudevents.mediatype import BATCH, STRUCTURED, check_opaque

if TYPE_CHECKING:
    from collections.abc import Iterable

    from schemas.cloudevents import CloudEvent

Request = tuple[tuple[bytes, ...], bytes]

_NO_CONTENT_TYPE: Final = b"Content-Type:"  # libcurl would add one of its own
_STRUCTURED: Final = (f"Content-Type: {STRUCTURED}".encode(),)
_BATCH: Final = (f"Content-Type: {BATCH}".encode(),)


def binary(event: CloudEvent) -> Request:
    """What ``schemas.cloudevents.http.to_binary`` says, as header lines.

    A valid event has no attribute that could break a line, so lines are not looked at one by one.

    Raises:
        InvalidEvent: as ``to_binary``.
    """
    text = f"ce-specversion: {SPECVERSION}\nce-id: {event.id}\nce-source: {event.source}\nce-type: {event.type}"
    blanks = 4
    for name, value in (("subject", event.subject), ("time", event.time), ("dataschema", event.dataschema)):
        if value is not None:
            text += f"\nce-{name}: {value}"
            blanks += 1
    for name, extension in event.extensions.items():
        if value := extension if isinstance(extension, str) else canonical(extension):
            text += f"\nce-{name}: {value}"
            blanks += 1
        else:
            text += f"\nce-{name};"
    # What else would have to be encoded, control characters, is in no valid event.
    if not text.isascii() or text.count(" ") != blanks or '"' in text or "%" in text:
        text = _encoded(event)
    lines = text.encode("ascii").split(b"\n")
    content_type = event.datacontenttype
    if content_type is None:
        lines.append(_NO_CONTENT_TYPE)
    else:
        check_opaque(content_type)
        lines.append(b"content-type: " + content_type.encode("ascii"))
    return tuple(lines), event.data or b""


def structured(event: CloudEvent) -> Request:
    """The whole event as JSON."""
    return _STRUCTURED, json.dumps(event)


def batch(documents: Iterable[bytes]) -> Request:
    """Several events, each as JSON already, as one JSON list."""
    return _BATCH, b"[" + b",".join(documents) + b"]"


def _encoded(event: CloudEvent) -> str:
    attributes = event.attributes()
    attributes.pop("datacontenttype", None)
    values = [(name, http.encode(canonical(value))) for name, value in attributes.items()]
    return "\n".join([f"ce-{name}: {value}" if value else f"ce-{name};" for name, value in values])
