"""CloudEvents as the webhook of the VMware event router takes them: one per request, by POST or PUT."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from ingest.webhook.adapter import media_type
from ingest.webhook.adapters import cloudevents
from schemas.cloudevents.mediatype import BATCH, STRUCTURED

if TYPE_CHECKING:
    from ingest.webhook.request import Headers


def refusal(headers: Headers) -> str | None:
    """Tell why these headers announce no CloudEvent that is taken; None when they do."""
    if media_type(headers) == BATCH:
        return f"One event per request: send {STRUCTURED}."
    return cloudevents.refusal(headers)


ADAPTER: Final = replace(
    cloudevents.ADAPTER,
    accepts=cloudevents.ADAPTER.accepts[:2],
    methods=("POST", "PUT"),
    media_types=frozenset({STRUCTURED}),
    refusal=refusal,
)
