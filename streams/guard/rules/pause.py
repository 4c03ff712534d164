"""The kill switch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.epoch import written

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse everything while remediation is paused."""
    paused = question.paused
    if paused is None:
        return None
    who = f" by {paused.actor}" if paused.actor else ""
    why = f": {paused.reason}" if paused.reason else ""
    since = written(paused.since, "seconds")
    return f"remediation is paused since {since}{who}{why}; `reflexarc remediation resume` ends that"
