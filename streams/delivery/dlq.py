"""Dead letters: the original bytes and headers, and why they could not be delivered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clients.kafka.record import Outgoing

if TYPE_CHECKING:
    from schemas.errors import DeliveryError
    from streams.transport import Record

LONGEST_REASON = 1024


def dead_letter(
    record: Record | Outgoing, topic: str, error: DeliveryError, *, attempts: int, now: datetime | None = None
) -> Outgoing:
    """The record for the dead-letter topic: value, key and headers unchanged, the reason in headers behind them.

    ``reflexarc_origin`` of the router is kept; a record without one gets its own topic, partition and offset.
    """
    reasons = [
        ("reflexarc_error", error.reason.encode("utf-8", "replace")[:LONGEST_REASON]),
        ("reflexarc_status", (error.status or "").encode()),
        ("reflexarc_attempts", str(attempts).encode()),
        ("reflexarc_failed_at", (now or datetime.now(UTC)).isoformat(timespec="milliseconds").encode()),
    ]
    position = getattr(record, "position", None)
    if position is not None and not any(name == "reflexarc_origin" for name, _ in record.headers):
        reasons.append(("reflexarc_origin", position.encode()))
    return Outgoing(topic, record.value, record.key, (*record.headers, *reasons))
