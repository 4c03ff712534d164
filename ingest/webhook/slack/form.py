"""The fields of a form (``application/x-www-form-urlencoded``)."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl

from schemas.cloudevents.attributes import invalid
from schemas.errors import InvalidEvent

MOST: Final = 64
"""Fields of one form; Slack sends about 15."""


def fields(body: bytes) -> dict[str, str]:
    """Return the fields by name.

    Raises:
        InvalidEvent: it is no form in UTF-8, has more than :data:`MOST` fields, or one of them twice.
    """
    try:
        pairs = parse_qsl(
            body.decode(), keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST
        )
    except ValueError:
        raise invalid("body", f"must be a form in UTF-8 of at most {MOST} fields") from None
    found = dict(pairs)
    if len(found) < len(pairs):
        raise invalid("body", "has a field twice")
    return found


def is_ssl_check(sent: bytes) -> bool:
    """Whether Slack only looks at our certificate, with a query or a body; it does not sign that."""
    if b"ssl_check" not in sent:
        return False
    try:
        return fields(sent).get("ssl_check") == "1"
    except InvalidEvent:
        return False
