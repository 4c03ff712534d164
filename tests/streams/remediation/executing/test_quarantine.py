"""A machine is put away in two steps, each made once, and comes back in two."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere.session import Session
from clients.vsphere.target import find
from schemas.remediation.intent import Intent
from schemas.remediation.undo import Undo
from streams.remediation.executing import attempt as attempts
from tests.sinks.vsphere.actions.preparing import MARK, bring_back, place
from tests.streams.remediation.executing.acting import Pad, attempt, carried_out, hands_of, order
from tests.support.machine import gone, machine_of_its_own, power_off
from tests.support.soapcalls import SoapCalls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from schemas.remediation.order import Order
    from streams.remediation.executing.hands import Hands

pytestmark = pytest.mark.stack

STEPS = ["UnregisterVM", "MakeDirectory", "MoveDatastoreFile_Task"]


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator has a call when it has it."""
    monkeypatch.setattr(attempts, "GRACE", 0.0)
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.01)


@pytest.fixture
def machine(vcenters: dict[str, VcenterConfig]) -> Iterator[Target]:
    with Session(vcenters["vc1"]) as session, machine_of_its_own(session) as machine:
        power_off(machine)
        yield machine
        bring_back(machine)


@pytest.fixture
def hands(vcenters: dict[str, VcenterConfig]) -> Iterator[Hands]:
    with hands_of(vcenters["vc1"]) as hands:
        yield hands


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, machine: Target) -> Iterator[SoapCalls]:
    del machine
    calls = SoapCalls(monkeypatch)
    yield calls
    calls.denied = calls.lost = calls.cut = False


@pytest.fixture
def ordered(machine: Target) -> Order:
    return order(machine, "quarantine", parameters={"path": place(machine), "mark": MARK})


async def test_both_steps_are_made_and_what_was_there_before_is_known_with_each(
    hands: Hands, machine: Target, calls: SoapCalls, ordered: Order
) -> None:
    pad = Pad()
    assert "succeeded" == (await carried_out(ordered, hands, pad)).state
    assert (STEPS, True) == (calls.changing, gone(machine))
    assert 2 == len(pad.intended)
    assert pad.before[0] == pad.before[1]
    assert machine.name == pad.before[0]["name"]


async def test_answers_that_are_lost_are_not_asked_for_again(hands: Hands, calls: SoapCalls, ordered: Order) -> None:
    calls.cut, calls.spared = True, frozenset({"MakeDirectory"})
    assert "succeeded" == (await carried_out(ordered, hands)).state
    assert STEPS == calls.changing


@pytest.mark.parametrize("stage", ["intended", "begun"])
async def test_after_a_kill_between_the_steps_the_second_is_made_with_what_was_there_before(
    hands: Hands, calls: SoapCalls, ordered: Order, stage: Any
) -> None:
    first = hands.plan(ordered)
    since = first.target.session.current_time().timestamp()
    assert "" == hands.start(ordered, first)
    intent = Intent(
        id=ordered.id,
        stage=stage,
        order=ordered,
        since=since,
        changes=first.changes,
        before=dict(first.before),
        at=time(),
    )
    pad = Pad()
    assert "succeeded" == (await attempt(ordered, hands, pad).resume(intent)).state
    assert (STEPS, [dict(first.before)]) == (calls.changing, pad.before)


async def test_one_step_is_no_refusal_when_remediation_is_stopped_before_the_second(
    hands: Hands, calls: SoapCalls, ordered: Order
) -> None:
    first = hands.plan(ordered)
    since = first.target.session.current_time().timestamp()
    hands.start(ordered, first)
    intent = Intent(id=ordered.id, stage="intended", order=ordered, since=since, changes=first.changes, at=time())
    ending = await attempt(ordered, hands, halted="stopped").resume(intent)
    assert ("failed", "it was not done, and stopped") == ending[:2]
    assert ["UnregisterVM"] == calls.changing


async def test_it_comes_back_although_it_is_gone(
    hands: Hands, machine: Target, calls: SoapCalls, ordered: Order
) -> None:
    pad = Pad()
    await carried_out(ordered, hands, pad)
    calls.changing.clear()
    entity = ordered.request.entity
    assert entity is not None
    undo = Undo(
        id=ordered.id,
        sink="act",
        action="quarantine",
        entity=entity.key,
        before=pad.before[0],
        person="cli/anna",
        at=time(),
    )
    back = ordered.model_copy(update={"request": ordered.request.model_copy(update={"undo": undo})})
    assert "succeeded" == (await carried_out(back, hands)).state
    assert ["MoveDatastoreFile_Task", "RegisterVM_Task"] == calls.changing
    assert find([machine.session], machine.name)
    assert "nothing to do" == (await carried_out(back, hands)).reason
