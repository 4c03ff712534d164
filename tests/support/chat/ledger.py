"""What was said, one line of JSON per message, on the disk before it is answered."""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read(file: Path) -> list[dict[str, Any]]:
    """Every message in a file of whole lines; one that a kill has cut short was never answered."""
    lines = file.read_bytes().split(b"\n")[:-1] if file.exists() else []
    return [orjson.loads(line) for line in lines]


class Ledger:
    """Appends to a file, and knows how often each reply address was used, also before a restart."""

    def __init__(self, file: Path) -> None:
        self.file = file
        before = read(file)
        self.uses = Counter(message["hook"] for message in before if message["hook"])
        file.parent.mkdir(parents=True, exist_ok=True)
        self._out = file.open("r+b" if file.exists() else "w+b")
        self._out.seek(sum(1 + len(line) for line in file.read_bytes().split(b"\n")[:-1]))
        self._out.truncate()

    def write(self, message: Mapping[str, Any]) -> None:
        """Keep one message."""
        self._out.write(orjson.dumps(message) + b"\n")
        self._out.flush()
        os.fsync(self._out.fileno())
        if message["hook"]:
            self.uses[message["hook"]] += 1

    def close(self) -> None:
        """Nothing more comes."""
        self._out.close()
