"""The CloudEvent of one alert."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from schemas.cloudevents import CloudEvent
from schemas.cloudevents.attributes import cleaned

if TYPE_CHECKING:
    from ingest.webhook.request import Request

JSON: Final = "application/json"

_LONGEST: Final = 512


def event(
    request: Request,
    *,
    id: str,  # noqa: A002 - the attribute's name
    type: str,  # noqa: A002 - the attribute's name
    subject: str,
    key: str,
    data: bytes,
    time: str | None = None,
    severity: str | None = None,
) -> CloudEvent:
    """Return the event of something that ``request`` tells, with the endpoint as its source.

    Texts of a sender become attributes with a blank for every control character, cut at 512 characters.

    Args:
        request: where it came in.
        id: what :func:`ingest.webhook.payload.identity.identity` made.
        type: what kind of event; not blank.
        subject: what routes match; not blank.
        key: partition key: what has the same one stays in order; not blank.
        data: JSON.
        time: RFC 3339, or None.
        severity: how bad the sender says it is, in its own words; the extension ``severitytext``.
    """
    extensions = {"partitionkey": _word(key)}
    if severity is not None:
        extensions["severitytext"] = _word(severity)
    return CloudEvent(
        id=id,
        source=f"/ingest/webhook/{quote(request.endpoint, safe='')}",
        type=_word(type),
        subject=_word(subject),
        time=time,
        datacontenttype=JSON,
        extensions=extensions,
        data=data,
    )


def _word(text: str) -> str:
    word = cleaned(text)
    return word if len(word) <= _LONGEST else f"{word[: _LONGEST - 1]}…"
