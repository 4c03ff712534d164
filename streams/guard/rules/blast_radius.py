"""However many events ask for it, only so much is done within some time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.units import format_duration

if TYPE_CHECKING:
    from streams.guard.question import Question


def check(question: Question) -> str | None:
    """Refuse what would be one approval too many in the entity's cluster, or its vCenter.

    The stretches slide: an approval counts for ``within`` from its instant on, the end not included. All limits hold.
    What is in no cluster counts as one cluster of its vCenter; what is urgent is counted by itself.
    """
    slot = question.slot
    for limit in question.limits.general.blast_radius:
        approvals = question.ledger.approvals
        if approvals.after(limit.per, slot, question.now - limit.within) < limit.actions:
            continue
        room = approvals.latest(limit.per, slot, limit.actions) + limit.within - question.now
        where = f"cluster {slot.cluster or 'none'} of {slot.vcenter}" if limit.per == "cluster" else slot.vcenter
        return (
            f"{limit.actions} actions in {where} were approved within {format_duration(limit.within)} (blast_radius); "
            f"there is room in {format_duration(max(1, round(room)))}"
        )
    return None
