"""Every action on a real machine of a simulator: what is asked for on the wire, and what govc reads back."""

from __future__ import annotations

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere import properties
from schemas.errors import Reject, Retry
from sinks.vsphere import actions
from sinks.vsphere.actions import ACTIONS
from tests.sinks.bench import event
from tests.sinks.vsphere.acting import about, alert, opened
from tests.sinks.vsphere.actions.cases import CASES
from tests.support.machine import MODEL, power_off, reconfigure

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from tests.sinks.vsphere.actions.cases import Case
    from tests.support.govc import Govc
    from tests.support.soapcalls import SoapCalls

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


@pytest.fixture(params=CASES, ids=lambda case: case.action)
def case(request: pytest.FixtureRequest, machine: Target) -> Case:
    """A case whose machine has something to do, and whose vCenter knows the attribute that it sets."""
    case: Case = request.param
    case.prepare(machine)
    with suppress(vim.fault.DuplicateName):
        machine.session.content.customFieldsManager.AddFieldDefinition(name="owner", moType=vim.VirtualMachine)
    return case


def fields(case: Case) -> dict[str, Any]:
    return {"action": case.action, "parameters": case.parameters}


def test_every_action_has_a_case() -> None:
    assert [*ACTIONS] == [case.action for case in CASES]


async def test_a_dry_run_asks_for_nothing(
    case: Case,
    vcenters: Known,
    machine: Target,
    govc: Govc,
    calls: SoapCalls,
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    given = about(machine)
    async with opened(vcenters, **fields(case), dry_run=True) as sink:
        await sink.send(given)
    assert "dry run, would" in caplog.messages[-1]
    assert ([], case.before) == (calls.changing, case.look(govc, machine, given))


async def test_it_is_done_with_one_call(
    case: Case, vcenters: Known, machine: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(machine)
    assert case.before == case.look(govc, machine, given)
    async with opened(vcenters, **fields(case)) as sink:
        await sink.send(given)
    assert ([*case.calls], case.after) == (calls.changing, case.look(govc, machine, given))


async def test_the_same_event_again_asks_for_nothing(
    case: Case,
    vcenters: Known,
    machine: Target,
    govc: Govc,
    calls: SoapCalls,
    *,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    given = about(machine)
    async with opened(vcenters, **fields(case)) as sink:
        await sink.send(given)
    if not case.proof:
        post_reboot(machine)
    calls.changing.clear()
    async with opened(vcenters, **fields(case)) as sink:
        await sink.send(given)
    assert "nothing to do" in caplog.messages[-1]
    assert ([], case.after) == (calls.changing, case.look(govc, machine, given))


async def test_a_machine_that_is_not_there_is_rejected(case: Case, vcenters: Known, calls: SoapCalls) -> None:
    gone = event(extensions={"vcenter": "vc1"}, data=b'{"Vm":{"Vm":{"Value":"vm-999999"}}}')
    async with opened(vcenters, **fields(case)) as sink:
        with pytest.raises(Reject, match="no such virtual machine"):
            await sink.send(gone)
        with pytest.raises(Reject, match="no virtual machine is called"):
            await sink.send(alert("nobody"))
    assert [] == calls.changing


async def test_a_name_of_two_machines_is_rejected_with_both(case: Case, vcenters: Known, calls: SoapCalls) -> None:
    async with opened(vcenters, **fields(case), vcenters=["vc1", "vc2"]) as sink:
        with pytest.raises(Reject, match=r"\(vc1/vm-.*\(vc2/vm-"):
            await sink.send(alert(MODEL))
    assert [] == calls.changing


@pytest.mark.parametrize("limits", [{"allow": []}, {"protect": ["OWN-*"]}], ids=str)
async def test_a_machine_that_may_not_be_touched_is_rejected(
    case: Case, vcenters: Known, machine: Target, calls: SoapCalls, limits: dict[str, Any]
) -> None:
    async with opened(vcenters, **fields(case), **limits) as sink:
        with pytest.raises(Reject, match=r"allow list|protected"):
            await sink.send(about(machine))
    assert [] == calls.changing


async def test_a_template_is_rejected(case: Case, vcenters: Known, machine: Target, calls: SoapCalls) -> None:
    power_off(machine)
    machine.reference.MarkAsTemplate()
    calls.changing.clear()
    async with opened(vcenters, **fields(case)) as sink:
        with pytest.raises(Reject, match="is a template"):
            await sink.send(about(machine))
    assert [] == calls.changing


async def test_a_machine_that_a_service_manages_is_rejected(
    case: Case, vcenters: Known, machine: Target, calls: SoapCalls
) -> None:
    reconfigure(machine, managedBy=vim.ext.ManagedByInfo(extensionKey="com.vmware.vim.eam", type="agent"))
    calls.changing.clear()
    async with opened(vcenters, **fields(case)) as sink:
        with pytest.raises(Reject, match=r"belongs to com\.vmware\.vim\.eam"):
            await sink.send(about(machine))
    assert [] == calls.changing


async def test_a_missing_privilege_is_rejected_with_its_name_and_the_cure(
    case: Case, vcenters: Known, machine: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(machine)
    calls.denied = True
    async with opened(vcenters, **fields(case)) as sink:
        with pytest.raises(Reject, match=r"missing: some\.privilege.*reflexarc vcenter check vc1"):
            await sink.send(given)
        calls.denied = False
    assert case.before == case.look(govc, machine, given)


async def test_a_call_whose_answer_is_lost_is_not_repeated(
    case: Case, vcenters: Known, machine: Target, govc: Govc, calls: SoapCalls
) -> None:
    given = about(machine)
    async with opened(vcenters, **fields(case)) as sink:
        calls.cut = True
        if case.proof:
            await sink.send(given)
        else:
            with pytest.raises(Reject, match="it is not repeated"):
                await sink.send(given)
        calls.cut = False
    assert ([*case.calls], case.after) == (calls.changing, case.look(govc, machine, given))


async def test_a_call_that_never_arrived_is_still_to_do(
    case: Case, vcenters: Known, machine: Target, govc: Govc, calls: SoapCalls
) -> None:
    given, verifiable = about(machine), built(case).verifiable
    async with opened(vcenters, **fields(case)) as sink:
        calls.lost = True
        with pytest.raises(Retry if verifiable else Reject, match="still to do" if verifiable else "not repeated"):
            await sink.send(given)
        calls.lost = False
    assert (1, case.before) == (len(calls.changing), case.look(govc, machine, given))


def test_its_privileges_are_known_to_vsphere(case: Case, session: Session) -> None:
    manager = session.content.authorizationManager
    roles = properties.read(session, manager, ["roleList"])["roleList"]
    known = {privilege for role in roles for privilege in role.privilege}
    needed = built(case).privileges
    assert needed
    assert set() == {*needed} - known


def built(case: Case) -> actions.Action:
    return actions.build(case.action, actions.parameters(case.action).model_validate(case.parameters))


def post_reboot(machine: Target) -> None:
    """What a vCenter logs when it is asked for a reboot, and a simulator does not."""
    manager = machine.session.content.eventManager
    argument = vim.event.VmEventArgument(vm=machine.reference, name=machine.name)
    now = machine.session.current_time()
    manager.PostEvent(vim.event.VmGuestRebootEvent(key=0, chainId=0, createdTime=now, userName="", vm=argument))
