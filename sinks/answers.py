"""HTTP answers as instructions to the delivery engine: Knative's table, but for 401, 403 and 407.

2xx is accepted. 401, 403, 404, 407, 408, 409, 429, 5xx and silence after the request was sent are tried again. Every
other answer is final. Nobody to talk to is an outage of the sink, whatever the event.

To Knative 401, 403 and 407 are final, too. They speak of who we are: with a token that was revoked every event would
become a dead letter. The engine tells whether one event alone is answered so, or any.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from clients.http import NoAnswer
from schemas.errors import Reject, Retry, Unavailable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.errors import Unreachable

LONGEST_PAUSE: Final = 3600.0  # seconds; more is a mistake of the sink that would park a key for days

_AGAIN: Final = frozenset({401, 403, 404, 407, 408, 409, 429})
_NAMES_A_PAUSE: Final = frozenset({429, 503})


def judge(status: int, headers: Mapping[str, str], *, now: datetime | None = None) -> Retry | Reject | None:
    """What an answer means for the event; None: accepted.

    Args:
        status: HTTP status of the final answer.
        headers: by lower-case name.
        now: the time that a Retry-After date is compared with; default: the clock.
    """
    if 200 <= status < 300:
        return None
    reason = f"answered {_name(status)}"
    if status in _AGAIN or not 200 <= status < 500:
        after = retry_after(headers.get("retry-after"), now or datetime.now(UTC)) if status in _NAMES_A_PAUSE else None
        return Retry(reason, status=str(status), after=after)
    return Reject(reason, status=str(status))


def silence(error: Unreachable) -> Retry | Unavailable:
    """What no answer means: the event may be to blame once it was sent, otherwise the sink is away."""
    return Retry(str(error)) if isinstance(error, NoAnswer) else Unavailable(str(error))


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds of a Retry-After header, seconds or HTTP-date (RFC 9110 §10.2.3); None when it is neither."""
    if value is None:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_PAUSE)
    try:
        date = parsedate_to_datetime(value)
    except (OverflowError, ValueError):
        return None
    # "-0000" says UTC without a zone.
    seconds = (date.replace(tzinfo=date.tzinfo or UTC) - now).total_seconds()
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def _name(status: int) -> str:
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)
