"""When what was last done to whom: for cool-downs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.config.remediation import LONGEST_AGE

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision, Slot

Pair = tuple[str, str]
"""An action, and the key of an entity."""


class Actions:
    """The last approved action of each pair.

    An action that has no outcome yet goes on, for 24 h at most; whatever the outcome is, it was the last one.
    """

    def __init__(self) -> None:
        self._over: dict[Pair, float] = {}
        self._under_way: dict[Pair, dict[str, float]] = {}

    def last(self, pair: Pair, now: float) -> float | None:
        """When the last one ended, seconds since 1970: now, if it is under way; None when nothing is known of one."""
        ends = [min(now, at + LONGEST_AGE) for at in self._under_way.get(pair, {}).values()]
        over = self._over.get(pair)
        return max(ends if over is None else [*ends, over], default=None)

    def add(self, decision: Decision) -> None:
        """Note an approval, or its end."""
        if decision.verdict != "approved" or decision.slot is None:
            return
        pair = pair_of(decision.slot)
        if decision.state is None:
            self._under_way.setdefault(pair, {})[decision.id] = decision.at
        else:
            self._over[pair] = max(_end(decision), self._over.get(pair, 0.0))

    def drop(self, decision: Decision) -> None:
        """Forget an approval."""
        if decision.verdict != "approved" or decision.slot is None:
            return
        pair = pair_of(decision.slot)
        if decision.state is not None:
            if self._over.get(pair) == _end(decision):
                del self._over[pair]
        elif (under_way := self._under_way.get(pair)) is not None:
            under_way.pop(decision.id, None)
            if not under_way:
                del self._under_way[pair]


def pair_of(slot: Slot) -> Pair:
    """What is done, and to whom."""
    return slot.action, slot.entity


def _end(decision: Decision) -> float:
    return decision.at if decision.ended is None else decision.ended
