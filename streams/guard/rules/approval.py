"""What a person has to agree to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from schemas.remediation.model import HEARD
from streams.guard.action import DISCONNECT

if TYPE_CHECKING:
    from schemas.remediation.request import Request
    from streams.guard.question import Question

MOST: Final = 1000
"""Requests that wait at once; nobody looks through more."""

RESERVED: Final = 100
"""Of these, for urgent ones."""

OF_ONE: Final = 20
"""Of these, for each person: nobody takes the room of events, and of others."""

LARGEST: Final = HEARD + 32 * 2**10
"""Bytes of each: what was heard, and the tags that the inventory knows."""


def needed(question: Question) -> str | None:
    """Why a person has to agree; None when nobody has to.

    ``never`` is the operator's word for all of the sink's events. By ``default`` it hangs on the action; and nobody is
    cut off on the word of a log line, unless its sender is trusted. An operator who takes something back has asked
    already, in person and with the key; whoever does by a command is let do nothing that another verb would not let
    pass. Who only wants the plan changes nothing.
    """
    request, sink = question.request, question.limits.sink
    if sink.approval == "never" or (request.errand is not None and request.errand.dry_run):
        return None
    if sink.approval == "always":
        return f"sink {sink.name} needs approval"
    if request.undo is not None:
        wanted = question.limits.traits.undo_approval and by_command(request)
        return f"to take back {request.action} needs approval" if wanted else None
    if question.limits.traits.approval:
        return f"{request.action} needs approval"
    cause = request.cause
    if request.action == DISCONNECT and cause.vcenter is None and not question.limits.trusted.allow(cause.source):
        return f"{cause.source} is none of the trusted_senders of sink {sink.name}"
    return None


def by_command(request: Request) -> bool:
    """Whether a command has asked for an undo: its errand is the command's, an operator's is the undo itself."""
    return request.errand is not None and request.errand.event != request.cause.id


def check(question: Question) -> str | None:
    """Refuse what needs approval and cannot be parked: too many wait, or it is too large to be kept."""
    if needed(question) is None:
        return None
    most = MOST if question.limits.traits.urgent else MOST - RESERVED
    if len(question.ledger.parked) >= most:
        return f"{len(question.ledger.parked)} requests wait for approval already; answer them"
    if question.limits.told and (own := question.ledger.parked.of(question.request.requester)) >= OF_ONE:
        return f"{own} requests of {question.request.requester} wait for approval already; have them answered"
    if len(question.request.encode()) > LARGEST:
        return f"the request is larger than {LARGEST} bytes, too large to wait for approval"
    return None
