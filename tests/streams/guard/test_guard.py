from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from streams.guard import Ledger, urgent
from tests.streams.guard.asking import NOW, PAUSE, answer, entity, guard, outcome, request, sink

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision
    from streams.guard import Guard

ASKING = sink(approval="always")


def decide(ours: Guard, ledger: Ledger, *, now: float = NOW, paused: Any = None, **said: Any) -> Decision:
    """Decide as the role does."""
    decision = ours.decide(request(**said), ledger, now, paused=paused)
    ledger.put(decision)
    return decision


def test_what_nothing_forbids_is_approved_and_takes_a_slot() -> None:
    decision = decide(guard(), Ledger())
    said = (decision.verdict, decision.rule, decision.reason, decision.dry_run, decision.at, decision.expires)
    assert ("approved", "", "", False, NOW, None) == said
    assert ("power-on", "vc1/vm-1", "vc1", "domain-c1") == tuple((decision.slot or request()).model_dump().values())
    assert ("act", "https://vc1/sdk", "e1") == (decision.sink, decision.source, decision.event)


def test_a_fresh_installation_refuses_and_would_change_nothing() -> None:
    decision = decide(guard(allow=(), dry_run=True), Ledger())
    assert ("refused", "allow", None, True) == (decision.verdict, decision.rule, decision.slot, decision.dry_run)


def test_a_sink_that_is_not_configured_any_more_gets_nothing() -> None:
    decision = decide(guard(sink(name="other"), dry_run=True), Ledger())
    assert ("refused", "sink", True) == (decision.verdict, decision.rule, decision.dry_run)
    assert "no remediation sink is called act any more" == decision.reason


def test_a_request_is_never_decided_anew() -> None:
    ledger = Ledger()
    first = decide(guard(allow=()), ledger)
    assert first == guard().decide(request(), ledger, NOW + 9, paused=None)
    assert first == guard().decide(request(on=entity(2)), ledger, NOW + 9, paused=PAUSE)


def test_a_dry_run_takes_slots_all_the_same() -> None:
    ours, ledger = guard(dry_run=True), Ledger()
    assert ["approved", "refused"] == [decide(ours, ledger, event=event).verdict for event in ("e1", "e2")]


def test_a_long_reason_is_cut() -> None:
    decision = decide(guard(), Ledger(), entity=None, unresolved="x" * 4096, scope="-")
    assert (1024, "…") == (len(decision.reason), decision.reason[-1])


def test_what_needs_a_person_is_parked_with_all_that_is_asked() -> None:
    asked = request()
    decision = decide(guard(ASKING, approval_expires=60), Ledger())
    said = (decision.verdict, decision.rule, decision.request, decision.expires)
    assert ("parked", "approval", asked, NOW + 60) == said
    assert "sink act needs approval" == decision.reason


def test_a_yes_approves_and_counts_from_then_on() -> None:
    ours, ledger = guard(ASKING), Ledger()
    waiting = decide(ours, ledger)
    reply = ours.answer(answer(waiting.id, reason="go"), ledger, NOW + 5, paused=None)
    given = reply.decision
    assert given is not None
    assert reply.refusal is None
    said = (given.verdict, given.rule, given.reason, given.approver, given.at, given.expires)
    assert ("approved", "", "go", "cli/anna", NOW + 5, None) == said
    assert (waiting.slot, waiting.request) == (given.slot, given.request)


def test_a_no_refuses_and_takes_nothing() -> None:
    ours, ledger = guard(ASKING), Ledger()
    waiting = decide(ours, ledger)
    given = ours.answer(answer(waiting.id, approve=False), ledger, NOW + 5, paused=PAUSE).decision
    assert given is not None
    said = (given.verdict, given.rule, given.reason, given.approver, given.slot, given.request)
    assert ("refused", "approval", "a person said no", "cli/anna", None, None) == said


def test_the_same_answer_again_gets_the_same_decision() -> None:
    ours, ledger = guard(ASKING), Ledger()
    waiting = decide(ours, ledger)
    given = ours.answer(answer(waiting.id), ledger, NOW + 5, paused=None).decision
    assert given is not None
    ledger.put(given)
    assert given == ours.answer(answer(waiting.id), ledger, NOW + 9, paused=PAUSE).decision
    other = ours.answer(answer(waiting.id, approve=False), ledger, NOW + 9, paused=None)
    assert (None, "answered") == (other.decision, other.refusal and other.refusal.rule)


@pytest.mark.parametrize(
    ("then", "paused", "rule"),
    [
        (guard(ASKING), PAUSE, "pause"),
        (guard(ASKING, allow=()), None, "allow"),
        (guard(ASKING, deny=[{"names": "web-1"}]), None, "deny"),
        (guard(ASKING, mute_windows=[{"zone": "UTC"}]), None, "window"),
        (guard(sink(name="other")), None, "sink"),
        (guard(sink("power-off")), None, "sink"),
    ],
)
def test_a_yes_is_asked_about_again_and_may_come_later(then: Guard, paused: Any, rule: str) -> None:
    ledger = Ledger()
    waiting = decide(guard(ASKING), ledger)
    reply = then.answer(answer(waiting.id), ledger, NOW + 5, paused=paused)
    assert (None, rule) == (reply.decision, reply.refusal and reply.refusal.rule)
    later = guard(ASKING).answer(answer(waiting.id), ledger, NOW + 9, paused=None).decision
    assert "approved" == (later and later.verdict)


