"""Every action on a real object of a simulator: what is asked for on the wire, and what govc reads back."""

from __future__ import annotations

import logging
from contextlib import nullcontext, suppress
from dataclasses import replace
from time import monotonic
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from pyVmomi import vim

from clients.vsphere import properties, task
from clients.vsphere.kinds import KINDS, MACHINE
from clients.vsphere.target import find
from ops.demo.child import free_port
from schemas.errors import Reject, Retry, Unavailable
from sinks.vsphere import actions, waiting
from sinks.vsphere.actions import ACTIONS, Undoable
from tests.sinks.vsphere.acting import about, alert, opened
from tests.sinks.vsphere.actions.cases import CASES
from tests.support.machine import MODEL, power_off, reconfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig
    from sinks.base import Sink
    from sinks.vsphere.actions import Plan
    from tests.sinks.vsphere.actions.cases import Case
    from tests.support.govc import Govc
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


@pytest.fixture(params=CASES, ids=lambda case: case.action)
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    """A case whose object has something to do, and whose vCenter knows the attribute that it sets."""
    yield from prepared(request)


@pytest.fixture(params=[case for case in CASES if case.kind == MACHINE], ids=lambda case: case.action)
def on_machine(request: pytest.FixtureRequest) -> Iterator[Case]:
    """Likewise; of the cases that need a machine."""
    yield from prepared(request)


@pytest.fixture(params=[case for case in CASES if ACTIONS[case.action].undoable], ids=lambda case: case.action)
def undoable(request: pytest.FixtureRequest) -> Iterator[Case]:
    """Likewise; of the cases that can be undone."""
    yield from prepared(request)


@pytest.fixture
def target(request: pytest.FixtureRequest) -> Target:
    """The object of the case."""
    (name,) = {"case", "on_machine", "undoable"} & {*request.fixturenames}
    return subject(request, request.getfixturevalue(name))


def subject(request: pytest.FixtureRequest, case: Case) -> Target:
    if case.kind == MACHINE:
        machine: Target = request.getfixturevalue("machine")
        return machine
    return find([request.getfixturevalue("session")], case.name, case.kind)


def prepared(request: pytest.FixtureRequest) -> Iterator[Case]:
    given: Case = request.param
    if given.stand_in is not None:
        given.stand_in(request.getfixturevalue("monkeypatch"))
    found = subject(request, given)
    given.prepare(found)
    case = replace(given, parameters=given.parameters | given.told(found))
    with suppress(vim.fault.DuplicateName):
        found.session.content.customFieldsManager.AddFieldDefinition(name="owner", moType=vim.VirtualMachine)
    yield case
    case.tidy(found)


def fields(case: Case) -> dict[str, Any]:
    return {"action": case.action, "parameters": case.parameters}


async def done(sink: Sink, event: CloudEvent, case: Case) -> None:
    """Deliver an event until all of its steps are made."""
    for _ in range(case.steps - 1):
        with pytest.raises(Retry, match="still to do"):
            await sink.send(event)
    await sink.send(event)


def test_every_action_has_a_case() -> None:
    assert [*ACTIONS] == [case.action for case in CASES]


