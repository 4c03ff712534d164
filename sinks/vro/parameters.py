"""What a workflow is told of an event: its data by name and type, its attributes, and all of it as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson

from schemas.cloudevents import json
from schemas.cloudevents.attributes import canonical
from sinks.vro.value import Value, properties, string, value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig

ATTRIBUTES: Final = "cloudEventAttributes"
"""Properties: the attributes of the event."""

RAW: Final = "rawEventData"
"""String: the event as JSON."""

AVAILABLE: Final = "availableInputs"
"""String: names and types of all parameters, for whoever writes the workflow."""

IDENTITY: Final = ("source", "id", "reflexarcreplay")
"""The attributes that tell one delivery's event from another: a replay is to be a run of its own."""

_BORDER: Final = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|[\s_-]+")


def parameters(event: CloudEvent, vcenters: Mapping[str, VcenterConfig]) -> list[dict[str, Any]]:
    """The parameters of an execution.

    Args:
        event: the event; data that are no JSON object have no parameters of their own.
        vcenters: those whose addresses are known; of others the host in the event's source counts.
    """
    vcenter = host(event, vcenters)
    found: dict[str, Value] = {}
    for key, given in _data(event).items():
        name, one = camel_case(key), value(given, vcenter)
        if name and one is not None:
            found.setdefault(name, one)
    # The identity stays text, whatever it looks like: it is compared when it is read back.
    attributes = {name: canonical(given) for name, given in event.attributes().items()}
    typed = properties(attributes.items(), None).wire["properties"]["property"]
    for entry in typed:
        if entry["key"] in IDENTITY:
            entry["value"] = string(attributes[entry["key"]]).wire
    found[ATTRIBUTES] = Value("Properties", {"properties": {"property": typed}})
    found[RAW] = string(json.dumps(event).decode())
    found[AVAILABLE] = string("".join(f"Param: {name} - Type: {one.type}\n" for name, one in found.items()))
    return [{"scope": "local", "name": name, "type": one.type, "value": one.wire} for name, one in found.items()]


def host(event: CloudEvent, vcenters: Mapping[str, VcenterConfig]) -> str | None:
    """The host of the event's vCenter."""
    config = vcenters.get(str(event.extensions.get("vcenter")))
    url = event.source if config is None or config.recording is not None else config.url
    try:
        return urlsplit(url).hostname or None
    except ValueError:
        return None


def camel_case(key: str) -> str:
    """A name as workflows have it: ``FullFormattedMessage``, ``full_formatted message``: ``fullFormattedMessage``."""
    words = [word for word in _BORDER.split(key) if word]
    joined = "".join(word[0].upper() + word[1:].lower() for word in words)
    return joined[:1].lower() + joined[1:]


def _data(event: CloudEvent) -> dict[str, Any]:
    try:
        data = orjson.loads(event.data or b"null")
    except orjson.JSONDecodeError:
        return {}
    return data if isinstance(data, dict) else {}
