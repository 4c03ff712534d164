"""How many of our actions have led to the last one on an entity."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision


class Chains:
    """The last approved action on each entity, and its hops; of two at the same time the one with more."""

    def __init__(self) -> None:
        self._last: dict[str, tuple[float, int]] = {}

    def hops(self, entity: str) -> int:
        """Of the last action on the entity; 0 when nothing is known of one."""
        return self._last.get(entity, (0.0, 0))[1]

    def add(self, decision: Decision) -> None:
        """Note an approval."""
        if decision.verdict == "approved" and decision.slot is not None:
            entity, this = decision.slot.entity, (decision.at, decision.hops)
            self._last[entity] = max(this, self._last.get(entity, this))

    def drop(self, decision: Decision) -> None:
        """Forget an approval."""
        slot = decision.slot
        if decision.verdict == "approved" and slot and self._last.get(slot.entity) == (decision.at, decision.hops):
            del self._last[slot.entity]
