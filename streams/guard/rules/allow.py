"""What is not allowed is not acted on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.guard.scope import unknown

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse what fits nothing in ``allow``, for all that is known."""
    entity, allow = question.entity, question.limits.allow
    if not allow:
        return 'nothing may be acted on: write remediation.allow, such as [{names: ["web-*"]}]'
    answers = [scope.fits(entity) for scope in allow]
    if True in answers:
        return None
    if None in answers:
        scope = allow[answers.index(None)]
        return f"{entity} may fit remediation.allow ({scope.words}), but {unknown(entity)}"
    return f"{entity} fits nothing in remediation.allow"
