"""The event of the CloudEvents project's conformance scenarios (repository cloudevents/conformance, features)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

ATTRIBUTES: Final = {
    "specversion": "1.0",
    "id": "1234-1234-1234",
    "type": "com.example.someevent",
    "source": "/mycontext/subcontext",
    "time": "2018-04-05T03:56:24Z",
}
"""All but ``datacontenttype``, which a scenario chooses."""

DATA: Final = {"message": "Hello World!"}

STRUCTURED: Final = ("application/cloudevents+json", "application/cloudevents+json; charset=utf-8")
"""Content types by which a message says that its body is the whole event."""


def envelope() -> bytes:
    """The whole event in JSON, as the scenarios lay it out."""
    order = ("specversion", "type", "time", "id", "source")
    members: dict[str, Any] = {name: ATTRIBUTES[name] for name in order}
    return json.dumps(members | {"datacontenttype": "application/json", "data": DATA}, indent=4).encode()


def told(event: CloudEvent) -> tuple[dict[str, Any], Any]:
    """What the scenarios look at: every attribute, and what the data are as JSON."""
    assert event.data is not None
    return event.attributes(), json.loads(event.data)


def expected(content_type: str = "application/json") -> tuple[dict[str, str], dict[str, str]]:
    """What they expect."""
    return ATTRIBUTES | {"datacontenttype": content_type}, DATA
