"""An alert of a logging system, as its webhook sends it.

.. code-block:: json

    {"origin": "notifications",
     "event": {"event_id": "01J53E4ZH23037GH75R",
               "created_on": "2024-08-12T13:58:44.587000Z",
               "message": "Self-healing datacenter - TEST",
               "metadata": {"full_message": "<13>1 2024-08-12T15:58:44+02:00 test01 root - - - I am infected",
                            "source": "test01"}}}

``metadata.source`` is the host that logged the line; events of one host stay in order. ``event_id`` may be missing:
the body's SHA-256 is the id then, so that a repeated request is a duplicate and not a second alert. Further members
are allowed; the data are the body as it came, byte for byte.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload import document
from ingest.webhook.payload.identity import digest
from schemas.cloudevents import CloudEvent
from schemas.cloudevents.attributes import check_string, check_time, excerpt, invalid
from schemas.errors import InvalidEvent

TYPE = "com.reflexarc.log.alert.v0"

_JSON = "application/json"


def to_event(body: bytes) -> CloudEvent:
    """Translate one alert.

    Raises:
        InvalidEvent: the body is no such alert; the message begins with the JSON path at fault.
    """
    alert = document.plain(body)
    for path in ("event.message", "event.metadata.full_message"):
        _text(alert, path)
    origin = _word(alert, "origin")
    return CloudEvent(
        id=_id(alert, body),
        source=f"/ingest/webhook/log-alert/{quote(origin, safe='')}",
        type=TYPE,
        subject=origin,
        time=_time(alert, "event.created_on"),
        datacontenttype=_JSON,
        extensions={"partitionkey": f"log-alert/{_word(alert, 'event.metadata.source')}"},
        data=body,
    )


def _id(alert: Any, body: bytes) -> str:
    given = alert["event"].get("event_id")
    return digest(body) if given is None else _word(alert, "event.event_id")


def _time(alert: Any, path: str) -> str:
    time = _word(alert, path)
    try:
        check_time(time)
    except InvalidEvent:
        raise invalid(path, f"{excerpt(time)} is not an RFC 3339 timestamp") from None
    return time


def _word(alert: Any, path: str) -> str:
    """Return the text at ``path``, fit to be an attribute: not empty, no control characters."""
    word = _text(alert, path)
    check_string(path, word)
    if not word:
        raise invalid(path, "must not be empty")
    return word


def _text(alert: Any, path: str) -> str:
    value, walked = alert, ""
    for name in path.split("."):
        if not isinstance(value, dict):
            raise invalid(walked or "body", "must be a JSON object")
        walked = f"{walked}.{name}" if walked else name
        if name not in value:
            raise invalid(walked, "required, but missing")
        value = value[name]
    if not isinstance(value, str):
        raise invalid(path, "must be a string")
    return value


ADAPTER: Final = Adapter(
    accepts=(f"one log alert with origin and event: Content-Type: {_JSON}",),
    media_types=frozenset({_JSON}),
    adapt=lambda request: (to_event(request.body),),
)
