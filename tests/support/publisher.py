"""A publisher that keeps what it is given, for tests of everything above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clients.kafka.record import Outgoing, Position

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.errors import PublishRejected


class RecordingPublisher:
    """Accepts everything, or fails as often as it was told before it accepts."""

    def __init__(self, *failures: Exception, rejected: dict[str, PublishRejected] | None = None) -> None:
        self.records: list[Outgoing] = []
        self._failures = list(failures)
        self._rejected = rejected or {}

    def fail(self, *failures: Exception) -> None:
        """Fail so often before it accepts anything more."""
        self._failures += failures

    async def publish(
        self,
        topic: str,
        *,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> Position:
        if self._failures:
            raise self._failures.pop(0)
        self.records.append(Outgoing(topic, value, key, tuple(headers)))
        return Position(0, len(self.records) - 1)

    async def publish_many(self, records: Sequence[Outgoing]) -> list[Position | PublishRejected]:
        if self._failures:
            raise self._failures.pop(0)
        results: list[Position | PublishRejected] = []
        for record in records:
            if record.topic in self._rejected:
                results.append(self._rejected[record.topic])
            else:
                self.records.append(record)
                results.append(Position(0, len(self.records) - 1))
        return results

    async def write(self, records: Sequence[Outgoing], *, patience: float) -> None:
        """All of them, or none."""
        del patience
        if self._failures:
            raise self._failures.pop(0)
        self.records += records
