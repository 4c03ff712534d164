from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streams.guard import Ledger, ledger
from streams.guard.ledger import APPROVED_FOR, REFUSED_FOR
from tests.streams.guard.asking import NOW, request
from tests.streams.guard.decided import approved, parked, refused, slot

if TYPE_CHECKING:
    from schemas.remediation.decision import Decision

ACTIONS = ("power-on", "enter-maintenance", "exit-maintenance", "undo enter-maintenance")
ENTITIES = ("vc1/host-1", "vc1/host-2")
STATES = (None, "succeeded", "failed", "unknown", "planned", "refused")


def on_host(number: int, action: str = "enter-maintenance") -> Any:
    return slot(action=action, entity=f"vc1/host-{number}")


def looked_up(of: Ledger, now: float) -> list[Any]:
    """The answer to everything that limits ask for."""
    pairs = list(product(ACTIONS, ENTITIES))
    return [
        [of.actions.last(pair, now) for pair in pairs],
        [sorted(of.parked.waiting(pair)) for pair in pairs],
        sorted(of.parked.due(now)),
        [of.approvals.after(per, slot(), now - 50) for per in ("cluster", "vcenter")],
        sorted(of.maintenance.hosts("vc1", "domain-c1")),
        [of.failures.in_a_row(sink) for sink in ("act", "other")],
        [of.chains.hops(entity) for entity in ENTITIES],
        (len(of), of.full),
    ]


def test_what_is_put_in_comes_out_again() -> None:
    decisions = [approved(1), refused(2), parked(3)]
    ours = Ledger(decisions)
    assert decisions == [ours.get(each.id) for each in decisions]
    assert (None, 3) == (ours.get("f" * 16), len(ours))


def test_what_becomes_of_a_decision_replaces_it() -> None:
    ours = Ledger([parked(1)])
    ours.put(approved(1))
    ours.put(approved(1, state="succeeded", ended=NOW + 5))
    ours.put(approved(1, state="succeeded", ended=NOW + 5))
    assert ("succeeded", 1, 0) == (getattr(ours.get(approved(1).id), "state", None), len(ours), len(ours.parked))
    assert 1 == ours.approvals.after("cluster", slot(), NOW - 1)
    assert NOW + 5 == ours.actions.last(("power-on", "vc1/vm-1"), NOW + 9)


@st.composite
def lives(draw: st.DrawFn) -> list[Decision]:
    """What is put into a ledger, in order: requests that are decided, parked, answered, and end."""
    stages: list[list[Decision]] = []
    for number in range(draw(st.integers(1, 8))):
        at = NOW + draw(st.integers(0, 99))
        on = on_host(draw(st.sampled_from([1, 2])), draw(st.sampled_from(ACTIONS)))
        said: dict[str, Any] = {
            "on": on,
            "sink": draw(st.sampled_from(["act", "other"])),
            "hops": draw(st.integers(0, 2)),
        }
        way = draw(st.sampled_from(["refused", "parked", "approved", "parked, refused", "parked, approved"]))
        state = draw(st.sampled_from(STATES))
        life = []
        if "parked" in way:
            life.append(parked(number, at=at, expires=at + 30, **said))
        if "refused" in way:
            life.append(refused(number, at=at + 5))
        if "approved" in way:
            life.append(approved(number, at=at + 5, **said))
            if state is not None:
                end = draw(st.integers(5, 50))
                life.append(approved(number, at=at + 5, state=state, ended=at + end, **said))
        stages.append(life)
    order = draw(st.permutations([number for number, life in enumerate(stages) for _ in life]))
    rest = [iter(life) for life in stages]
    return [next(rest[number]) for number in order]


@given(lives(), st.integers(0, 200), st.randoms(use_true_random=False))
def test_a_ledger_is_made_again_of_what_it_has_stored(put: list[Decision], later: int, random: Any) -> None:
    """After a restart every limit finds what it would have found, in whatever order decisions come."""
    ours = Ledger()
    for decision in put:
        ours.put(decision)
    stored = list({decision.id: decision for decision in put}.values())
    random.shuffle(stored)
    assert looked_up(Ledger(stored), NOW + later) == looked_up(ours, NOW + later)


@pytest.mark.parametrize(
    ("decision", "seconds"),
    [
        (refused(1), REFUSED_FOR),
        (approved(1, state="succeeded", ended=NOW), APPROVED_FOR),
        (approved(1, state="failed", ended=NOW, on=on_host(1)), APPROVED_FOR),
    ],
)
def test_decisions_are_forgotten_in_their_time(decision: Decision, seconds: float) -> None:
    ours = Ledger([decision])
    assert [] == ours.prune(NOW + seconds - 1)
    assert [decision.id] == ours.prune(NOW + seconds)
    assert ([], 0) == (ours.prune(NOW + seconds), len(ours))
    assert looked_up(Ledger(), NOW + seconds) == looked_up(ours, NOW + seconds)


