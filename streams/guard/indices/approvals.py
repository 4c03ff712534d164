"""When actions were approved, by cluster and by vCenter: for the blast radius.

What is urgent is counted by itself: a storm of alarms must not use up what a quarantine needs.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Literal

from schemas.config.remediation import LONGEST_AGE
from streams.guard.action import traits

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision, Slot

Per = Literal["cluster", "vcenter"]
_Area = tuple[Per, str, str | None, bool]


class Approvals:
    """Times of approvals of the last 24 h, rising. What is in no cluster of a vCenter counts as one cluster."""

    def __init__(self) -> None:
        self._times: dict[_Area, list[float]] = {}

    def after(self, per: Per, slot: Slot, instant: float) -> int:
        """How many were approved after an instant in the slot's cluster, or its vCenter."""
        times = self._times.get(_area(per, slot), [])
        return len(times) - bisect_right(times, instant)

    def latest(self, per: Per, slot: Slot, number: int) -> float:
        """When the last but ``number - 1`` was approved; there must be so many."""
        return self._times[_area(per, slot)][-number]

    def add(self, decision: Decision) -> None:
        """Note an approval."""
        if decision.verdict == "approved" and decision.slot is not None:
            for area in _areas(decision.slot):
                insort(self._times.setdefault(area, []), decision.at)

    def drop(self, decision: Decision) -> None:
        """Forget an approval."""
        if decision.verdict != "approved" or decision.slot is None:
            return
        for area in _areas(decision.slot):
            times = self._times.get(area, [])
            at = bisect_left(times, decision.at)
            if at < len(times) and times[at] == decision.at:
                del times[at]

    def prune(self, now: float) -> None:
        """Forget what no limit asks for any more."""
        for area, times in list(self._times.items()):
            del times[: bisect_right(times, now - LONGEST_AGE)]
            if not times:
                del self._times[area]


def _area(per: Per, slot: Slot) -> _Area:
    return per, slot.vcenter, slot.cluster if per == "cluster" else None, traits(slot.action).urgent


def _areas(slot: Slot) -> tuple[_Area, _Area]:
    return _area("cluster", slot), _area("vcenter", slot)
