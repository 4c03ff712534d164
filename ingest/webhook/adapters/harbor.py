"""Harbor's webhooks, payload format Default: one event per notification (its format CloudEvents needs no adapter)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import Adapter
from ingest.webhook.payload.event import event
from ingest.webhook.payload.identity import digest
from ingest.webhook.payload.moment import moment
from ingest.webhook.payload.place import Place

if TYPE_CHECKING:
    from ingest.webhook.request import Request
    from schemas.cloudevents import CloudEvent

_NAME: Final = "harbor"

KINDS: Final = {
    "PUSH_ARTIFACT": "artifact.pushed",
    "PULL_ARTIFACT": "artifact.pulled",
    "DELETE_ARTIFACT": "artifact.deleted",
    "SCANNING_COMPLETED": "scan.completed",
    "SCANNING_STOPPED": "scan.stopped",
    "SCANNING_FAILED": "scan.failed",
    "QUOTA_EXCEED": "quota.exceeded",
    "QUOTA_WARNING": "quota.warned",
    "REPLICATION": "replication.changed",
    "TAG_RETENTION": "retention.finished",
}
"""What Harbor calls a notification, and what stands in the type; any other is ``other``."""


def events(request: Request) -> list[CloudEvent]:
    """Translate one notification. It has no id of its own: the SHA-256 of the body is one.

    Raises:
        InvalidEvent: it is none; the message begins with the JSON path at fault.
    """
    payload = Place.of(request.body)
    kind = payload.required("type").word()
    payload.required("event_data").members()
    repository = payload.hint("event_data", "repository", "repo_full_name") or _joined(payload) or kind
    return [
        event(
            request,
            id=digest(request.body),
            type=f"com.reflexarc.{_NAME}.{KINDS.get(kind, 'other')}.v0",
            subject=repository,
            key=f"{_NAME}/{repository}",
            time=moment(payload.find("occur_at")),
            data=request.body,
        )
    ]


def _joined(payload: Place) -> str | None:
    namespace = payload.hint("event_data", "repository", "namespace")
    name = payload.hint("event_data", "repository", "name")
    return f"{namespace}/{name}" if namespace and name else name


ADAPTER: Final = Adapter(
    accepts=("a notification of Harbor, payload format Default: Content-Type: application/json",),
    adapt=events,
)