async def test_a_dry_run_asks_for_nothing(
    case: Case,
    vcenters: Known,
    target: Target,
    govc: Govc,
    calls: SoapCalls,
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    given = about(target)
    async with opened(vcenters, **fields(case), dry_run=True) as sink:
        await sink.send(given)
    assert "dry run, would" in caplog.messages[-1]
    assert ([], case.before) == (calls.changing, case.look(govc, target, given))


async def test_it_is_done_with_one_call(
    case: Case, vcenters: Known, target: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(target)
    assert case.before == case.look(govc, target, given)
    async with opened(vcenters, **fields(case)) as sink:
        await done(sink, given, case)
    assert ([*case.calls], case.after) == (calls.changing, case.look(govc, target, given))


async def test_the_same_event_again_asks_for_nothing(
    case: Case,
    vcenters: Known,
    target: Target,
    govc: Govc,
    calls: SoapCalls,
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    given = about(target)
    async with opened(vcenters, **fields(case)) as sink:
        await done(sink, given, case)
    if not case.proof:
        post_reboot(target)
    calls.changing.clear()
    async with opened(vcenters, **fields(case)) as sink:
        await sink.send(given)
    assert "nothing to do" in caplog.messages[-1]
    assert ([], case.after) == (calls.changing, case.look(govc, target, given))


async def test_an_object_that_is_not_there_is_rejected(
    case: Case, vcenters: Known, target: Target, calls: SoapCalls
) -> None:
    gone = target._replace(reference=type(target.reference)("gone-999999", target.session.stub))
    word = KINDS[case.kind].one
    told = next(each for each in CASES if each.action == case.action)
    async with opened(vcenters, **fields(told)) as sink:
        with nullcontext() if ACTIONS[case.action].removes else pytest.raises(Reject, match=f"no such {word}"):
            await sink.send(about(gone))
        with pytest.raises(Reject, match=f"no {word} is called"):
            await sink.send(alert("nobody"))
    assert [] == calls.changing


async def test_a_name_of_two_objects_is_rejected_with_both(case: Case, vcenters: Known, calls: SoapCalls) -> None:
    async with opened(vcenters, **fields(case), vcenters=["vc1", "vc2"]) as sink:
        with pytest.raises(Reject, match=r"\(vc1/.*\(vc2/"):
            await sink.send(alert(case.name or MODEL))
    assert [] == calls.changing


async def test_while_a_vcenter_is_away_nobody_knows_which_object_a_name_means(
    case: Case, vcenters: Known, target: Target, calls: SoapCalls
) -> None:
    away = vcenters["vc2"].model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"})
    async with opened(vcenters | {"vc2": away}, **fields(case), vcenters=["vc1", "vc2"]) as sink:
        with pytest.raises(Unavailable, match="vc2 cannot be reached"):
            await sink.send(alert(target.name))
    assert [] == calls.changing


@pytest.mark.parametrize("limits", [{"allow": []}, {"protect": ["OWN-*", "DC0*", "dvs*", "LocalDS*", "VM"]}], ids=str)
async def test_an_object_that_may_not_be_touched_is_rejected(
    case: Case, vcenters: Known, target: Target, calls: SoapCalls, limits: dict[str, Any]
) -> None:
    async with opened(vcenters, **fields(case), **limits) as sink:
        with pytest.raises(Reject, match=r"allow list|protected"):
            await sink.send(about(target))
    assert [] == calls.changing


async def test_a_template_is_rejected(on_machine: Case, vcenters: Known, target: Target, calls: SoapCalls) -> None:
    power_off(target)
    target.reference.MarkAsTemplate()
    calls.changing.clear()
    async with opened(vcenters, **fields(on_machine)) as sink:
        with pytest.raises(Reject, match="is a template"):
            await sink.send(about(target))
    assert [] == calls.changing


async def test_a_machine_that_a_service_manages_is_rejected(
    on_machine: Case, vcenters: Known, target: Target, calls: SoapCalls
) -> None:
    reconfigure(target, managedBy=vim.ext.ManagedByInfo(extensionKey="com.vmware.vim.eam", type="agent"))
    calls.changing.clear()
    async with opened(vcenters, **fields(on_machine)) as sink:
        with pytest.raises(Reject, match=r"belongs to com\.vmware\.vim\.eam"):
            await sink.send(about(target))
    assert [] == calls.changing


async def test_a_task_that_fails_is_told_with_its_fault(
    case: Case, vcenters: Known, target: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(target)
    async with opened(vcenters, **fields(case)) as sink:
        calls.failing = True
        with pytest.raises(Reject, match=r"the task failed: |NotSupported|HTTP 400"):
            await sink.send(given)
    assert case.before == case.look(govc, target, given)


async def test_a_missing_privilege_is_rejected_with_its_name_and_the_cure(
    case: Case, vcenters: Known, target: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(target)
    calls.denied = True
    async with opened(vcenters, **fields(case)) as sink:
        with pytest.raises(Reject, match=r"missing: .*\..*reflexarc vcenter check vc1"):
            await sink.send(given)
        calls.denied = False
    assert case.before == case.look(govc, target, given)


async def test_a_call_whose_answer_is_lost_is_not_repeated(
    case: Case, vcenters: Known, target: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(target)
    async with opened(vcenters, **fields(case)) as sink:
        calls.cut = True
        if len(case.calls) > 1:
            with pytest.raises(Retry, match="still to do"):
                await sink.send(given)
            calls.cut = False
            await sink.send(given)
        elif case.proof:
            await sink.send(given)
        else:
            with pytest.raises(Reject, match="it is not repeated"):
                await sink.send(given)
        calls.cut = False
    assert ([*case.calls], case.after) == (calls.changing, case.look(govc, target, given))


async def test_a_call_that_never_arrived_is_still_to_do(
    case: Case, vcenters: Known, target: Target, govc: Govc, calls: SoapCalls
) -> None:
    given, verifiable = about(target), built(case).verifiable
    async with opened(vcenters, **fields(case)) as sink:
        calls.lost = True
        with pytest.raises(Retry if verifiable else Reject, match="still to do" if verifiable else "not repeated"):
            await sink.send(given)
        calls.lost = False
    assert (1, case.before) == (len(calls.changing), case.look(govc, target, given))


def test_undone_it_is_as_before_and_undone_again_asks_for_nothing(
    undoable: Case, target: Target, govc: Govc, calls: SoapCalls
) -> None:
    given, action = about(target), built(undoable)
    assert isinstance(action, Undoable)
    plan = action.plan(target, given)
    before = orjson.loads(orjson.dumps(plan.before))
    carry_out(action, plan)
    for _ in range(undoable.steps - 1):
        carry_out(action, action.plan(target, given))
    assert undoable.after == undoable.look(govc, target, given)
    undoable.ready(target)
    for _ in range(undoable.steps):
        carry_out(action, action.undo(target, before, given))
    calls.changing.clear()
    assert () == action.undo(target, before, given).changes
    expected = undoable.before if undoable.undone is None else undoable.undone
    assert ([], expected) == (calls.changing, undoable.look(govc, target, given))


def test_its_privileges_are_known_to_vsphere(case: Case, session: Session) -> None:
    manager = session.content.authorizationManager
    roles = properties.read(session, manager, ["roleList"])["roleList"]
    known = {privilege for role in roles for privilege in role.privilege}
    needed = built(case).privileges
    assert needed
    assert set() == {*needed} - known


def built(case: Case) -> actions.Action:
    return actions.build(case.action, actions.parameters(case.action).model_validate(case.parameters))


def carry_out(action: actions.Action, plan: Plan) -> None:
    """As a process does that is restarted in between: the task is known by its id only."""
    assert plan.changes
    started = action.start(plan)
    session = plan.target.session
    resumed = None if started is None else task.reference(session, started._moId)
    waiting.wait(action, plan.target, resumed, deadline=monotonic() + 10)


def post_reboot(machine: Target) -> None:
    """What a vCenter logs when it is asked for a reboot, and a simulator does not."""
    manager = machine.session.content.eventManager
    argument = vim.event.VmEventArgument(vm=machine.reference, name=machine.name)
    now = machine.session.current_time()
    manager.PostEvent(vim.event.VmGuestRebootEvent(key=0, chainId=0, createdTime=now, userName="", vm=argument))
