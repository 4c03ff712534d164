"""How decisions are made, and what may become of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from schemas.remediation.decision import Decision

if TYPE_CHECKING:
    from schemas.remediation.answer import Answer
    from schemas.remediation.outcome import Outcome
    from schemas.remediation.request import Request
    from streams.guard.question import Question
    from streams.guard.refusal import Refusal

LONGEST: Final = 1024
"""Characters of a reason that is stored."""


def refused(request: Request, no: Refusal, now: float, *, dry_run: bool, hops: int = 0) -> Decision:
    """A no to a new request; it takes nothing."""
    return _new(request, now, verdict="refused", rule=no.rule, reason=_short(no.reason), dry_run=dry_run, hops=hops)


def approved(question: Question) -> Decision:
    """A yes to a new request."""
    return _passed(question, verdict="approved")


def parked(question: Question, why: str) -> Decision:
    """A new request that waits for a person."""
    expires = question.now + question.limits.general.approval_expires
    asked = question.request
    return _passed(question, verdict="parked", rule="approval", reason=_short(why), expires=expires, request=asked)


def agreed(before: Decision, answer: Answer, now: float, *, dry_run: bool) -> Decision:
    """A parked one after a yes; it keeps its request until it ends: its order is made of that."""
    said = {"rule": "", "reason": _short(answer.reason), "approver": answer.person, "dry_run": dry_run}
    return before.model_copy(update={**said, "verdict": "approved", "at": now, "expires": None})


def declined(before: Decision, reason: str, now: float, person: str = "") -> Decision:
    """A parked one after a no, or after its time; it takes nothing any more."""
    said = {"verdict": "refused", "reason": _short(reason), "at": now, "approver": person}
    return before.model_copy(update={**said, "rule": "approval", "slot": None, "expires": None, "request": None})


def ended(before: Decision, outcome: Outcome, now: float) -> Decision:
    """An approved one after its end, which is by the executor's clock, but not after now."""
    at = max(before.at, min(outcome.at, now))
    return before.model_copy(update={"state": outcome.state, "ended": at, "request": None})


def _passed(question: Question, **said: Any) -> Decision:
    return _new(
        question.request, question.now, slot=question.slot, dry_run=question.dry_run, hops=question.hops, **said
    )


def _new(asked: Request, now: float, **said: Any) -> Decision:
    cause = asked.cause
    about: dict[str, Any] = {"source": cause.source, "event": cause.id, "parts": asked.parts}
    return Decision(id=asked.id, at=now, sink=asked.sink, **said, **about)


def _short(reason: str) -> str:
    return reason if len(reason) <= LONGEST else f"{reason[: LONGEST - 1]}…"
