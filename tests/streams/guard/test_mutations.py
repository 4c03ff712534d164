from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from streams.guard import Guard, Ledger, answers, verdicts
from streams.guard import guard as module
from streams.guard.indices.maintenance import Maintenance
from streams.guard.indices.parked import Parked
from streams.guard.rules import approval, table
from tests.streams.guard.machine import Decider

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.remediation.decision import Decision

SEARCH = settings(
    max_examples=3000,
    stateful_step_count=40,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    print_blob=False,
)

Mutation = "Callable[[pytest.MonkeyPatch], None]"


def without(name: str, patch: pytest.MonkeyPatch) -> None:
    """A guardrail that lets everything pass."""
    rules = tuple(rule._replace(check=lambda _: None) if rule.name == name else rule for rule in table.RULES)
    patch.setattr(table, "RULES", rules)


def once(name: str, patch: pytest.MonkeyPatch) -> None:
    """A guardrail that is not asked again when a person approves."""
    rules = tuple(rule._replace(again=False) if rule.name == name else rule for rule in table.RULES)
    patch.setattr(table, "RULES", rules)


def anew(patch: pytest.MonkeyPatch) -> None:
    """Requests that come again are decided anew."""
    patch.setattr(Guard, "decide", lambda self, asked, ledger, now, *, paused: self._anew(asked, ledger, now, paused))


def empty(patch: pytest.MonkeyPatch) -> None:
    """A restart finds nothing."""

    def restart(self: Decider) -> None:
        self.ledger = Ledger()

    patch.setattr(Decider, "restart", restart)
    patch.setattr(Decider, "knows_what_is_stored", lambda _: None)


def partly(verdict: str, patch: pytest.MonkeyPatch) -> None:
    """A restart finds no decisions of one kind."""

    def restart(self: Decider) -> None:
        self.stored = {key: each for key, each in self.stored.items() if each.verdict != verdict}
        self.ledger = Ledger(self.stored.values())

    patch.setattr(Decider, "restart", restart)


def nobody(patch: pytest.MonkeyPatch) -> None:
    """No action needs a person."""
    patch.setattr(approval, "needed", lambda _: None)


def oneself(patch: pytest.MonkeyPatch) -> None:
    """Anybody may approve what he has asked for himself."""
    patch.setattr(answers, "same_person", lambda *_: False)


def late(patch: pytest.MonkeyPatch) -> None:
    """A parked request may be answered for ever."""
    patch.setattr(
        module, "objection", lambda answer, decision, asked, _: answers.objection(answer, decision, asked, 0.0)
    )


def unanswered(patch: pytest.MonkeyPatch) -> None:
    """What is parked is approved when its time is over."""

    def approved(before: Decision, reason: str, now: float, person: str = "") -> Decision:
        return before.model_copy(update={"verdict": "approved", "at": now, "reason": reason, "approver": person})

    patch.setattr(verdicts, "declined", approved)


def forgotten(patch: pytest.MonkeyPatch) -> None:
    """Parked requests take no part in the cool-down."""
    patch.setattr(Parked, "waiting", lambda *_: frozenset())


def twice(patch: pytest.MonkeyPatch) -> None:
    """Every outcome is heard."""

    def hear(_: Any, outcome: Any, ledger: Ledger, now: float) -> Decision | None:
        decision = ledger.get(outcome.id)
        return None if decision is None else verdicts.ended(decision, outcome, now)

    patch.setattr(Guard, "hear", hear)


def released(patch: pytest.MonkeyPatch) -> None:
    """A host in maintenance is forgotten with its decision."""
    patch.setattr(Maintenance, "holds", lambda *_: False)


def slotless(patch: pytest.MonkeyPatch) -> None:
    """Approvals do not say what they take."""
    patch.setattr(
        verdicts,
        "approved",
        lambda question: verdicts._new(question.request, question.now, verdict="approved", dry_run=False),
    )


@pytest.mark.parametrize(
    ("mutation", "broken"),
    [
        (partial(without, "pause"), "kill switch"),
        (partial(without, "deny"), "deny"),
        (partial(without, "built-in-deny"), "deny"),
        (partial(without, "cool-down"), "cool-down"),
        (partial(without, "blast-radius"), "blast radius"),
        (partial(without, "maintenance"), "maintenance"),
        (partial(without, "circuit"), "circuit"),
        (partial(without, "age"), "age"),
        (partial(without, "replay"), "replay"),
        (partial(without, "own-event"), "own events"),
        (partial(once, "pause"), "broken: kill switch"),
        (partial(once, "deny"), "broken: deny"),
        (partial(once, "cool-down"), "broken: cool-down"),
        (partial(once, "blast-radius"), "broken: blast radius"),
        (partial(once, "circuit"), "broken: circuit"),
        (anew, "one decision per id"),
        (empty, "one decision per id|cool-down|blast radius|parked"),
        (partial(partly, "approved"), "cool-down|blast radius|twice|maintenance|circuit"),
        (partial(partly, "refused"), "one decision per id|twice|broken"),
        (nobody, "approval: nobody was asked"),
        (oneself, "approval: of one's own request"),
        (late, "approval: after its time"),
        (unanswered, "approv"),
        (forgotten, "parked twice"),
        (twice, "outcome: heard twice"),
        (released, "maintenance"),
        (slotless, "cool-down|blast radius|maintenance"),
    ],
    ids=lambda value: value if isinstance(value, str) else getattr(value, "__name__", None) or f"{value.func.__name__}",
)
def test_the_machine_sees_a_guarantee_that_is_gone(
    mutation: Callable[[pytest.MonkeyPatch], None], broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mutation(monkeypatch)
    with pytest.raises(AssertionError, match=broken):
        run_state_machine_as_test(Decider, settings=SEARCH)
