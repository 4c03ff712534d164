"""Decides on requests: approved, refused or parked, once and for all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from schemas.remediation.order import Order
from streams.guard import verdicts
from streams.guard.action import traits
from streams.guard.answers import made, objection
from streams.guard.ledger import Ledger
from streams.guard.limits import Limits
from streams.guard.question import Question
from streams.guard.refusal import Refusal
from streams.guard.reply import Reply
from streams.guard.rules import approval, asked, table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.config.remediation import RemediationConfig
    from schemas.control import Pause
    from schemas.remediation.answer import Answer
    from schemas.remediation.decision import Decision
    from schemas.remediation.outcome import Outcome
    from schemas.remediation.request import Request
    from sinks.remediation import RemediationSinkConfig


class Guard:
    """The guardrails of one configuration. All is pure: time and memory are given, and what comes of it is returned.

    The caller puts each ``Decision`` that it gets into the ledger before it asks again, and stores it before it acts.

    Args:
        remediation: the limits of all.
        sinks: what differs, by name of the sink.
        verbs: the same for what people ask for, by ``commanded.name``.
    """

    def __init__(
        self,
        remediation: RemediationConfig,
        sinks: Mapping[str, RemediationSinkConfig],
        verbs: Mapping[str, RemediationSinkConfig] | None = None,
    ) -> None:
        self._general = remediation
        self._limits = {name: Limits.of(remediation, sink) for name, sink in sinks.items()}
        self._limits |= {name: Limits.of(remediation, verb, told=True) for name, verb in (verbs or {}).items()}

    def decide(self, request: Request, ledger: Ledger, now: float, *, paused: Pause | None) -> Decision:
        """The decision on a request: the one that the ledger has, whatever the request says by now, or a new one.

        In a dry run slots are taken all the same, so that it shows what would be done.
        """
        return ledger.get(request.id) or self._anew(request, ledger, now, paused)

    def order(self, decision: Decision, request: Request | None = None) -> Order | None:
        """What the executor is told of a decision; None when there is nothing to tell.

        To be asked when the decision is made: both are stored together, so there is always one order or none. There is
        none once the outcome is known, nor for a request that means something else than what was decided on.

        Args:
            decision: which.
            request: that it is on. An approved one that had been parked holds its request itself.
        """
        request = decision.request or request
        if request is None or request.entity is None or request.id != decision.id:
            return None
        limits, slot = self._limits.get(decision.sink), decision.slot
        if limits is None or slot is None or decision.verdict != "approved" or decision.state is not None:
            return None
        meant = (request.sink, request.deed, request.entity.key)
        if meant != (decision.sink, slot.action, slot.entity) or asked.differs(request, limits) is not None:
            return None
        return Order(
            id=decision.id,
            request=request,
            decided=decision.at,
            valid_until=decision.at + limits.max_age,
            dry_run=decision.dry_run or limits.dry_run,
            approver=decision.approver,
            configuration=limits.configuration,
        )

    def answer(self, answer: Answer, ledger: Ledger, now: float, *, paused: Pause | None) -> Reply:
        """What a person's answer makes of a parked request; the caller has checked its signature.

        A yes is asked about again: when a guardrail refuses whose mind may have changed, the request stays parked, and
        may be approved later, until it expires. A no needs nothing; it may be the requester's.
        """
        parked = ledger.get(answer.id)
        if parked is not None and made(answer, parked):
            return Reply(parked)
        request = parked.request if parked is not None else None
        no = objection(answer, parked, request, now)
        if parked is None or request is None or no is not None:
            return Reply(refusal=no)
        if not answer.approve:
            return Reply(verdicts.declined(parked, answer.reason or "a person said no", now, answer.person))
        limits = self._limits.get(request.sink)
        if limits is None:
            return Reply(refusal=_unconfigured(request.sink))
        no = table.refusal(Question(request, limits, ledger, now, paused), again=True)
        if no is not None:
            return Reply(refusal=no)
        return Reply(verdicts.agreed(parked, answer, now, dry_run=parked.dry_run or limits.dry_run))

    def expire(self, ledger: Ledger, now: float) -> list[Decision]:
        """Refusals of everything parked whose time is over."""
        due = (ledger.get(each) for each in ledger.parked.due(now))
        return [verdicts.declined(each, "nobody approved it in time", now) for each in due if each is not None]

    def hear(self, outcome: Outcome, ledger: Ledger, now: float) -> Decision | None:
        """The decision with its outcome; None when it has one already, was not approved, or is not known."""
        decision = ledger.get(outcome.id)
        if decision is None or decision.verdict != "approved" or decision.state is not None:
            return None
        return verdicts.ended(decision, outcome, now)

    def objection(self, request: Request) -> str | None:
        """Why a request that was approved may not be carried out after all; None when nothing is in the way.

        Asked is what looks at the configuration and the object alone, both as they are now.
        """
        limits = self._limits.get(request.sink)
        if limits is None:
            return _unconfigured(request.sink).reason
        no = table.lasting(Question(request, limits, Ledger(), 0.0, None))
        return None if no is None else f"{no.rule}: {no.reason}"

    def dry_run(self, sink: str) -> bool:
        """Whether a sink's actions are only planned now."""
        limits = self._limits.get(sink)
        return self._general.dry_run if limits is None else limits.dry_run

    def configuration(self, sink: str) -> str:
        """Hash of what a sink's requests are decided by, for the audit; empty for a sink that is not configured."""
        limits = self._limits.get(sink)
        return "" if limits is None else limits.configuration

    def _anew(self, request: Request, ledger: Ledger, now: float, paused: Pause | None) -> Decision:
        limits = self._limits.get(request.sink)
        if limits is None:
            return verdicts.refused(request, _unconfigured(request.sink), now, dry_run=self._general.dry_run)
        question = Question(request, limits, ledger, now, paused)
        no = table.refusal(question)
        if no is not None:
            return verdicts.refused(request, no, now, dry_run=limits.dry_run, hops=question.hops)
        why = approval.needed(question)
        return verdicts.approved(question) if why is None else verdicts.parked(question, why)


def urgent(request: Request) -> bool:
    """Whether a request is decided before others that wait."""
    return traits(request.action).urgent


def _unconfigured(sink: str) -> Refusal:
    return Refusal("sink", f"no remediation sink is called {sink} any more")
