"""Append-only JSON lines: what the generator sent and what a receiver got, each written by who did it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class Journal:
    """One file, opened for append: several processes may write whole lines to it, and a killed one loses none."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, entry: dict[str, Any]) -> None:
        """Append one entry, in the operating system's hands when this returns."""
        os.write(self._file, orjson.dumps(entry) + b"\n")

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def entries(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole entry in order; nothing when the file does not exist yet."""
    with suppress(FileNotFoundError), path.open("rb") as lines:
        for line in lines:
            if line.endswith(b"\n"):
                yield orjson.loads(line)
