"""What the reader's thread tells the event loop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from faust.types import TP

    from streams.transport.chunk import Chunk
    from streams.transport.lease import Lease
    from streams.transport.ledger import Run


class Listener(Protocol):
    """Who is told; every call is made on the event loop, in the order in which things happened."""

    def on_assignment(self, assigned: frozenset[TP]) -> None:
        """The set of held partitions changed; chunks of new ones follow."""

    def on_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Records to work on."""

    def on_loss(self, tp: TP, lost: Run, lease: Lease) -> None:
        """Records were deleted before they were delivered; chunks with what is behind them follow."""

    def on_failure(self, error: BaseException) -> None:
        """The thread has ended and cannot go on."""
