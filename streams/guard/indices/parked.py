"""What waits for a person."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from streams.guard.indices.actions import pair_of

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from schemas.remediation.decision import Decision
    from streams.guard.indices.actions import Pair

_NOTHING: AbstractSet[str] = frozenset()


class Parked:
    """Ids of parked requests, each with the time at which it becomes a refusal."""

    def __init__(self) -> None:
        self._expiries: dict[str, float] = {}
        self._by_pair: dict[Pair, set[str]] = {}
        self._by_requester: Counter[str] = Counter()

    def __len__(self) -> int:
        return len(self._expiries)

    def of(self, requester: str) -> int:
        """How many somebody has asked for."""
        return self._by_requester[requester]

    def waiting(self, pair: Pair) -> AbstractSet[str]:
        """Those that ask for the same action on the same entity."""
        return self._by_pair.get(pair, _NOTHING)

    def due(self, now: float) -> list[str]:
        """Those whose time is over; looks at each, of which ``rules.approval`` lets in 1,000 at most."""
        return [each for each, expiry in self._expiries.items() if expiry <= now]

    def add(self, decision: Decision) -> None:
        """Note one that is parked."""
        if decision.verdict != "parked":
            return
        self._expiries[decision.id] = decision.at if decision.expires is None else decision.expires
        if decision.request is not None:
            self._by_requester[decision.request.requester] += 1
        if decision.slot is not None:
            self._by_pair.setdefault(pair_of(decision.slot), set()).add(decision.id)

    def drop(self, decision: Decision) -> None:
        """Forget one that was parked."""
        if decision.verdict != "parked":
            return
        self._expiries.pop(decision.id, None)
        if decision.request is not None:
            self._by_requester[requester := decision.request.requester] -= 1
            if self._by_requester[requester] <= 0:
                del self._by_requester[requester]
        if decision.slot is not None and (waiting := self._by_pair.get(pair_of(decision.slot))) is not None:
            waiting.discard(decision.id)
            if not waiting:
                del self._by_pair[pair_of(decision.slot)]
