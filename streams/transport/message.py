"""What Faust's streams get: a record, or a chunk, and the lease on its partition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, cast

from faust.types import TP
from faust.types.tuples import ConsumerMessage

if TYPE_CHECKING:
    from streams.transport.chunk import Chunk
    from streams.transport.lease import Lease
    from streams.transport.record import Record

GENERATION: Final = 0
"""``app.consumer_generation_id``, for ever: the lease is what tells old from new."""


class LeasedMessage(ConsumerMessage):
    """A message with the lease of its partition; agents settle chunks themselves."""

    def __init__(self, lease: Lease, record: Record, value: Any, headers: dict[str, bytes | None] | None) -> None:
        self.lease = lease
        super().__init__(
            record.topic,
            record.partition,
            record.offset,
            record.timestamp / 1000,
            0,
            cast("Any", headers),
            record.key,
            value,
            None,
            tp=TP(record.topic, record.partition),
            generation_id=GENERATION,
        )


class SingleMessage(LeasedMessage):
    """One record for an ordinary agent: work on the lease from when a stream takes it until it is acknowledged."""

    def __init__(self, lease: Lease, record: Record) -> None:
        self._begun: bool | None = None
        super().__init__(lease, record, record.value, dict(record.headers))

    @property
    def generation_id(self) -> int:
        """Compared by the stream when it takes the message: another one than the app's once the lease is closed.

        The stream then skips the message, and acknowledges it all the same; see ``settle``.
        """
        if self._begun is None:
            self._begun = self.lease.begin()
        return GENERATION if self._begun else GENERATION - 1

    @generation_id.setter
    def generation_id(self, value: int | None) -> None:
        """Faust's constructor sets it."""

    def settle(self, *, done: bool) -> None:
        """End the work; report it unless it failed, or was never begun."""
        if self._begun:
            self._begun = False
            if done:
                self.lease.done(self.offset)
            self.lease.end()


def of_chunk(chunk: Chunk) -> LeasedMessage:
    """One message that carries a chunk as its value."""
    return LeasedMessage(chunk.lease, chunk.records[0], chunk, None)
