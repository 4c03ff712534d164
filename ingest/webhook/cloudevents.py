"""POST /events: CloudEvents over HTTP, binary and structured content mode, passed on unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.webhook.adapter import Endpoint, media_type
from schemas.cloudevents import http

if TYPE_CHECKING:
    from ingest.webhook.adapter import Headers

_STRUCTURED = "application/cloudevents+json"
_BATCH = "application/cloudevents-batch"
_FAMILY = "application/cloudevents"


def refusal(headers: Headers) -> str | None:
    """Tell why these headers announce no CloudEvent that this endpoint takes; None when they do."""
    kind = media_type(headers)
    if kind.startswith(_BATCH):
        return "Batches are not accepted; send one event per request."
    if kind.startswith(_FAMILY):
        return None if kind == _STRUCTURED else f"Of the structured formats only {_STRUCTURED} is accepted."
    if any(name.lower().startswith("ce-") for name, _ in headers):
        return None
    return f"Not a CloudEvent: send {_STRUCTURED}, or any media type together with ce-* headers."


ENDPOINT = Endpoint(
    path="/events",
    accepts=(
        f"one CloudEvent 1.0 in structured mode: Content-Type: {_STRUCTURED}",
        "one CloudEvent 1.0 in binary mode: its attributes as ce-* headers, its data as body",
    ),
    refusal=refusal,
    adapt=http.from_request,
)
