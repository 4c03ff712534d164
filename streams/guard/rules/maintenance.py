"""One host of a cluster is in maintenance at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from streams.guard.action import ENTER

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse to put a host into maintenance while another one of its cluster is, or is on its way, on our word.

    What others have put there is the executor's to see.
    """
    entity = question.entity
    if question.request.deed != ENTER or entity.cluster is None:
        return None
    others = [each for each in question.ledger.maintenance.hosts(entity.vcenter, entity.cluster) if each != entity.key]
    if not others:
        return None
    cure = "ask for exit-maintenance there; that does no harm when it has left by other hands"
    return f"{others[0]} of the same cluster is in maintenance, or on its way; {cure}"
