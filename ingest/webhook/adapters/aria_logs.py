"""VMware Aria Operations for Logs (vRealize Log Insight): one event per message or row of an alert.

Its shapes: an alert of a message query (``AlertType`` 1), of an aggregate query (2), a notification about the system
(no ``AlertType``), a test (no messages, no ``Url``), and the shipped template of newer releases (no ``messages``).
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload import document, repair
from ingest.webhook.payload.context import Context
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from ingest.webhook.payload.moment import moment
from ingest.webhook.payload.place import Place

if TYPE_CHECKING:
    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

_NAME: Final = "aria-logs"
_MESSAGE: Final = f"com.reflexarc.{_NAME}.alert.message.v0"
_AGGREGATE: Final = f"com.reflexarc.{_NAME}.alert.aggregate.v0"
_QUERY: Final = f"com.reflexarc.{_NAME}.alert.query.v0"
_NOTIFICATION: Final = f"com.reflexarc.{_NAME}.notification.v0"
_TRUNCATED: Final = f"com.reflexarc.{_NAME}.truncated.v0"

_HOSTS: Final = ("hostname", "source", "host")
"""Fields that name the machine a line is from, the best first."""


def events(request: Request) -> list[CloudEvent]:
    """Translate one alert or notification.

    Raises:
        InvalidEvent: it is none, even when mended; the message begins with the JSON path at fault.
    """
    value, mended = repair.read(request.body)
    payload = Place("", value)
    payload.required("AlertName").word()
    if payload.find("messages") is None:
        return [_alert(request, payload, _QUERY, data=_whole(request.body, payload, mended=mended))]
    messages = list(payload.required("messages").objects())
    truncated = payload.find("HasMoreResults") is True
    made = []
    if messages:
        made = _messages(request, payload, messages, mended=mended)
    elif truncated or payload.find("Url") is not None:  # otherwise it is a test
        made = [_alert(request, payload, _kind(payload), data=_whole(request.body, payload, mended=mended))]
    if truncated:
        found = {member: value for member, value in payload.members().items() if member != "messages"}
        made.append(_alert(request, payload, _TRUNCATED, data=document.write(found), id_of="truncated"))
    return made


def _messages(request: Request, payload: Place, messages: list[Place], *, mended: bool) -> list[CloudEvent]:
    name, kind = payload.required("AlertName").word(), _kind(payload)
    alert = {member: value for member, value in payload.members().items() if member != "messages"}
    context = Context("alert", alert, copies=len(messages))
    body, seen = digest(request.body), Counter[str]()
    made = []
    for at, message in enumerate(messages):
        own = _id(name, message, otherwise=f"{body}/{at}")
        seen[own] += 1
        members = message.members()
        made.append(
            event(
                request,
                id=own if seen[own] == 1 else f"{own}/{seen[own]}",
                type=kind,
                subject=name,
                key=f"{_NAME}/{_host(message) or name}",
                time=moment(message.find("timestamp")),
                data=context.around(members if at or not mended else {**members, repair.RAW: repair.raw(request.body)}),
            )
        )
    return made


def _alert(request: Request, payload: Place, kind: str, *, data: bytes, id_of: str = "alert") -> CloudEvent:
    name = payload.required("AlertName").word()
    return event(
        request,
        id=identity(id_of, digest(request.body)),
        type=kind,
        subject=name,
        key=f"{_NAME}/{name}",
        time=moment(payload.find("triggeredAt")),
        severity=payload.hint("severity"),
        data=data,
    )


def _whole(body: bytes, payload: Place, *, mended: bool) -> bytes:
    return document.write({**payload.members(), repair.RAW: repair.raw(body)}) if mended else body


def _kind(payload: Place) -> str:
    alert_type = payload.hint("AlertType")
    if alert_type is None:
        return _NOTIFICATION
    return _AGGREGATE if alert_type == "2" else _MESSAGE


def _id(name: str, message: Place, *, otherwise: str) -> str:
    """Return the id of a line by its time and text; a row of an aggregate query has no time to tell it by."""
    timestamp = message.hint("timestamp")
    if timestamp is None:
        return otherwise
    return identity(name, timestamp, digest(document.write(message.value)))


def _host(message: Place) -> str | None:
    fields = _fields(message)
    return next((host for name in _HOSTS if (host := fields.get(name))), None)


def _fields(message: Place) -> dict[str, str]:
    found: dict[str, str] = {}
    fields: Any = message.find("fields")
    for field in fields if isinstance(fields, list) else ():
        place = Place("", field)
        name, content = place.hint("name"), place.hint("content")
        if name and content:
            found.setdefault(name, content)
    return found


ADAPTER: Final = Adapter(
    accepts=("an alert or notification of Aria Operations for Logs (webhook): Content-Type: application/json",),
    adapt=events,
)
