"""What a person may answer, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from unicodedata import normalize

from streams.guard.refusal import Refusal

if TYPE_CHECKING:
    from schemas.remediation.answer import Answer
    from schemas.remediation.decision import Decision
    from schemas.remediation.request import Request

STALE: Final = 60.0
"""Seconds for which an answer counts, and that its clock may be ahead of ours: who reads it in Kafka must not be able
to give it again when things have changed."""

_SINK = "sink/"


def objection(answer: Answer, decision: Decision | None, request: Request | None, now: float) -> Refusal | None:
    """Why an answer changes nothing, whatever the guardrails say; None when it may.

    A yes must be somebody else's than who has asked; a no may be anybody's.

    Args:
        answer: which; its signature has been checked.
        decision: that is stored on the request; None when there is none.
        request: what is parked.
        now: seconds since 1970.
    """
    if decision is None or (request is not None and answer.scope != request.scope):
        return Refusal("unknown", f"no request {answer.id} is known in {answer.scope}")
    if decision.verdict != "parked" or request is None:
        who = f" by {decision.approver}" if decision.approver else ""
        return Refusal("answered", f"{answer.id} is {decision.verdict} already{who}")
    if decision.expires is None or not now < decision.expires:
        return Refusal("expired", f"the time to answer {answer.id} is over")
    if (stale := _stale(now - answer.at)) is not None:
        return Refusal("stale", stale)
    if answer.approve and same_person(answer.person, request.requester):
        return Refusal("requester", f"{answer.person} has asked for {answer.id}: let somebody else approve")
    return None


def _stale(age: float) -> str | None:
    if age > STALE:
        return f"the answer is {age:.0f}s old, {STALE:.0f}s are allowed; answer again"
    if age < -STALE:
        return f"the answer is {-age:.0f}s ahead of our clock, {STALE:.0f}s are allowed; set both clocks right (NTP)"
    return None


def made(answer: Answer, decision: Decision) -> bool:
    """Whether the decision is what this very answer has made of it, and no outcome of it is known.

    An answer that is delivered twice is not told as one in vain.
    """
    said = "approved" if answer.approve else "refused"
    return (decision.approver, decision.verdict, decision.state) == (answer.person, said, None)


def same_person(person: str, requester: str) -> bool:
    """Whether a person may be the one who has asked.

    Case does not matter; nor does by which way somebody comes: ``slack/anna`` may be ``cli/anna``. A sink is nobody.
    """
    return not requester.startswith(_SINK) and _name(person) == _name(requester)


def _name(person: str) -> str:
    return normalize("NFKC", person).strip().casefold().rpartition("/")[2]
