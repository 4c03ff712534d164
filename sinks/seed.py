"""The message that workflows of the self-healing datacenter read: what happened, on which machine.

``{"origin", "event": {"event_id", "created_on", "message", "metadata": {"full_message", "source"}}}``, where
``source`` is the name of the machine to act on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from schemas.errors import Reject

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

# Where log alerts and vCenter events keep each part, best first; an alert may have this very form.
_SOURCE: Final = (("event", "metadata", "source"), ("source",), ("hostname",), ("Vm", "Name"), ("Host", "Name"))
_MESSAGE: Final = (("event", "message"), ("message",), ("AlertName",), ("FullFormattedMessage",))
_FULL_MESSAGE: Final = (("event", "metadata", "full_message"), ("full_message",), ("text",), ("FullFormattedMessage",))


def shape(event: CloudEvent, origin: str) -> dict[str, Any]:
    """The message for ``event``; ``origin`` is the queue or exchange it goes to.

    Raises:
        Reject: the event names no machine, which those workflows cannot do without.
    """
    data = _object(event.data)
    source = _first(data, _SOURCE)
    if source is None:
        raise Reject(f"the event names no machine: its data has none of {', '.join(map('.'.join, _SOURCE))}")
    message = _first(data, _MESSAGE) or event.subject or event.type
    return {
        "origin": origin,
        "event": {
            "event_id": event.id,
            "created_on": event.time,
            "message": message,
            "metadata": {"full_message": _first(data, _FULL_MESSAGE) or message, "source": source},
        },
    }


def _object(data: bytes | None) -> dict[str, Any]:
    try:
        parsed = orjson.loads(data or b"{}")
    except orjson.JSONDecodeError:
        parsed = None
    if not isinstance(parsed, dict):
        raise Reject("the event's data is not a JSON object")
    return parsed


def _first(data: dict[str, Any], paths: tuple[tuple[str, ...], ...]) -> str | None:
    for path in paths:
        value: Any = data
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        if isinstance(value, str) and value:
            return value
    return None
