"""One record of one partition, exactly as the broker gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    from collections.abc import Sequence

    from confluent_kafka import Message

# Measured: an object of Python costs more than what it holds.
_OBJECTS, _HEADER = 500, 150


class Record(NamedTuple):
    """Attributes as in Kafka; ``timestamp`` in milliseconds of the epoch, headers in order and untouched."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]

    @classmethod
    def of(cls, message: Message) -> Self:
        """Copy a librdkafka message, so that its memory is ours and its lifetime too."""
        given: Any = message  # whose parts are all optional to its type stubs
        return cls(
            given.topic(),
            given.partition(),
            given.offset(),
            given.timestamp()[1],
            given.key(),
            given.value(),
            given.headers() or (),
        )

    @property
    def position(self) -> str:
        """``topic/partition/offset``, the way people and headers name a record."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def size(self) -> int:
        """Bytes of memory that it takes, about: what flow control counts."""
        return len(self.key or b"") + len(self.value or b"") + _OBJECTS + _HEADER * len(self.headers)
