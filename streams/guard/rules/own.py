"""Our own actions do not go round in circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse an event of what our own account did, unless the sink takes those; and too long a chain of any kind.

    A vCenter does not say which action an event of ours comes from: it is taken for one of the last action on the
    entity, and has one hop more. Replies of destinations that have led to an event count like actions.
    """
    sink, hops = question.limits.sink, question.hops
    if question.request.cause.own and not sink.own_events:
        return f"the event tells of our own action; write own_events: true below sink {sink.name} to act on those, too"
    if hops > sink.max_hops:
        return f"the event is {hops} steps from what began it, sink {sink.name} goes {sink.max_hops} (max_hops)"
    return None
