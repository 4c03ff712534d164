"""A record on its way to Kafka, and where it came to rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

# Kafka message format v2: a batch starts with 61 bytes; a record has at most 21 of its own, a header at most 10.
_BATCH_OVERHEAD = 61
_RECORD_OVERHEAD = 21
_HEADER_OVERHEAD = 10


class Position(NamedTuple):
    """Where the broker stored a record."""

    partition: int
    offset: int


class Outgoing(NamedTuple):
    """One record to publish.

    Attributes:
        value: None is a tombstone in a compacted topic.
        key: records with one key keep their order; without a key any partition will do.
        headers: in order; a name may occur twice.
        partition: where to, for who knows better than the key; -1 leaves it to the key.
    """

    topic: str
    value: bytes | None
    key: bytes | None = None
    headers: Sequence[tuple[str, bytes | None]] = ()
    partition: int = -1

    def fits(self, limit: int) -> bool:
        """Whether ``size`` is at most ``limit``; a third of its cost for a record that is far below."""
        at_most = _BATCH_OVERHEAD + _RECORD_OVERHEAD + len(self.key or b"") + len(self.value or b"")
        if at_most > limit:
            return False
        for name, value in self.headers:
            at_most += 4 * len(name) + len(value or b"") + _HEADER_OVERHEAD
        return at_most <= limit or self.size <= limit

    @property
    def size(self) -> int:
        """Bytes it takes at most as a batch of its own, uncompressed: what ``max.message.bytes`` limits."""
        headers = 0
        for name, value in self.headers:
            headers += (len(name) if name.isascii() else len(name.encode())) + len(value or b"") + _HEADER_OVERHEAD
        return _BATCH_OVERHEAD + _RECORD_OVERHEAD + len(self.key or b"") + len(self.value or b"") + headers
