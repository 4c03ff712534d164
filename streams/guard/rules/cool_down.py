"""The same is not done to the same entity again and again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.units import format_duration
from streams.guard.indices.actions import pair_of

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse an action on an entity while it is under way, for ``cool_down`` after its end, and while one is parked.

    Whoever asks, and whatever came of it. An action without an outcome is under way for 24 h at most. When a parked
    request is asked about again, no other parked one is in its way. 0: no cool-down.
    """
    cool_down = question.limits.cool_down
    if not cool_down:
        return None
    what = f"{question.request.deed} on {question.entity}"
    pair = pair_of(question.slot)
    waiting = question.ledger.parked.waiting(pair)
    if waiting and question.request.id not in waiting:
        return f"{what} waits for approval already ({min(waiting)})"
    last = question.ledger.actions.last(pair, question.now)
    if last is None or not question.now - last < cool_down:
        return None
    left = format_duration(max(1, round(last + cool_down - question.now)))
    return f"{what} was the last one less than {format_duration(cool_down)} ago (cool_down); {left} are left"
