"""Prometheus Alertmanager's webhook, version 4: one event per alert of a notification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload import document
from ingest.webhook.payload.context import Context
from ingest.webhook.payload.document import Number
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from ingest.webhook.payload.moment import moment
from ingest.webhook.payload.place import Place
from schemas.cloudevents.attributes import invalid

if TYPE_CHECKING:
    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

_NAME: Final = "alertmanager"
_STATES: Final = {"firing": "startsAt", "resolved": "endsAt"}
"""Status of an alert, and the member that says since when it is so."""


def events(request: Request, name: str) -> list[CloudEvent]:
    """Translate one notification in Alertmanager's shape.

    Args:
        request: the notification.
        name: of the sender, as it stands in types and keys.

    Raises:
        InvalidEvent: it is none; the message begins with the JSON path at fault.
    """
    payload = Place.of(request.body)
    alerts = list(payload.required("alerts").objects())
    group = {member: value for member, value in payload.members().items() if member != "alerts"}
    context = Context("group", group, copies=len(alerts))
    made = [_alert(request, name, alert, context) for alert in alerts]
    if _counts(payload.find("truncatedAlerts")):
        made.append(_truncated(request, name, payload, document.write(group)))
    return made


def _alert(request: Request, name: str, alert: Place, context: Context) -> CloudEvent:
    status = alert.required("status").word()
    if status not in _STATES:
        raise invalid(f"{alert.path}.status", f"must be one of {', '.join(_STATES)}")
    labels = alert.required("labels").members()
    fingerprint = alert.hint("fingerprint") or digest(document.write(dict(sorted(labels.items()))))
    return event(
        request,
        id=identity(fingerprint, alert.hint("startsAt") or "-", status),
        type=f"com.reflexarc.{name}.alert.{status}.v0",
        subject=alert.hint("labels", "alertname") or fingerprint,
        key=f"{name}/{fingerprint}",
        time=moment(alert.find(_STATES[status])),
        severity=alert.hint("labels", "severity"),
        data=context.around(alert.members()),
    )


def _truncated(request: Request, name: str, payload: Place, data: bytes) -> CloudEvent:
    group = payload.hint("groupKey") or payload.hint("receiver") or "-"
    return event(
        request,
        id=identity("truncated", digest(request.body)),
        type=f"com.reflexarc.{name}.truncated.v0",
        subject=payload.hint("commonLabels", "alertname") or group,
        key=f"{name}/{group}",
        data=data,
    )


def _counts(value: object) -> bool:
    return isinstance(value, Number) and value.text.strip("-0.") != ""


ADAPTER: Final = Adapter(
    accepts=("a notification of Prometheus Alertmanager (webhook_config, version 4): Content-Type: application/json",),
    adapt=lambda request: events(request, _NAME),
)
