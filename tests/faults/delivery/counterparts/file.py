"""A file in a folder that can go away; it takes whatever comes."""

from __future__ import annotations

import fcntl
from contextlib import suppress
from typing import IO, TYPE_CHECKING, Any

from tests.faults.tally import Delivery
from tests.support.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults.delivery.counterparts.base import Place


class File:
    """Hangs while another process holds the lock of the file."""

    refuses = False
    batch = 10

    def __init__(self, place: Place) -> None:
        self._folder, self._away = place.folder / "lake", place.folder / "away"
        self._path = self._folder / "events.jsonl"
        self.settings: Mapping[str, Any] = {"type": "file", "path": str(self._path), "batch": self.batch}
        self.environ: Mapping[str, str] = {}
        self._tail = Tail(self._path, _delivery)
        self._lock: IO[bytes] | None = None
        self._away.mkdir()

    def start(self) -> None:
        """Have the folder be there, and the lock free."""
        self._release()
        with suppress(FileNotFoundError):
            self._away.rename(self._folder)

    def hang(self) -> None:
        """Hold the lock."""
        self._lock = self._path.open("rb")
        fcntl.flock(self._lock, fcntl.LOCK_EX)

    def fall(self) -> None:
        """Move the folder away."""
        self._folder.rename(self._away)
        self._release()

    def taken(self) -> Sequence[Delivery]:
        """Every line."""
        return self._tail.read()

    def close(self) -> None:
        """Let go of the lock."""
        self._release()

    def _release(self) -> None:
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()


def _delivery(line: Mapping[str, Any]) -> Delivery:
    event = line["data"]
    return Delivery(event["seq"], event["key"], 0, "", 0.0)
