"""The contract of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision


class Index(Protocol):
    """Follows from the set of decisions, not from the order in which they were added; O(log n) per decision."""

    def add(self, decision: Decision) -> None:
        """Take it in."""

    def drop(self, decision: Decision) -> None:
        """Forget it again: it is replaced by what became of it, or it is so old that no limit asks for it."""
