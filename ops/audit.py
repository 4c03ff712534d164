"""What an operator did, as a CloudEvent of the audit topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from clients.kafka.notice import notice
from schemas import topics

if TYPE_CHECKING:
    from datetime import datetime

    from clients.kafka.record import Outgoing

SINK_PAUSED: Final = "com.reflexarc.sink.paused"
SINK_RESUMED: Final = "com.reflexarc.sink.resumed"
REMEDIATION_PAUSED: Final = "com.reflexarc.remediation.paused"
REMEDIATION_RESUMED: Final = "com.reflexarc.remediation.resumed"
LETTERS_REDRIVEN: Final = "com.reflexarc.deadletters.redriven"
LETTERS_DROPPED: Final = "com.reflexarc.deadletters.dropped"


def acted(
    prefix: str, kind: str, sink: str, *, actor: str, reason: str, now: datetime, more: dict[str, Any] | None = None
) -> Outgoing:
    """The record for the audit topic.

    Args:
        prefix: topic prefix.
        kind: its CloudEvents type, one of those above.
        sink: what it was done to; the event's subject.
        actor: who did it, without secrets.
        reason: why, in their words, without secrets; may be empty.
        now: must know its time zone.
        more: further members of the data.
    """
    return _notice(prefix, kind, sink, now, {"sink": sink, "actor": actor, "reason": reason, **(more or {})})


def switched(prefix: str, kind: str, *, actor: str, reason: str, now: datetime) -> Outgoing:
    """The record of who has stopped all actions, or let them go on; arguments as for ``acted``."""
    return _notice(prefix, kind, "remediation", now, {"actor": actor, "reason": reason})


def _notice(prefix: str, kind: str, subject: str, now: datetime, data: dict[str, Any]) -> Outgoing:
    return notice(
        topics.audit(prefix),
        kind,
        name=str(uuid4()),
        source=f"/{topics.group(prefix, topics.OPERATOR)}",
        subject=subject,
        now=now,
        data=data,
    )
