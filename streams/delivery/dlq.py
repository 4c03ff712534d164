"""Dead letters: the original bytes and headers, and why they could not be delivered."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clients.kafka.record import Outgoing
from schemas import deadletters

if TYPE_CHECKING:
    from schemas.errors import DeliveryError
    from streams.transport import Record


def dead_letter(
    record: Record | Outgoing, topic: str, error: DeliveryError, *, attempts: int, now: datetime | None = None
) -> Outgoing:
    """The record for the dead-letter topic: value, key and headers unchanged, the reason in headers behind them.

    The router's ``reflexarc_origin`` is kept; a record without one gets its own topic, partition and offset.
    """
    known = any(name == deadletters.ORIGIN for name, _ in record.headers)
    reasons = deadletters.reasons(
        error.reason,
        status=error.status or "",
        attempts=attempts,
        failed_at=now or datetime.now(UTC),
        origin=None if known else getattr(record, "position", None),
    )
    return Outgoing(topic, record.value, record.key, (*record.headers, *reasons))
