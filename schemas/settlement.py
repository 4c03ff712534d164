"""What became of a dead letter: the headers of a record behind it in the same partition of its topic.

A letter is never changed; who wants to know whether it is still open reads on to the end of its partition. Such a
record has no value, and unlike a letter no ``reflexarc_error``: whatever a letter brought along in its own headers, it
is not taken for a settlement.
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

_FORM = re.compile(rb"([0-9]{1,19}) (redriven|dropped)")


class Settlement(NamedTuple):
    """``offset`` is that of the letter, in the partition of the record that says so."""

    offset: int
    outcome: Outcome

    def headers(self, actor: str, now: datetime) -> tuple[tuple[str, bytes], ...]:
        """The headers of its record; ``now`` must know its time zone."""
        return (
            (SETTLED, b"%d %s" % (self.offset, self.outcome.encode())),
            (ACTOR, actor.encode(errors="replace")),
            (SETTLED_AT, now.astimezone(UTC).isoformat(timespec="milliseconds").encode()),
        )


def settlement(headers: Sequence[tuple[str, bytes | None]]) -> Settlement | None:
    """What a record of a dead-letter topic says of another; None for a letter, and for what cannot be read."""
    said = None
    for name, value in headers:
        if name == deadletters.ERROR:
            return None
        if name == SETTLED:
            said = value
    found = _FORM.fullmatch(said or b"")
    if found is None:
        return None
    return Settlement(int(found[1]), "redriven" if found[2] == b"redriven" else "dropped")