@pytest.mark.parametrize(
    "decision",
    [parked(1), approved(1), approved(1, state="succeeded", ended=NOW, on=on_host(1))],
    ids=["parked", "without an outcome", "in maintenance"],
)
def test_what_is_still_needed_is_never_forgotten(decision: Decision) -> None:
    ours = Ledger([decision])
    assert [] == ours.prune(NOW + 100 * APPROVED_FOR)
    assert decision == ours.get(decision.id)


def test_what_was_needed_for_long_is_forgotten_when_it_is_not_any_more() -> None:
    entered = approved(1, state="succeeded", ended=NOW, on=on_host(1))
    late = NOW + 2 * APPROVED_FOR
    ours = Ledger([entered, approved(2)])
    assert [] == ours.prune(late)
    ours.put(approved(2, state="unknown", ended=late))
    ours.put(approved(3, at=late, state="succeeded", ended=late, on=on_host(1, "exit-maintenance")))
    assert [entered.id] == ours.prune(late)
    assert [] == ours.prune(late + APPROVED_FOR - 1)
    assert {approved(2).id, approved(3).id} == set(ours.prune(late + APPROVED_FOR))


@pytest.mark.parametrize("action", ["exit-maintenance", "undo enter-maintenance"])
def test_an_exit_is_remembered_for_as_long_as_the_entry_that_it_ended(action: str) -> None:
    entered = approved(1, on=on_host(1))
    left = approved(2, at=NOW + 1, state="succeeded", ended=NOW + 2, on=on_host(1, action))
    ours = Ledger([entered, left])
    assert [] == ours.prune(NOW + 100 * APPROVED_FOR)
    assert [] == ours.maintenance.hosts("vc1", "domain-c1")


def test_refusals_are_longer_remembered_than_any_event_is_young_enough() -> None:
    assert REFUSED_FOR > 24 * 3600 + 3600


@pytest.mark.parametrize("restarted", [False, True])
def test_of_too_many_the_oldest_refusals_go(monkeypatch: pytest.MonkeyPatch, *, restarted: bool) -> None:
    monkeypatch.setattr(ledger, "MOST", 4)
    decisions = [approved(1, at=NOW), parked(2), refused(3, at=NOW + 3), refused(4, at=NOW + 2), refused(5, at=NOW + 9)]
    if restarted:
        ours = Ledger(reversed(decisions))
    else:
        ours = Ledger()
        for decision in sorted(decisions, key=lambda each: each.at):
            ours.put(decision)
    assert [refused(4).id] == ours.prune(NOW + 9)
    ours.put(approved(6))
    ours.put(approved(7))
    assert [refused(3).id, refused(5).id] == ours.prune(NOW + 9)
    assert [] == ours.prune(NOW + 9)


def test_of_too_many_bytes_the_oldest_refusals_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_BYTES", 2500)
    ours = Ledger([refused(1), refused(2, event="x" * 2200), approved(3)])
    assert [refused(1).id] == ours.prune(NOW)


def test_what_is_parked_makes_no_refusal_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST_BYTES", 2500)
    large = request(caused={"data": "x" * 2000})
    ours = Ledger([refused(1), parked(2, request=large), parked(3, request=large), approved(4, request=large)])
    assert [] == ours.prune(NOW)
    ours.put(refused(2, event="x" * 2300))
    assert [refused(1).id] == ours.prune(NOW)
    ours.put(refused(5))
    assert [refused(2).id] == ours.prune(NOW)


def test_a_storm_of_refusals_leaves_nothing_in_the_indices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 10)
    ours = Ledger()
    for number in range(100):
        ours.put(refused(number, at=NOW + number))
        ours.prune(NOW + number)
    assert 10 == len(ours)
    assert looked_up(Ledger(), NOW)[:-1] == looked_up(ours, NOW)[:-1]


def test_times_of_approvals_are_forgotten_when_no_limit_asks_for_them() -> None:
    ours = Ledger([approved(1), approved(2, at=NOW + 5)])
    ours.prune(NOW + 86_400)
    assert 1 == ours.approvals.after("vcenter", slot(), 0)
    ours.put(approved(1, state="succeeded", ended=NOW))
    ours.prune(NOW + 86_405)
    assert 0 == ours.approvals.after("vcenter", slot(), 0)
