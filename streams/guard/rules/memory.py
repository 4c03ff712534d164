"""What cannot be remembered is not done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.guard.ledger import MOST

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse when nothing but approvals and parked requests is remembered, and no more fit."""
    if question.ledger.full:
        return f"{MOST} approved actions are remembered already; have executors run, and tighten blast_radius"
    return None
