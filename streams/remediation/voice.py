"""What a role tells of actions: in the audit, among the events, and to whoever has asked in person."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Final, Literal

from streams.remediation import audit, replies

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from clients.kafka.record import Outgoing
    from schemas.commands.errand import Errand
    from schemas.remediation.answer import Answer
    from schemas.remediation.appointment import Appointment
    from schemas.remediation.request import Request
    from streams.commands.wording import Wording
    from streams.guard.refusal import Refusal

MOST: Final = 64
"""Names that the log says."""

log = logging.getLogger(__name__)


class Voice:
    """One role's.

    An errand names the sink that answered when it was given. What it is told later is in the transaction of what is
    decided or done, and a sink that has gone since must not hold that up: nothing is said there.

    Args:
        prefix: topic prefix.
        role: its name.
        answering: names of the sinks that answer now.

    Attributes:
        prefix: likewise.
    """

    def __init__(self, prefix: str, role: str, answering: Collection[str]) -> None:
        self.prefix = prefix
        self._role = role
        self._answering = answering
        self._gone: set[str] = set()

    def told(self, step: str, request: Request, *, at: float, more: Mapping[str, Any]) -> tuple[Outgoing, ...]:
        """The records of one step, to everybody; as ``audit.told``."""
        heard = audit.told(self.prefix, self._role, step, request, at=at, more=more)
        return heard + self.replied(step, request, at=at, more=more)

    def replied(self, step: str, request: Request, *, at: float, more: Mapping[str, Any]) -> tuple[Outgoing, ...]:
        """The record for whoever has asked in person, if any; as ``replies.replied``."""
        if not self.reaches(request.errand):
            return ()
        return replies.replied(self.prefix, self._role, step, request, at=at, more=more)

    def said(self, errand: Errand, said: Wording, *, step: str, at: float) -> tuple[Outgoing, ...]:
        """The record of what is said of a command, if it gets anywhere; as ``replies.reply``."""
        return (replies.reply(self.prefix, self._role, errand, said, step=step, at=at),) if self.reaches(errand) else ()

    def due(
        self, step: Literal["postponed", "abandoned"], due: Appointment, reason: str, *, at: float
    ) -> tuple[Outgoing, ...]:
        """The records of what an action should have led to; as ``audit.due``."""
        return audit.due(self.prefix, self._role, step, due, reason, at=at)

    def unanswered(
        self, answer: Answer, no: Refusal, request: Request | None, *, place: str, at: float
    ) -> tuple[Outgoing, ...]:
        """The record of an answer that has changed nothing; as ``audit.unanswered``."""
        return (audit.unanswered(self.prefix, self._role, answer, no, request, place=place, at=at),)

    def strange(self, place: str, reason: str, *, at: float) -> tuple[Outgoing, ...]:
        """The record of something that was not believed; as ``audit.strange``."""
        return (audit.strange(self.prefix, self._role, place, reason, at=at),)

    def reaches(self, errand: Errand | None) -> bool:
        """Whether somebody waits for the end of a command, where something can be said."""
        if errand is None or not errand.replies:
            return False
        if errand.replies in self._answering:
            return True
        if errand.replies not in self._gone and len(self._gone) < MOST:
            self._gone.add(errand.replies)
            log.warning("commands.replies is not the sink %s any more: nothing is said there", errand.replies)
        return False
