"""What travels beside a committed offset: finished offsets beyond it, and a few words of the agent's own.

``1:<gap>+<more>,…:<state>``, numbers hexadecimal: from the end of the run before (at first: from the committed offset)
to the beginning of this one, and how many more offsets it spans. Whoever does not know the version ignores it: then
finished records come again, which is a duplicate and no loss.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from streams.transport.ledger import Run

if TYPE_CHECKING:
    from collections.abc import Iterable

VERSION: Final = "1"

LIMIT: Final = 4096
"""Bytes that a broker takes (``offset.metadata.max.bytes``)."""

STATE_LIMIT: Final = 512
"""Bytes of it that an agent may use."""


def encode(position: int, finished: Iterable[Run], state: str = "", *, limit: int = LIMIT) -> str:
    """The metadata of an offset; empty when there is nothing to say. Runs that do not fit are left out, last first."""
    room = limit - len(VERSION) - 2 - len(state.encode())
    written, end = [], position
    for run in finished:
        text = f"{run.first - end:x}+{run.last - run.first:x},"
        room -= len(text)
        if room < 0:
            break
        written.append(text)
        end = run.last
    return f"{VERSION}:{''.join(written)}:{state}" if written or state else ""


def decode(position: int, metadata: str | None) -> tuple[list[Run], str]:
    """Runs and state; both empty for what was not written by ``encode``."""
    version, _, rest = (metadata or "").partition(":")
    if version != VERSION:
        return [], ""
    written, _, state = rest.partition(":")
    runs, end = [], position
    try:
        for text in filter(None, written.split(",")):
            gap, more = text.split("+")
            first = end + int(gap, 16)
            end = first + int(more, 16)
            runs.append(Run(first, end))
    except ValueError:
        return [], ""
    return runs, state
