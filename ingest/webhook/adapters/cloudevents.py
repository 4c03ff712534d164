"""CloudEvents over HTTP, in binary, structured and batched content mode, passed on unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import Adapter, media_type
from schemas.cloudevents import http, json
from schemas.cloudevents.mediatype import BATCH, STRUCTURED, is_envelope

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.webhook.request import Headers, Request
    from schemas.cloudevents import CloudEvent


def to_events(request: Request) -> Sequence[CloudEvent]:
    """The events of a request, as they were sent; ``ce-`` headers count in binary mode only.

    Raises:
        InvalidEvent: the request is no CloudEvent, or one of the batch is none.
    """
    if media_type(request.headers) == BATCH:
        return json.loads_batch(request.body)
    return (http.from_request(request.headers, request.body),)


def refusal(headers: Headers) -> str | None:
    """Tell why these headers announce no CloudEvent that is taken; None when they do."""
    kind = media_type(headers)
    if kind in {STRUCTURED, BATCH}:
        return None
    if is_envelope(kind):
        return f"Of the event formats only {STRUCTURED} and {BATCH} are accepted."
    if any(name.lower().startswith("ce-") for name, _ in headers):
        return None
    return f"Not a CloudEvent: send {STRUCTURED}, {BATCH}, or any media type together with ce-* headers."


ADAPTER: Final = Adapter(
    accepts=(
        f"one CloudEvent 1.0 in structured mode: Content-Type: {STRUCTURED}",
        "one CloudEvent 1.0 in binary mode: its attributes as ce-* headers, its data as body",
        f"several CloudEvents 1.0, stored all or none: Content-Type: {BATCH}",
    ),
    media_types=frozenset({STRUCTURED, BATCH}),
    refusal=refusal,
    adapt=to_events,
)
