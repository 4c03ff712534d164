"""VMware Aria Operations (vRealize, VCF Operations): one event per alert that is new, updated or canceled.

The REST notification plug-in posts new alerts and puts updates to the alert's own address, below the endpoint's. The
webhook plug-in of 8.x and 9 fills in a template; with the shipped one its members have the same names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload import document, repair
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest, identity
from ingest.webhook.payload.moment import moment
from ingest.webhook.payload.place import Place
from schemas.cloudevents.attributes import cleaned, invalid

if TYPE_CHECKING:
    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

_NAME: Final = "aria-operations"
_ENDED: Final = frozenset({"INACTIVE", "CANCELED", "CANCELLED"})
_SINCE: Final = {"new": "startDate", "updated": "updateDate", "canceled": "cancelDate"}
"""State of an alert, and the member that says since when it is so."""

_SAMPLE: Final = "sample-adapter-type"
"""The ``adapterKind`` of a test notification."""


def events(request: Request) -> list[CloudEvent]:
    """Translate one alert.

    Raises:
        InvalidEvent: it is none, even when mended; the message begins with the JSON path at fault.
    """
    value, mended = repair.read(request.body)
    alert = Place("", value)
    alert.members()
    alert_id = alert.hint("alertId") or request.tail
    if not cleaned(alert_id):
        raise invalid("alertId", "required, but missing")
    if alert.find("adapterKind") == _SAMPLE:
        return []
    state = _state(request.method, alert)
    return [
        event(
            request,
            id=identity(alert_id, state, alert.hint(_SINCE[state]) or digest(request.body)),
            type=f"com.reflexarc.{_NAME}.alert.{state}.v0",
            subject=alert.hint("alertName") or alert.hint("subType") or alert_id,
            key=f"{_NAME}/{alert.hint('resourceId') or alert.hint('resourceName') or alert_id}",
            time=moment(alert.find(_SINCE[state])),
            severity=alert.hint("criticality"),
            data=document.write({**alert.members(), repair.RAW: repair.raw(request.body)}) if mended else request.body,
        )
    ]


def _state(method: str, alert: Place) -> str:
    """Return what became of the alert. A POST may be an update, too: the plug-in tries one method after the other."""
    if (alert.hint("status") or "").upper() in _ENDED:
        return "canceled"
    updated, started = alert.hint("updateDate"), alert.hint("startDate")
    return "updated" if method == "PUT" or (updated and started and updated != started) else "new"


ADAPTER: Final = Adapter(
    accepts=(
        "an alert of Aria Operations' REST notification plug-in: POST, or PUT with the alert's id behind the path",
        "an alert of its webhook plug-in, in the shipped template: Content-Type: application/json",
    ),
    methods=("POST", "PUT"),
    tails=True,
    adapt=events,
)
