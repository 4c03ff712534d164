"""The memory of one partition of the deciding role: every decision by id, and what limits ask for."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from schemas.remediation.decision import Decision
from streams.guard.indices.actions import Actions
from streams.guard.indices.approvals import Approvals
from streams.guard.indices.chains import Chains
from streams.guard.indices.failures import Failures
from streams.guard.indices.maintenance import Maintenance
from streams.guard.indices.parked import Parked

if TYPE_CHECKING:
    from collections.abc import Iterable

    from streams.guard.indices.base import Index

APPROVED_FOR: Final = 8 * 86_400.0
"""Seconds for which an approval is remembered, from its end on."""

REFUSED_FOR: Final = 2 * 86_400.0
"""Seconds for which a refusal is: longer than any event is young enough to be acted on; none is decided twice."""

MOST: Final = 100_000
"""Decisions; beyond it refusals are forgotten, the oldest first."""

MOST_BYTES: Final = 128 * 2**20
"""Bytes of refusals; likewise. What is parked is bounded by ``rules.approval``, and makes no refusal forgotten."""


class Ledger:
    """Decisions by id; everything else follows from them, and is made again from them after a restart.

    Not thread-safe. A look-up is O(1) or O(log n) and decodes one decision at most. A decision is kept as the bytes
    that are stored of it: some 400 bytes for a refusal, and nothing for the garbage collector to walk through.

    Args:
        decisions: what is stored, in any order.

    Attributes:
        actions: when what was last done to whom.
        parked: what waits for a person.
        approvals: when actions were approved, by cluster and vCenter.
        maintenance: hosts in maintenance.
        failures: in a row, by sink.
        chains: hops of the last action on an entity.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self.actions = Actions()
        self.parked = Parked()
        self.approvals = Approvals()
        self.maintenance = Maintenance()
        self.failures = Failures()
        self.chains = Chains()
        self._indices: tuple[Index, ...] = (
            self.actions,
            self.parked,
            self.approvals,
            self.maintenance,
            self.failures,
            self.chains,
        )
        self._stored: dict[str, bytes] = {}
        self._bytes = 0
        self._refused: deque[str] = deque()
        self._approved: deque[str] = deque()
        self._overdue: dict[str, None] = {}
        times: dict[str, float] = {}
        for decision in decisions:
            self.put(decision)
            times[decision.id] = decision.at
        for order in (self._refused, self._approved):
            ordered = sorted(order, key=times.__getitem__)
            order.clear()
            order.extend(ordered)

    def __len__(self) -> int:
        return len(self._stored)

    def get(self, id: str) -> Decision | None:  # noqa: A002 - the attribute
        """What was decided on a request; None when it was not, or is forgotten."""
        value = self._stored.get(id)
        return None if value is None else Decision.model_validate_json(value)

    @property
    def full(self) -> bool:
        """Whether there is no room left that forgetting refusals could make."""
        return len(self._stored) - len(self._refused) >= MOST

    def put(self, decision: Decision) -> None:
        """Take in a decision, or what became of it."""
        before = self.get(decision.id)
        if before is not None:
            self._remove(before)
        value = decision.model_dump_json(exclude_defaults=True).encode()
        self._stored[decision.id] = value
        if decision.verdict == "refused":
            self._bytes += len(value)
        for index in self._indices:
            index.add(decision)
        verdict = None if before is None else before.verdict
        if decision.verdict == "refused" != verdict:
            self._refused.append(decision.id)
        elif decision.verdict == "approved" != verdict:
            self._approved.append(decision.id)

    def prune(self, now: float) -> list[str]:
        """Forget what is too old or too much; return the ids, for the caller to forget, too.

        What holds a host in maintenance, is parked or has no outcome yet is kept, however old it is. To be called after
        every few thousand decisions, and every few minutes.
        """
        gone = [*self._old_refusals(now), *self._old_approvals(now)]
        while self._refused and (len(self._stored) > MOST or self._bytes > MOST_BYTES):
            gone.append(self._refused.popleft())
            self._forget(gone[-1])
        self.approvals.prune(now)
        return gone

    def _old_refusals(self, now: float) -> Iterable[str]:
        while self._refused and self._at(self._refused[0]) + REFUSED_FOR <= now:
            oldest = self._refused.popleft()
            self._forget(oldest)
            yield oldest

    def _old_approvals(self, now: float) -> Iterable[str]:
        while self._approved and self._at(self._approved[0]) + APPROVED_FOR <= now:
            self._overdue[self._approved.popleft()] = None
        for each in list(self._overdue):
            decision = self.get(each)
            if decision is None or self._is_history(decision, now):
                del self._overdue[each]
                self._forget(each)
                yield each

    def _is_history(self, decision: Decision, now: float) -> bool:
        ended, maintenance = decision.ended, self.maintenance
        if ended is None or ended + APPROVED_FOR > now:
            return False
        return not maintenance.holds(decision) and not maintenance.releases(decision)

    def _at(self, id: str) -> float:  # noqa: A002 - the attribute
        decision = self.get(id)
        return float("-inf") if decision is None else decision.at

    def _forget(self, id: str) -> None:  # noqa: A002 - the attribute
        decision = self.get(id)
        if decision is not None:
            self._remove(decision)
            del self._stored[id]

    def _remove(self, decision: Decision) -> None:
        if decision.verdict == "refused":
            self._bytes -= len(self._stored[decision.id])
        for index in self._indices:
            index.drop(decision)
