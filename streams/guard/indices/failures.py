"""Failures in a row, by sink: for the circuit."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision

_FAILURES: Final = frozenset({"failed", "unknown"})
_SUCCESSES: Final = frozenset({"succeeded", "planned"})


class Failures:
    """Ends of the actions of each sink, rising: those that failed or are unknown, and those that succeeded.

    What the executor refused to begin is neither. A failure at the instant of a success counts as one after it.
    """

    def __init__(self) -> None:
        self._failed: defaultdict[str, list[float]] = defaultdict(list)
        self._succeeded: defaultdict[str, list[float]] = defaultdict(list)

    def in_a_row(self, sink: str) -> tuple[int, float]:
        """How many there were after the last success, and when the last one ended; 0.0 without one."""
        failed, succeeded = self._failed.get(sink), self._succeeded.get(sink)
        if not failed:
            return 0, 0.0
        return len(failed) - (bisect_left(failed, succeeded[-1]) if succeeded else 0), failed[-1]

    def add(self, decision: Decision) -> None:
        """Note an end."""
        ends = self._ends(decision)
        if ends is not None and decision.ended is not None:
            insort(ends, decision.ended)

    def drop(self, decision: Decision) -> None:
        """Forget an end."""
        ends = self._ends(decision)
        if ends is not None and decision.ended is not None:
            at = bisect_left(ends, decision.ended)
            if at < len(ends) and ends[at] == decision.ended:
                del ends[at]

    def _ends(self, decision: Decision) -> list[float] | None:
        if decision.state in _FAILURES:
            return self._failed[decision.sink]
        return self._succeeded[decision.sink] if decision.state in _SUCCESSES else None
