"""One compilation of a ``match``: what it may ask from outside, and what was wrong, gathered instead of stopping."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

At = tuple[str | int, ...]
"""Where: the keys and positions that lead to a value in a route, as the operator wrote them."""


class Found(NamedTuple):
    """One fault: the path below the route, what is wrong, what cures it. Neither text quotes a secret."""

    at: At
    what: str
    cure: str


class Compilation:
    """Surroundings and faults. Whoever reports a fault returns no condition for that part, and goes on.

    Attributes:
        on_unknown: what an inventory condition says about an entity that is not known, or not lately; below ``not``
            the opposite, so that the whole ``match`` says what the route states.
        undecided: what a condition says that cannot be decided, because an event has more to look at than it may or
            its pattern is not there yet: false, and below ``not`` true, so that the route does not take the event.
        rules: EventBridge patterns by the ARN of their rule, as far as they were fetched; a rule that is not
            there yet compiles to a condition that is never decided.
        found: the faults so far.
    """

    def __init__(
        self,
        *,
        on_unknown: Literal["match", "skip"] = "skip",
        rules: Mapping[str, Mapping[str, Any]] | None = None,
    ) -> None:
        self.on_unknown: Literal["match", "skip"] = on_unknown
        self.undecided = False
        self.rules = rules or {}
        self.found: list[Found] = []

    def fault(self, at: At, what: str, cure: str) -> None:
        """Remember a fault; both texts as in ``schemas.config.fault.Fault``."""
        self.found.append(Found(at, what, cure))

    @contextmanager
    def negated(self) -> Iterator[None]:
        """Compile what stands below a ``not``."""
        before = self.on_unknown
        self.on_unknown = "skip" if before == "match" else "match"
        self.undecided = not self.undecided
        try:
            yield
        finally:
            self.on_unknown = before
            self.undecided = not self.undecided
