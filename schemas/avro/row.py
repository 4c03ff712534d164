"""An event as one flat row of ``event.avsc``: pure, and never at a loss, whatever the data are.

What the row takes from the data is cut at ``LONGEST`` characters; ``data`` itself is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.avro.instant import micros
from schemas.cloudevents.attributes import canonical
from schemas.cloudevents.mediatype import is_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.cloudevents import CloudEvent

Row = dict[str, Any]
"""Values by the fields of the schema; times in microseconds of the epoch."""

LONGEST: Final = 2_000

_OWN_FIELDS: Final = ("partitionkey", "vcenter", "eventclass")

# Property of the event, property of the argument; the most specific first. Alarms are about their "Entity".
_ENTITIES: Final = (
    ("Vm", "Vm"),
    ("Host", "Host"),
    ("ComputeResource", "ComputeResource"),
    ("Ds", "Datastore"),
    ("Net", "Network"),
    ("Dvs", "Dvs"),
    ("Datacenter", "Datacenter"),
    ("Entity", "Entity"),
)

# Where vCenter events and alerts keep each part, best first.
_TEXTS: Final = {
    "datacenter": (("Datacenter", "Name"),),
    "compute_resource": (("ComputeResource", "Name"),),
    "host": (("Host", "Name"), ("hostname",)),
    "user": (("UserName",), ("user",)),
    "severity": (("Severity",), ("severity",)),
    "message": (("FullFormattedMessage",), ("Message",), ("message",), ("AlertName",)),
}
_INTEGERS: Final = {"chain": "ChainId", "key": "Key"}


def row(event: CloudEvent) -> Row:
    """The row of an event: every field of the schema, the same for the same event. Cost: one parse of the data."""
    extensions = {name: canonical(value) for name, value in event.extensions.items()}
    text = _text(event.data)
    data = _object(text, event.datacontenttype)
    own = {name: extensions.pop(name, None) for name in _OWN_FIELDS}
    texts = {field: _first(data, paths) for field, paths in _TEXTS.items()}
    texts["severity"] = extensions.get("severitytext") or texts["severity"]
    created = data.get("CreatedTime")
    return {
        "id": event.id,
        "source": event.source,
        "type": event.type,
        "subject": event.subject,
        "time": None if event.time is None else micros(event.time),
        **own,
        **_entity(data, own),
        **texts,
        **{field: _integer(data.get(name)) for field, name in _INTEGERS.items()},
        "created": micros(created) if isinstance(created, str) else None,
        "extensions": extensions,
        "dataschema": event.dataschema,
        "datacontenttype": event.datacontenttype,
        "data": text,
        "binary": event.data if text is None else None,
    }


def _text(data: bytes | None) -> str | None:
    try:
        return None if data is None else data.decode()
    except UnicodeDecodeError:
        return None


def _object(text: str | None, content_type: str | None) -> dict[str, Any]:
    """The data as a JSON object; empty when they are none."""
    if not text or (content_type is not None and not is_json(content_type)):
        return {}
    try:
        parsed = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _entity(data: Mapping[str, Any], own: Mapping[str, str | None]) -> Row:
    """What the event is about; its id alone where the data do not say it and the partition key does."""
    for outer, inner in _ENTITIES:
        if found := _first(data, ((outer, inner, "Value"),)):
            kind, name = (_first(data, (path,)) for path in ((outer, inner, "Type"), (outer, "Name")))
            return {"entity_kind": kind, "entity_id": found, "entity_name": name}
    vcenter, _, moref = (own["partitionkey"] or "").partition("/")
    known = moref not in {"", "-"} and vcenter == own["vcenter"]
    return {"entity_kind": None, "entity_id": moref if known else None, "entity_name": None}


def _first(data: Mapping[str, Any], paths: tuple[tuple[str, ...], ...]) -> str | None:
    for path in paths:
        value: Any = data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            return value[:LONGEST]
    return None


def _integer(value: Any) -> int | None:
    """A number that Avro's long holds."""
    fits = isinstance(value, int) and not isinstance(value, bool) and -(2**63) <= value < 2**63
    return value if fits else None
