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
from tests.streams.guard.narrow import Desk, Failing, Hosts

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
        self.stored = {}
        self.ledger = Ledger()

    patch.setattr(Decider, "restart", restart)


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

    def objection(answer: Any, decision: Any, asked: Any, now: float) -> Any:
        for_ever = decision and decision.model_copy(update={"expires": now + 1})
        return answers.objection(answer, for_ever, asked, now)

    patch.setattr(module, "objection", objection)


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


MUTATIONS = [
    (Decider, partial(without, "pause"), "kill switch"),
    (Decider, partial(without, "deny"), "deny"),
    (Decider, partial(without, "built-in-deny"), "deny"),
    (Decider, partial(without, "cool-down"), "cool-down"),
    (Decider, partial(without, "blast-radius"), "blast radius"),
    (Decider, partial(without, "maintenance"), "maintenance"),
    (Decider, partial(without, "age"), "age"),
    (Decider, partial(without, "replay"), "replay"),
    (Decider, partial(without, "own-event"), "own events"),
    (Failing, partial(without, "circuit"), "circuit"),
    (Desk, partial(once, "pause"), "broken: kill switch"),
    (Desk, partial(once, "deny"), "broken: deny"),
    (Desk, partial(once, "cool-down"), "broken: cool-down"),
    (Desk, partial(once, "blast-radius"), "broken: blast radius"),
    (Failing, partial(once, "circuit"), "broken: circuit"),
    (Decider, anew, "one decision per id"),
    (Decider, empty, "one decision per id|broken|expiry|useless"),
    (Decider, partial(partly, "approved"), "one decision per id|broken"),
    (Decider, partial(partly, "refused"), "one decision per id|broken"),
    (Decider, partial(partly, "parked"), "one decision per id|expiry|useless|parked"),
    (Hosts, empty, "one decision per id|broken"),
    (Hosts, released, "maintenance"),
    (Decider, slotless, "broken"),
    (Decider, nobody, "approval: nobody was asked"),
    (Decider, oneself, "approval: of one's own request"),
    (Decider, unanswered, "approval|broken"),
    (Desk, late, "approval: after its time"),
    (Decider, forgotten, "parked twice"),
    (Decider, twice, "outcome: heard twice|outcome: of what was not approved"),
]


def _name(value: object) -> str | None:
    if isinstance(value, partial):
        return f"{value.func.__name__}-{value.args[0]}"
    return getattr(value, "__name__", None)


@pytest.mark.parametrize(("machine", "mutation", "broken"), MUTATIONS, ids=_name)
def test_the_machine_sees_a_guarantee_that_is_gone(
    machine: type[Decider],
    mutation: Callable[[pytest.MonkeyPatch], None],
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    mutation(monkeypatch)
    with pytest.raises(AssertionError, match=broken):
        run_state_machine_as_test(machine, settings=SEARCH)
