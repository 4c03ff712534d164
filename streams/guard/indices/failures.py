"""Failures in a row, by sink: for the circuit."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision

_FAILURES: Final = frozenset({"failed", "unknown"})
_SUCCESSES: Final = frozenset({"succeeded", "planned"})

MOST: Final = 1000
"""Failures of a sink that are told apart: the largest ``circuit.failures``."""


class Failures:
    """Ends of the actions of each sink that failed, or whose outcome is unknown, after its last success, rising.

    What the executor refused to begin says nothing of either.
    """

    def __init__(self) -> None:
        self._failed: dict[str, list[float]] = {}
        self._succeeded: dict[str, float] = {}

    def in_a_row(self, sink: str) -> tuple[int, float]:
        """How many, and when the last one ended; 0.0 without one."""
        failed = self._failed.get(sink)
        return (len(failed), failed[-1]) if failed else (0, 0.0)

    def add(self, decision: Decision) -> None:
        """Note an end."""
        sink, ended = decision.sink, decision.ended
        if ended is None:
            return
        if decision.state in _SUCCESSES:
            self._succeeded[sink] = max(ended, self._succeeded.get(sink, ended))
            failed = self._failed.get(sink, [])
            del failed[: bisect_right(failed, self._succeeded[sink])]
        elif decision.state in _FAILURES and ended > self._succeeded.get(sink, float("-inf")):
            failed = self._failed.setdefault(sink, [])
            insort(failed, ended)
            del failed[:-MOST]

    def drop(self, decision: Decision) -> None:
        """Forget an end."""
        sink, ended = decision.sink, decision.ended
        if ended is None:
            return
        if decision.state in _SUCCESSES and self._succeeded.get(sink) == ended:
            del self._succeeded[sink]
        elif decision.state in _FAILURES:
            failed = self._failed.get(sink, [])
            at = bisect_left(failed, ended)
            if at < len(failed) and failed[at] == ended:
                del failed[at]
