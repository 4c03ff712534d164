"""What is no command, or given up: commands are kept for less than an hour, so the audit hears, and no dead letter."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from schemas import topics
from schemas.cloudevents import kafka
from schemas.errors import InvalidEvent
from streams.commanding.audit import failed, strange
from streams.delivery.outlet import Outlet

if TYPE_CHECKING:
    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing
    from schemas.config import SinkConfig
    from schemas.errors import DeliveryError
    from streams.transport import Record


class Strangers(Outlet):
    """Tells the audit of a record in the place of burying it.

    Args:
        config: of the delivery.
        publisher: the process's producer.
        prefix: topic prefix.
    """

    def __init__(self, config: SinkConfig, publisher: Publisher, prefix: str) -> None:
        super().__init__(
            config,
            publisher,
            dead_letters=topics.audit(prefix),
            unroutable=topics.audit(prefix),
            events=topics.events(prefix),
        )
        self._prefix = prefix

    def letter(self, record: Record, failure: DeliveryError, *, attempts: int, raw: bool) -> Outgoing:
        """The record of the audit; nothing of the other one is quoted."""
        del attempts, raw
        try:
            event = kafka.from_message(record.headers, record.value)
        except InvalidEvent:
            return strange(self._prefix, str(record.position), failure.reason, at=datetime.now(UTC).timestamp())
        return failed(self._prefix, event, failure.reason, at=datetime.now(UTC).timestamp())
