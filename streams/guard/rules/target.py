"""What was not found is not acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse a request without a target, or in the scope of another vCenter than that of its target."""
    request = question.request
    if request.entity is None:
        return request.unresolved
    if request.scope != request.entity.vcenter:
        return f"{request.entity} is not in {request.scope}, whose decisions are made here"
    return None
