"""An action is done to what it is made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse an entity of another class than the action's."""
    entity, kind = question.entity, question.limits.traits.kind
    if entity.kind != kind:
        return f"{entity} is a {entity.kind}, {question.request.action} is done to a {kind}"
    return None
