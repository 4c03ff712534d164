"""What a contestant has seen: a count and, of stamped records, how late each came; a file that two processes share."""

from __future__ import annotations

import mmap
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

STAMP = "ce_time"
CAPACITY = 200_000
_WIDTH = 8


class Seen:
    """Written by one process, read by another at any time.

    Args:
        path: the file; made when it does not exist.
    """

    def __init__(self, path: Path) -> None:
        path.touch()
        with path.open("r+b") as file:
            file.truncate((1 + CAPACITY) * _WIDTH)
            self._cells = memoryview(mmap.mmap(file.fileno(), 0)).cast("d")

    @property
    def count(self) -> int:
        """Records so far."""
        return int(self._cells[0])

    def add(self, number: int) -> None:
        """Count so many more."""
        self._cells[0] += number

    def stamped(self, headers: Iterable[tuple[str, bytes | None]]) -> None:
        """Count one more and note how long ago it was published."""
        cell = self.count + 1
        self._cells[cell] = time.monotonic() - float(dict(headers)[STAMP] or b"")
        self._cells[0] = cell

    def lateness(self, first: int, last: int) -> list[float]:
        """Seconds from publishing to seeing, of the records from ``first`` to before ``last``."""
        return [float(each) for each in self._cells[1 + first : 1 + last]]


def stamp() -> bytes:
    """Now, for a header; the clock is the machine's, one for all its processes."""
    return repr(time.monotonic()).encode()
