"""Why a record is a dead letter: the headers that ingest, router and delivery put behind its own."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Final

from schemas.config import Redactor

if TYPE_CHECKING:
    from datetime import datetime

ERROR: Final = "reflexarc_error"
"""One sentence, without secrets."""

STATUS: Final = "reflexarc_status"
"""What the other side answered, such as ``400``; empty when it was not asked."""

ATTEMPTS: Final = "reflexarc_attempts"
"""How often it was tried, in decimal; 0 for what was never sent."""

FAILED_AT: Final = "reflexarc_failed_at"
"""RFC 3339, UTC, with milliseconds."""

ORIGIN: Final = "reflexarc_origin"
"""Where it comes from: an event's id, or ``partition/offset`` in the topic of the events."""

REDRIVEN: Final = "reflexarc_redriven"
"""On a record that was sent again: ``topic/partition/offset`` of the dead letter that it was."""

CUT: Final = "reflexarc_cut"
"""Only on a value that is a beginning: how many bytes it had."""

LONGEST_REASON: Final = 1024
"""Bytes of ``ERROR``."""


def reasons(
    error: str, *, status: str, attempts: int, failed_at: datetime, origin: str | None
) -> tuple[tuple[str, bytes], ...]:
    """The headers of a dead letter, to stand behind those of the record.

    Args:
        error: the reason; known secrets are blanked, and it is cut to ``LONGEST_REASON`` bytes of whole characters.
        status: what the other side answered; empty when it was not asked.
        attempts: how often it was tried.
        failed_at: when it was given up; must know its time zone.
        origin: where it comes from; None leaves the header out, for a record that carries it already.
    """
    headers = (
        (ERROR, _shortened(Redactor().redact(error))),
        (STATUS, status.encode()),
        (ATTEMPTS, str(attempts).encode()),
        (FAILED_AT, failed_at.astimezone(UTC).isoformat(timespec="milliseconds").encode()),
    )
    return headers if origin is None else (*headers, (ORIGIN, origin.encode()))


def _shortened(reason: str) -> bytes:
    return reason.encode(errors="replace")[:LONGEST_REASON].decode(errors="ignore").encode()
