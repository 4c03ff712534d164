"""What an operator never wants to be acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.guard.scope import unknown

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse what fits ``deny``, and what may fit it for all that is known."""
    entity = question.entity
    for number, scope in enumerate(question.limits.deny):
        fits = scope.fits(entity)
        if fits:
            return f"{entity} fits remediation.deny.{number} ({scope.words})"
        if fits is None:
            return f"{entity} may fit remediation.deny.{number} ({scope.words}): {unknown(entity)}"
    return None
