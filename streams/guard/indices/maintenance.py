"""Which hosts are in maintenance on our word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.remediation.request import UNDO
from streams.guard.action import ENTER, EXIT

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision

_EXITS: Final = frozenset({EXIT, f"{UNDO}{ENTER}"})
"""What has a host leave maintenance."""

_IN_FORCE: Final = frozenset({None, "succeeded", "unknown"})
"""Outcomes after which a host is, or may be, in maintenance; a dry run ends with its plan."""


class Maintenance:
    """Hosts by cluster: from the approval of ``enter-maintenance`` to its failure, or until they have left.

    An exit or an undo that succeeded ends what was approved before it. Hosts of no cluster are in nobody's way.
    """

    def __init__(self) -> None:
        self._enters: dict[tuple[str, str], dict[str, dict[str, float]]] = {}
        self._exits: dict[str, float] = {}

    def hosts(self, vcenter: str, cluster: str) -> list[str]:
        """Keys of the hosts of a cluster that are in maintenance, or on their way."""
        hosts = self._enters.get((vcenter, cluster), {})
        return [host for host, enters in hosts.items() if any(self._lasts(host, at) for at in enters.values())]

    def holds(self, decision: Decision) -> bool:
        """Whether the decision holds its host in maintenance."""
        slot = decision.slot
        return slot is not None and _enters(decision) and self._lasts(slot.entity, decision.at)

    def releases(self, decision: Decision) -> bool:
        """Whether the decision is the exit without which an entry that is remembered would hold its host."""
        slot = decision.slot
        if slot is None or slot.cluster is None or not _exits(decision) or self._exits.get(slot.entity) != decision.at:
            return False
        return bool(self._enters.get((slot.vcenter, slot.cluster), {}).get(slot.entity))

    def add(self, decision: Decision) -> None:
        """Note an entry, or an exit."""
        if (slot := decision.slot) is None:
            return
        if _enters(decision) and slot.cluster is not None:
            hosts = self._enters.setdefault((slot.vcenter, slot.cluster), {})
            hosts.setdefault(slot.entity, {})[decision.id] = decision.at
        elif _exits(decision):
            self._exits[slot.entity] = max(decision.at, self._exits.get(slot.entity, decision.at))

    def drop(self, decision: Decision) -> None:
        """Forget an entry, or an exit."""
        if (slot := decision.slot) is None:
            return
        if _enters(decision) and slot.cluster is not None:
            hosts = self._enters.get((slot.vcenter, slot.cluster), {})
            hosts.get(slot.entity, {}).pop(decision.id, None)
            if not hosts.get(slot.entity):
                hosts.pop(slot.entity, None)
            if not hosts:
                self._enters.pop((slot.vcenter, slot.cluster), None)
        elif _exits(decision) and self._exits.get(slot.entity) == decision.at:
            del self._exits[slot.entity]

    def _lasts(self, host: str, at: float) -> bool:
        left = self._exits.get(host)
        return left is None or at >= left


def _enters(decision: Decision) -> bool:
    slot = decision.slot
    return slot is not None and slot.action == ENTER and decision.verdict == "approved" and decision.state in _IN_FORCE


def _exits(decision: Decision) -> bool:
    slot = decision.slot
    return slot is not None and slot.action in _EXITS and decision.state == "succeeded"
