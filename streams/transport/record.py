"""One record of one partition, exactly as the broker gave it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self, cast

if TYPE_CHECKING:
    from confluent_kafka import Message


class Record(NamedTuple):
    """Attributes as in Kafka; ``timestamp`` in milliseconds of the epoch, headers in order and untouched."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]

    @classmethod
    def of(cls, message: Message) -> Self:
        """Copy a librdkafka message, so that its memory is ours and its lifetime too."""
        return cls(
            cast("str", message.topic()),
            cast("int", message.partition()),
            cast("int", message.offset()),
            message.timestamp()[1],
            message.key(),
            message.value(),
            cast("tuple[tuple[str, bytes | None], ...]", tuple(message.headers() or ())),
        )

    @property
    def position(self) -> str:
        """``topic/partition/offset``, the way people and headers name a record."""
        return f"{self.topic}/{self.partition}/{self.offset}"

    @property
    def size(self) -> int:
        """Bytes of key and value, what flow control counts."""
        return len(self.key or b"") + len(self.value or b"")
