"""Rows of figures for people: on the terminal, and kept in a file that Git ignores."""

from __future__ import annotations

import fcntl
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

BUILD: Final = Path(__file__).parents[2] / "build" / "figures"


class Book:
    """A Markdown table that grows over runs; its file is ``<name>.md``, and begins anew when columns change.

    Several threads and processes may add to one at a time.

    Args:
        name: of the file.
        columns: what stands over the cells; the time of the run is put before them.
        folder: where the file is.
    """

    def __init__(self, name: str, columns: Sequence[str], folder: Path = BUILD) -> None:
        self.path = folder / f"{name}.md"
        self._columns = columns

    def add(self, *cells: object) -> None:
        """Print a row under its header, and keep it."""
        header = f"{_row(('at', *self._columns))}\n|{'---|' * (len(self._columns) + 1)}\n"
        row = f"{_row((time.strftime('%F %T'), *cells))}\n"
        sys.stderr.write(f"{header}{row}")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            file.write(row if header in file.read() else f"{header}{row}")


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(map(str, cells))} |"
