"""Nothing is done at times when nobody wants it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse outside of active windows and inside of mute ones, those of ``remediation`` and of the sink, by our clock.

    When the event happened does not matter here.
    """
    limits = question.limits
    if not limits.active and not limits.mute:
        return None
    now = datetime.fromtimestamp(question.now, UTC)
    for windows in limits.active:
        if not windows.hold(now):
            return f"now is outside of active_windows ({windows})"
    for windows in limits.mute:
        if windows.hold(now):
            return f"now is inside of mute_windows ({windows})"
    return None
