"""A file of JSON lines that grows, read on from where it was read before."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

Entry = TypeVar("Entry")


class Tail(Generic[Entry]):
    """Looks at every line once, however often it is asked.

    Args:
        path: the file; it need not be there yet.
        of: what an entry means; None leaves it out.
    """

    def __init__(self, path: Path, of: Callable[[dict[str, Any]], Entry | None]) -> None:
        self._path = path
        self._of = of
        self._at = 0
        self._entries: list[Entry] = []

    def read(self) -> Sequence[Entry]:
        """Every whole entry so far, in order."""
        with suppress(FileNotFoundError), self._path.open("rb") as file:
            file.seek(self._at)
            data = file.read()
            whole = data[: data.rfind(b"\n") + 1]
            self._at += len(whole)
            found = (self._of(orjson.loads(line)) for line in whole.splitlines())
            self._entries.extend(entry for entry in found if entry is not None)
        return self._entries
