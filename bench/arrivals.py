"""What a receiver's file says has arrived, read once and not again from the start at every look."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import orjson

from ops.demo.killed_worker import message

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

LOOK = 0.1


class Arrivals:
    """User events in the order of their arrival: text and time, seconds of the epoch.

    Args:
        journal: the receiver's file.
    """

    def __init__(self, journal: Path) -> None:
        self._journal = journal
        self._read = 0
        self._rows: list[tuple[str, float]] = []

    def wait(self, texts: Collection[str], *, within: float) -> list[tuple[str, float]]:
        """Wait until all of these have arrived, or so many seconds; every arrival so far."""
        missing, deadline = set(texts), time.monotonic() + within
        while True:
            missing.difference_update(text for text, _ in self._more())
            if not missing or time.monotonic() > deadline:
                return self._rows
            time.sleep(LOOK)

    def _more(self) -> list[tuple[str, float]]:
        with self._journal.open("rb") as file:
            file.seek(self._read)
            whole = file.read().rpartition(b"\n")[0]
        if not whole:
            return []
        self._read += len(whole) + 1
        entries = map(orjson.loads, whole.split(b"\n"))
        rows = [(message(entry), entry["at"]) for entry in entries]
        self._rows += rows
        return rows
