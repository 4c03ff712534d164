"""CloudEvents as requests: header lines as libcurl takes them, and a body."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.cloudevents import http, json
from schemas.cloudevents.attributes import canonical
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
    attributes = event.attributes()
    attributes.pop("datacontenttype", None)
    values = [value if isinstance(value, str) else canonical(value) for value in attributes.values()]
    if not http.is_plain("".join(values)):
        values = [http.encode(value) for value in values]
    text = "\n".join(
        [f"ce-{name}: {value}" if value else f"ce-{name};" for name, value in zip(attributes, values, strict=True)]
    )
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
