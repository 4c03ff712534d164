"""Against a simulator, with faults on the wire: each end an order may have, and that nothing is asked for twice."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere import properties
from clients.vsphere.faults import NOT_FOUND, VsphereFault
from clients.vsphere.session import Session
from clients.vsphere.task import TaskUnfinished
from ops.demo.child import free_port
from schemas.remediation.intent import Intent
from schemas.remediation.undo import Undo
from sinks.vsphere.actions import Plan
from streams.remediation.executing import attempt as attempts
from tests.streams.remediation.executing.acting import Pad, attempt, carried_out, hands_of, order
from tests.support.machine import machine_of_its_own, power_off, power_on
from tests.support.soapcalls import SoapCalls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from schemas.remediation.order import Order
    from schemas.remediation.request import Request
    from streams.remediation.executing.hands import Hands

pytestmark = pytest.mark.stack

OFF = ("power it off",)


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator has a call when it has it."""
    monkeypatch.setattr(attempts, "GRACE", 0.0)
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.01)


@pytest.fixture
def machine(vcenters: dict[str, VcenterConfig]) -> Iterator[Target]:
    with Session(vcenters["vc1"]) as session, machine_of_its_own(session) as machine:
        yield machine


@pytest.fixture
def hands(vcenters: dict[str, VcenterConfig]) -> Iterator[Hands]:
    with hands_of(vcenters["vc1"]) as hands:
        yield hands


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, machine: Target) -> Iterator[SoapCalls]:
    calls = SoapCalls(monkeypatch)
    yield calls
    calls.denied = calls.lost = calls.cut = False


def power(target: Target) -> str:
    return str(properties.read(target.session, target.reference, ["runtime.powerState"])["runtime.powerState"])


async def test_what_is_ordered_is_written_down_asked_for_and_waited_for(hands: Hands, machine: Target) -> None:
    pad = Pad()
    ending = await carried_out(order(machine), hands, pad)
    assert ("succeeded", "", OFF, pad.tasks[0]) == ending
    assert [OFF] == pad.intended
    assert "poweredOff" == power(machine)


