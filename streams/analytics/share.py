"""One partition of the events, as long as it is ours."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.analytics.book import Book
    from streams.transport import Lease, Record


class Share:
    """Its book, and which record is held back; one task at a time.

    While a tally is open the last record stays unfinished: the next owner then gets at least this one, and with it the
    lease to close what nothing is added to any more.

    Args:
        lease: the right to work on it.
        number: of the partition.
        book: what is counted.

    Attributes:
        turn: held by whoever counts or closes.
    """

    def __init__(self, lease: Lease, number: int, book: Book) -> None:
        self.lease = lease
        self.number = number
        self.book = book
        self.turn = asyncio.Lock()
        self._held: int | None = None

    def finished(self, records: Sequence[Record] = ()) -> list[int]:
        """Offsets that are finished once these records are counted, or once tallies are closed."""
        offsets = [record.offset for record in records]
        if self._held is not None:
            offsets.append(self._held)
        self._held = max(offsets, default=None) if len(self.book) else None
        return [offset for offset in offsets if offset != self._held]
