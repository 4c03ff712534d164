"""What is replayed has been reacted to once."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse an event that was read again on purpose, unless the sink takes those."""
    sink = question.limits.sink
    if question.request.cause.replayed and not sink.replayed:
        return f"the event is replayed; write replayed: true below sink {sink.name} to act on those, too"
    return None
