"""What was not found is not acted on, nor what an event did not mean when it was first heard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.remediation.request import request_id

if TYPE_CHECKING:
    from schemas.remediation.request import Request
    from streams.guard.ledger import Ledger
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse a request without a target, in the scope of another vCenter than that of its target, or beyond the first.

    An event of a datastore becomes a request for each machine that is chosen. Delivered again it may choose others, or
    more of them: what was decided on a part stays, and there are never more parts than the first time.
    """
    request = question.request
    if request.entity is None:
        return request.unresolved
    if request.scope != request.entity.vcenter:
        return f"{request.entity} is not in {request.scope}, whose decisions are made here"
    return _beyond(request, question.ledger) if request.part else None


def _beyond(request: Request, ledger: Ledger) -> str | None:
    whole, first = (
        ledger.get(request_id(request.sink, request.cause.source, request.cause.id, part)) for part in (0, 1)
    )
    if whole is not None:
        return f"its event was {whole.verdict} as a whole when it was first heard: {whole.reason}"
    if first is not None and request.part > first.parts:
        return f"its event had become {first.parts} requests when it was first heard, this is number {request.part}"
    return None
