"""What the audit hears of a replay: that it begins, for whom and by whom, and how it ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from clients.kafka.notice import notice, timestamp
from schemas import topics
from schemas.config import Redactor

if TYPE_CHECKING:
    from datetime import datetime

    from clients.kafka.record import Outgoing
    from ops.replay.bookmark import Bookmark

STARTED: Final = "com.reflexarc.replay.started"
ENDED: Final = "com.reflexarc.replay.ended"

MOST_NAMES: Final = 1_000
LONGEST: Final = 1_024
"""Characters of one text: the record must not outgrow its topic."""


def started(prefix: str, bookmark: Bookmark, now: datetime, *, by: str, resumed: bool) -> Outgoing:
    """The record that says what a replay will do from now on."""
    asked = bookmark.request.model_dump(mode="json", exclude_defaults=True)
    data = {
        "actor": by,
        "resumed": resumed,
        "request": asked | {"match": _shortened(bookmark.request.match), "sinks": _shortened(bookmark.request.sinks)},
        "routes": bookmark.routes,
        "offsets": bookmark.left,
    }
    return _record(prefix, bookmark, STARTED, now, data)


def ended(prefix: str, bookmark: Bookmark, now: datetime, *, by: str, outcome: str) -> Outgoing:
    """The record that says what it has done, all its runs together.

    Args:
        prefix: topic prefix.
        bookmark: how far it is.
        now: an aware time.
        by: who ran it.
        outcome: ``complete``, ``interrupted``, or ``failed: `` and why.
    """
    tally = bookmark.tally.model_dump()
    for counts in ("written", "refused"):
        tally[counts] = dict(list(tally[counts].items())[:MOST_NAMES])
    outcome = Redactor().redact(outcome)[:LONGEST]
    return _record(prefix, bookmark, ENDED, now, {"actor": by, "outcome": outcome, "left": bookmark.left, **tally})


def _record(prefix: str, bookmark: Bookmark, kind: str, now: datetime, data: dict[str, Any]) -> Outgoing:
    source = f"/{topics.group(prefix, topics.REPLAY)}"
    return notice(
        topics.audit(prefix),
        kind,
        name=f"{bookmark.id}/{kind.rpartition('.')[2]}/{timestamp(now)}",
        source=source,
        subject=bookmark.id,
        now=now,
        data=data,
        partitionkey=f"{source}/{bookmark.id}",
    )


def _shortened(texts: tuple[str, ...]) -> list[str]:
    return [text[:LONGEST] for text in texts[:MOST_NAMES]]
