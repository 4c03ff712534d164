"""What became of a dead letter: the headers of a record behind it in the same partition of its topic.

A letter is never changed; who wants to know whether it is still open reads on to the end of its partition. Such a
record has no value, and unlike a letter no ``reflexarc_error``: whatever a letter brought along in its own headers, it
is not taken for a settlement. A newer release may settle in other ways: its word is heard, and is no letter either.
"""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from schemas import deadletters

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

Outcome = Literal["redriven", "dropped"]

SETTLED: Final = "reflexarc_settled"
"""Offset of the letter in the same partition, a space, and the outcome."""

ACTOR: Final = "reflexarc_actor"
"""Who settled it."""

SETTLED_AT: Final = "reflexarc_settled_at"
"""RFC 3339, UTC, with milliseconds."""

_FORM = re.compile(rb"([0-9]{1,19}) ([a-z][a-z0-9_-]{0,31})")


class Settlement(NamedTuple):
    """What became of a letter.

    Attributes:
        offset: of the letter, in the partition of the record that says so.
        outcome: an ``Outcome``; or, when it was read, what a newer release calls its own.
    """

    offset: int
    outcome: str

    def headers(self, actor: str, now: datetime) -> tuple[tuple[str, bytes], ...]:
        """The headers of its record; ``now`` must know its time zone."""
        return (
            (SETTLED, b"%d %s" % (self.offset, self.outcome.encode())),
            (ACTOR, actor.encode(errors="replace")),
            (SETTLED_AT, now.astimezone(UTC).isoformat(timespec="milliseconds").encode()),
        )


def settles(headers: Sequence[tuple[str, bytes | None]]) -> bool:
    """Whether a record of a dead-letter topic speaks of another, readable or not; else it is a letter."""
    names = {name for name, _ in headers}
    return SETTLED in names and deadletters.ERROR not in names


def settlement(headers: Sequence[tuple[str, bytes | None]]) -> Settlement | None:
    """What a record of a dead-letter topic says of another; None for a letter, and for what cannot be read."""
    if not settles(headers):
        return None
    said = next(value for name, value in reversed(headers) if name == SETTLED)
    found = _FORM.fullmatch(said or b"")
    return None if found is None else Settlement(int(found[1]), found[2].decode())