def test_a_yes_that_would_be_one_too_many_has_to_wait() -> None:
    limits = [{"per": "vcenter", "actions": 1, "within": 60}]
    ours, ledger = guard(ASKING, sink(name="free"), blast_radius=limits), Ledger()
    waiting = decide(ours, ledger)
    decide(ours, ledger, event="e2", on=entity(2), sink="free")
    replies = [ours.answer(answer(waiting.id), ledger, NOW + after, paused=None) for after in (59, 60)]
    assert ["blast-radius", None] == [reply.refusal and reply.refusal.rule for reply in replies]


def test_what_was_parked_for_a_dry_run_stays_one() -> None:
    ledger = Ledger()
    waiting = decide(guard(ASKING, dry_run=True), ledger)
    given = guard(ASKING).answer(answer(waiting.id), ledger, NOW + 5, paused=None).decision
    assert given is not None
    assert given.dry_run


def test_what_nobody_answers_is_refused_in_the_end() -> None:
    ours, ledger = guard(ASKING, approval_expires=60), Ledger()
    waiting = decide(ours, ledger)
    assert [] == ours.expire(ledger, NOW + 59)
    (over,) = ours.expire(ledger, NOW + 60)
    said = (over.id, over.verdict, over.rule, over.at, over.slot, over.request, over.approver)
    assert (waiting.id, "refused", "approval", NOW + 60, None, None, "") == said
    ledger.put(over)
    assert [] == ours.expire(ledger, NOW + 60)


def test_the_first_outcome_counts() -> None:
    ours, ledger = guard(), Ledger()
    decision = decide(ours, ledger)
    ended = ours.hear(outcome(decision.id, "failed", at=NOW + 3), ledger, NOW + 4)
    assert ended is not None
    assert ("failed", NOW + 3) == (ended.state, ended.ended)
    ledger.put(ended)
    assert ours.hear(outcome(decision.id, "succeeded"), ledger, NOW + 5) is None


@pytest.mark.parametrize(("at", "ended"), [(NOW - 9, NOW), (NOW + 3, NOW + 3), (NOW + 99, NOW + 4)])
def test_an_end_is_between_the_decision_and_now(at: float, ended: float) -> None:
    ours, ledger = guard(), Ledger()
    decision = decide(ours, ledger)
    heard = ours.hear(outcome(decision.id, at=at), ledger, NOW + 4)
    assert ended == (heard and heard.ended)


def test_outcomes_of_what_was_not_approved_change_nothing() -> None:
    ours, ledger = guard(ASKING), Ledger()
    waiting = decide(ours, ledger)
    assert (None, None) == tuple(ours.hear(outcome(each), ledger, NOW) for each in (waiting.id, "0" * 16))


def test_an_order_says_what_was_decided_and_until_when() -> None:
    ours, ledger = guard(sink(max_age=60)), Ledger()
    decision = decide(ours, ledger)
    order = ours.order(decision, request())
    assert order is not None
    assert (decision.id, request(), NOW, NOW + 60) == (order.id, order.request, order.decided, order.valid_until)
    assert (False, "", ours.configuration("act")) == (order.dry_run, order.approver, order.configuration)


def test_the_order_of_a_parked_one_is_made_of_what_was_kept() -> None:
    ours, ledger = guard(ASKING), Ledger()
    waiting = decide(ours, ledger)
    given = ours.answer(answer(waiting.id), ledger, NOW + 5, paused=None).decision
    assert given is not None
    order = ours.order(given)
    assert order is not None
    assert (request(), "cli/anna", NOW + 5) == (order.request, order.approver, order.decided)


@pytest.mark.parametrize(
    "again",
    [{"on": entity(2)}, {"action": "power-off"}, {"parameters": {"force": True}}, {"id": "0" * 16}, {"sink": "other"}],
)
def test_a_request_that_means_something_else_by_now_gets_no_order(again: dict[str, Any]) -> None:
    ours, ledger = guard(), Ledger()
    decision = decide(ours, ledger)
    asked = request(**({"id": decision.id} | again))
    assert ours.order(decision, asked) is None


def test_there_is_no_order_without_an_approval_or_after_its_outcome() -> None:
    ours, ledger = guard(), Ledger()
    decision = decide(ours, ledger)
    ended = ours.hear(outcome(decision.id), ledger, NOW)
    no = guard(allow=()).decide(request(), Ledger(), NOW, paused=None)
    waiting = guard(ASKING).decide(request(), Ledger(), NOW, paused=None)
    assert ended is not None
    assert [None] * 3 == [ours.order(each, request()) for each in (ended, no, waiting)]
    assert guard(sink(name="other")).order(decision, request()) is None


def test_an_order_is_a_dry_run_when_it_was_or_is_configured_so() -> None:
    ours, dry = guard(), guard(dry_run=True)
    live, planned = (each.decide(request(), Ledger(), NOW, paused=None) for each in (ours, dry))
    orders = [ours.order(live, request()), dry.order(live, request()), ours.order(planned, request())]
    assert [False, True, True] == [order and order.dry_run for order in orders]


def test_the_configuration_of_an_unknown_sink_has_no_hash() -> None:
    assert "" == guard().configuration("other")


@pytest.mark.parametrize(("action", "expected"), [("disconnect-vnic", True), ("scale", False)])
def test_a_quarantine_goes_before_others(action: str, *, expected: bool) -> None:
    assert expected == urgent(request(action=action))
