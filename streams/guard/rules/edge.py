"""An alarm is acted on when its status changes, not as long as it lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.remediation.alarm import RANKS
from streams.filters.alarm import SUBJECT

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse a change of an alarm that is none, or not of the sink's ``edges``.

    Rising: from gray or green to yellow or red, from yellow to red. Falling: from red to yellow or green, from yellow
    to green; gray means that nobody knows, which is no recovery. A route may have chosen its events by the same edge;
    the request does not tell, so what else than rising edges may ask for an action is said at the sink.
    """
    cause, sink = question.request.cause, question.limits.sink
    if cause.edge is None:
        return f"the {SUBJECT} does not say from what to what" if cause.subject == SUBJECT else None
    before, after = cause.edge
    if before == after:
        return f"the alarm was {before} and is {after}: nothing has changed"
    if before not in RANKS or after not in RANKS:
        return f"the alarm went from {before} to {after}, which are no statuses of an alarm"
    if sink.edges == "any" or sink.edges == _direction(before, after):
        return None
    return f"the alarm went from {before} to {after}, sink {sink.name} acts on {sink.edges} edges (edges)"


def _direction(before: str, after: str) -> str:
    if RANKS[after] > RANKS[before]:
        return "rising"
    return "falling" if RANKS[after] < RANKS[before] and after != "gray" else "neither"
