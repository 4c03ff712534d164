"""All that a guardrail may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.remediation.decision import Slot

if TYPE_CHECKING:
    from schemas.control import Pause
    from schemas.remediation.entity import Entity
    from schemas.remediation.request import Request
    from streams.guard.ledger import Ledger
    from streams.guard.limits import Limits


@dataclass(frozen=True, slots=True)
class Question:
    """May this be done?

    Attributes:
        request: what is asked.
        limits: of its sink.
        ledger: what was decided before.
        now: seconds since 1970.
        paused: the kill switch; None while nobody has pressed it.
    """

    request: Request
    limits: Limits
    ledger: Ledger
    now: float
    paused: Pause | None

    @property
    def entity(self) -> Entity:
        """What is acted on.

        Raises:
            LookupError: it was not found; guardrails behind ``target`` are not asked then.
        """
        if self.request.entity is None:
            raise LookupError(self.request.unresolved)
        return self.request.entity

    @property
    def slot(self) -> Slot:
        """What an approval takes."""
        entity = self.entity
        return Slot(action=self.request.deed, entity=entity.key, vcenter=entity.vcenter, cluster=entity.cluster)

    @property
    def dry_run(self) -> bool:
        """Whether it is only planned: by the configuration, or as whoever asks wants it."""
        errand = self.request.errand
        return self.limits.dry_run or (errand is not None and errand.dry_run)

    @property
    def hops(self) -> int:
        """How many of our own actions, and replies of destinations, have led to the event."""
        cause, entity = self.request.cause, self.request.entity
        own = 1 + (self.ledger.chains.hops(entity.key) if entity else 0) if cause.own else 0
        return cause.hops + own
