"""What a sender has written down: one line for each request that has ended, whatever way."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

REFUSED: Final = 0
"""In the place of a status: nobody was there to connect to."""

CUT: Final = -1
"""The connection ended without an answer."""


class Entry(NamedTuple):
    """A request and its answer.

    Attributes:
        ids: of its events; several are a batch.
        status: of the answer, ``REFUSED`` or ``CUT``.
        began: seconds of the epoch, before it was sent.
        ended: when the answer was there.
    """

    ids: tuple[str, ...]
    status: int
    began: float
    ended: float

    @property
    def accepted(self) -> bool:
        """Whether the server has promised to keep its events."""
        return self.status == HTTPStatus.ACCEPTED

    @property
    def line(self) -> str:
        """What ``read`` reads."""
        return json.dumps(self) + "\n"


def read(path: Path) -> list[Entry]:
    """Every whole line so far."""
    lines = path.read_text().splitlines(keepends=True) if path.exists() else []
    made = (json.loads(line) for line in lines if line.endswith("\n"))
    return [Entry(tuple(ids), status, began, ended) for ids, status, began, ended in made]