async def test_nothing_to_do_is_a_success_without_a_word(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    power_off(machine)
    calls.changing.clear()
    pad = Pad()
    assert ("succeeded", "nothing to do", (), "") == await carried_out(order(machine), hands, pad)
    assert ([], []) == (pad.intended, calls.changing)


async def test_a_dry_run_ends_with_the_plan(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    assert ("planned", "", OFF, "") == await carried_out(order(machine, dry_run=True), hands)
    assert [] == calls.changing


async def test_an_order_that_has_waited_too_long_is_not_begun(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    ending = await carried_out(order(machine, valid_until=time() - 5), hands)
    assert ("refused", "it should have begun 5 s ago") == ending[:2]
    assert [] == calls.changing


async def test_nothing_is_begun_while_remediation_is_stopped(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    assert ("refused", "stopped", (), "") == await carried_out(order(machine), hands, halted="stopped")
    pad = Pad()
    pad.halted = "stopped just now"
    assert ("refused", "stopped just now", OFF, "") == await carried_out(order(machine), hands, pad)
    assert [] == calls.changing


async def test_what_is_objected_to_by_now_is_not_begun(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    asked: list[Request] = []

    def objection(request: Request) -> str:
        asked.append(request)
        return "deny: it is denied by now"

    ending = await carried_out(order(machine), hands, objection=objection)
    assert ("refused", "deny: it is denied by now", (), "") == ending
    (request,) = asked
    assert request.entity is not None
    assert ("/DC0/vm", ()) == (request.entity.folder, request.entity.tags)
    assert [] == calls.changing


async def test_a_dry_run_that_was_switched_on_meanwhile_holds(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    assert ("planned", "", OFF, "") == await carried_out(order(machine), hands, dry_run=True)
    assert [] == calls.changing


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        ({"late": 5}, "it was not done, and it should have begun"),
        ({"halted": "stopped"}, "it was not done, and stopped"),
        ({"objection": lambda _: "deny: it is denied by now"}, "it was not done, and deny: it is denied by now"),
    ],
    ids=["late", "stopped", "denied"],
)
async def test_what_was_intended_and_never_asked_for_is_not_begun_late(
    hands: Hands, machine: Target, calls: SoapCalls, now: dict[str, Any], reason: str
) -> None:
    ordered = order(machine, valid_until=time() + 60 * (not now.pop("late", 0)))
    since = machine.session.current_time().timestamp()
    intent = Intent(id=ordered.id, stage="intended", order=ordered, since=since, changes=OFF, at=time())
    ending = await attempt(ordered, hands, **now).resume(intent)
    assert "refused" == ending.state
    assert ending.reason.startswith(reason)
    assert [] == calls.changing


async def test_a_machine_that_is_busy_is_waited_for_and_is_no_failure(
    hands: Hands, machine: Target, calls: SoapCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "LONGEST_PAUSE", 0.01)
    busy = iter(range(8))

    def start(_hands: Hands, _order: Order, plan: Plan) -> str:
        if next(busy, None) is not None:
            raise VsphereFault("TaskInProgress", fault="TaskInProgress")
        return str(plan.target.reference.PowerOffVM_Task()._moId)

    monkeypatch.setattr(type(hands), "start", start)
    assert "succeeded" == (await carried_out(order(machine), hands)).state
    power_on(machine)
    busy = iter(range(10_000))
    ending = await carried_out(order(machine, valid_until=time() + 0.3), hands)
    assert "refused" == ending.state
    assert ending.reason.startswith("the vCenter was busy with it; it should have begun")


async def test_what_somebody_else_has_changed_is_left_alone_and_said(
    hands: Hands, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(hands), "plan", lambda *_: Plan(machine, (), left=("ethernet-0",)))
    assert "nothing to do; left alone: ethernet-0" == (await carried_out(order(machine), hands)).reason


async def test_a_machine_that_is_gone_is_refused(hands: Hands, machine: Target) -> None:
    gone = order(machine)
    entity = gone.request.entity
    assert entity is not None
    request = gone.request.model_copy(update={"entity": entity.model_copy(update={"moref": "vm-999999"})})
    ending = await carried_out(gone.model_copy(update={"request": request}), hands)
    assert "refused" == ending.state
    assert "ManagedObjectNotFound" in ending.reason


async def test_a_missing_privilege_is_a_failure(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    calls.denied = True
    ending = await carried_out(order(machine), hands)
    assert "failed" == ending.state
    assert "some.privilege" in ending.reason
    assert ["PowerOffVM_Task"] == calls.changing


async def test_a_task_that_fails_is_a_failure(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    calls.failing = True
    ending = await carried_out(order(machine), hands)
    assert ("failed", ["PowerOffVM_Task"], "poweredOn") == (ending.state, calls.changing[:1], power(machine))


async def test_an_answer_that_is_lost_is_found_by_its_task(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    calls.cut = True
    ending = await carried_out(order(machine, "hard-reset"), hands)
    assert ("succeeded", ["ResetVM_Task"]) == (ending.state, calls.changing)
    assert ending.task.startswith("task-")


async def test_a_call_that_did_not_arrive_is_unknown_where_no_state_tells(
    hands: Hands, machine: Target, calls: SoapCalls
) -> None:
    calls.lost = True
    ending = await carried_out(order(machine, "hard-reset"), hands)
    assert ("unknown", ["ResetVM_Task"]) == (ending.state, calls.changing)


async def test_a_call_that_did_not_arrive_is_made_again_where_the_state_tells(
    hands: Hands, machine: Target, calls: SoapCalls, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls.lost = True

    def arrive(*_: object) -> None:
        calls.lost = False

    monkeypatch.setattr(type(hands), "find", arrive)
    ending = await carried_out(order(machine), hands)
    assert ("succeeded", ["PowerOffVM_Task"] * 2, "poweredOff") == (ending.state, calls.changing, power(machine))


async def test_an_action_of_several_steps_is_asked_for_until_nothing_is_left(
    hands: Hands, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    left = [("a", "b"), ("b",), ("b",), ()]
    monkeypatch.setattr(type(hands), "plan", lambda *_: Plan(machine, left.pop(0)))
    monkeypatch.setattr(type(hands), "start", lambda *_: "")
    pad = Pad()
    assert ("succeeded", "") == (await carried_out(order(machine), hands, pad))[:2]
    assert [("a", "b"), ("b",)] == pad.intended


async def test_a_step_that_changes_nothing_is_a_failure(
    hands: Hands, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(hands), "plan", lambda *_: Plan(machine, ("a",)))
    monkeypatch.setattr(type(hands), "start", lambda *_: "")
    pad = Pad()
    ending = await carried_out(order(machine), hands, pad)
    assert ("failed", "its task has succeeded, but still to do: a", [("a",)]) == (*ending[:2], pad.intended)


async def test_what_an_action_removes_is_gone_when_it_has_succeeded(
    hands: Hands, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    plans = iter([Plan(machine, ("destroy it",))])

    def plan(*_: object) -> Plan:
        found = next(plans, None)
        if found is None:
            raise VsphereFault("gone", fault=NOT_FOUND)
        return found

    monkeypatch.setattr(type(hands), "plan", plan)
    monkeypatch.setattr(type(hands), "start", lambda *_: "")
    destroyed = await carried_out(order(machine, "destroy", parameters={"category": "lab", "tag": "expendable"}), hands)
    assert "succeeded" == destroyed.state


@pytest.mark.parametrize("back", [False, True], ids=["put away", "brought back"])
async def test_what_can_bring_it_back_is_not_done_where_something_else_is_gone(
    hands: Hands, machine: Target, monkeypatch: pytest.MonkeyPatch, *, back: bool
) -> None:
    """It plans without its machine, too: what the vCenter does not find then is the datastore, or the folder."""
    plans = iter([Plan(machine, ("a step",))])

    def plan(*_: object) -> Plan:
        found = next(plans, None)
        if found is None:
            raise VsphereFault("the datastore is gone", fault=NOT_FOUND)
        return found

    monkeypatch.setattr(type(hands), "plan", plan)
    monkeypatch.setattr(type(hands), "start", lambda *_: "")
    ordered = order(machine, "quarantine", parameters={"path": "[LocalDS_0] web/web.vmx", "mark": "0123456789abcdef"})
    if back:
        undo = Undo(
            id=ordered.id,
            sink="act",
            action="quarantine",
            entity=f"vc1/{machine.moref}",
            before={"name": "web"},
            person="cli/anna",
            at=time(),
        )
        ordered = ordered.model_copy(update={"request": ordered.request.model_copy(update={"undo": undo})})
    ending = await carried_out(ordered, hands)
    assert ("unknown", "its state cannot be read: the datastore is gone") == ending[:2]


async def test_an_end_that_does_not_come_in_time_is_unknown(
    hands: Hands, machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    def wait(*_: object) -> None:
        raise TaskUnfinished("goes on")

    abandoned: list[str] = []
    monkeypatch.setattr(type(hands), "wait", wait)
    monkeypatch.setattr(type(hands), "abandon", lambda _hands, _order, task: abandoned.append(task))
    ending = await carried_out(order(machine), hands, timeout=0.05)
    assert ("unknown", "goes on", OFF) == ending[:3]
    assert [ending.task] == abandoned


async def test_a_vcenter_that_is_away_ends_an_order_only_when_its_time_is_over(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    away = vcenters["vc1"].model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"})
    with hands_of(away) as hands:
        ending = await carried_out(order(machine, valid_until=time() + 0.3), hands)
    assert "refused" == ending.state
    assert "cannot be reached" in ending.reason


async def test_one_that_was_begun_goes_on_with_its_task(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    task = machine.reference.PowerOffVM_Task()
    calls.changing.clear()
    ordered = order(machine)
    intent = Intent(id=ordered.id, stage="begun", order=ordered, changes=OFF, task=task._moId, at=time())
    assert ("succeeded", "", OFF, task._moId) == await attempt(ordered, hands).resume(intent)
    assert [] == calls.changing


async def test_one_that_was_intended_is_looked_for(hands: Hands, machine: Target, calls: SoapCalls) -> None:
    ordered = order(machine, "hard-reset")
    since = machine.session.current_time().timestamp()
    intent = Intent(id=ordered.id, stage="intended", order=ordered, since=since, changes=("reset",), at=time())
    lost = await attempt(ordered, hands).resume(intent)
    task = machine.reference.ResetVM_Task()
    found = await attempt(ordered, hands).resume(intent)
    assert ("unknown", "succeeded", task._moId) == (lost.state, found.state, found.task)
    assert ["ResetVM_Task"] == calls.changing


async def test_a_task_that_the_vcenter_has_forgotten_is_judged_by_the_state(hands: Hands, machine: Target) -> None:
    ordered = order(machine)
    intent = Intent(id=ordered.id, stage="begun", order=ordered, changes=OFF, task="task-999999", at=time())
    undone = await attempt(ordered, hands).resume(intent)
    power_off(machine)
    done = await attempt(ordered, hands).resume(intent)
    assert ("failed", "succeeded") == (undone.state, done.state)
    assert "the vCenter has forgotten its task task-999999, but still to do: power it off" == undone.reason


async def test_a_forgotten_task_without_a_state_that_tells_is_unknown(hands: Hands, machine: Target) -> None:
    ordered = order(machine, "hard-reset")
    intent = Intent(id=ordered.id, stage="begun", order=ordered, changes=("reset",), task="task-999999", at=time())
    assert "unknown" == (await attempt(ordered, hands).resume(intent)).state
