"""A machine that is made is made once, whatever breaks on the way."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.kinds import DATASTORE, FOLDER
from clients.vsphere.session import Session
from clients.vsphere.target import Target, find, moref
from schemas.remediation.intent import Intent
from streams.remediation.executing import attempt as attempts
from tests.sinks.vsphere.actions.preparing import MADE, unmake
from tests.streams.remediation.executing.acting import attempt, carried_out, hands_of, order
from tests.support.machine import MODEL
from tests.support.soapcalls import SoapCalls
from tests.support.told import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import VcenterConfig
    from schemas.remediation.order import Order
    from schemas.remediation.request import Request
    from streams.remediation.executing.hands import Hands

pytestmark = pytest.mark.stack

NAME = str(MADE["name"])


@pytest.fixture(autouse=True)
def _no_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulator has a call when it has it."""
    monkeypatch.setattr(attempts, "GRACE", 0.0)
    monkeypatch.setattr(attempts, "FIRST_PAUSE", 0.01)


@pytest.fixture
def folder(vcenters: dict[str, VcenterConfig]) -> Iterator[Target]:
    with Session(vcenters["vc1"]) as session:
        folder = find([session], "/DC0/vm", FOLDER)
        yield folder
        unmake(folder)


@pytest.fixture
def hands(vcenters: dict[str, VcenterConfig]) -> Iterator[Hands]:
    with hands_of(vcenters["vc1"]) as hands:
        yield hands


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch, folder: Target) -> Iterator[SoapCalls]:
    del folder
    calls = SoapCalls(monkeypatch)
    yield calls
    calls.denied = calls.lost = calls.cut = False


def ordered(folder: Target, action: str, **said: Any) -> Order:
    """An order for a machine that is still to be made."""
    parameters = MADE | ({"source": MODEL} if action == "clone" else {})
    given = order(folder, action, parameters=parameters, **said)
    assert given.request.entity is not None
    entity = given.request.entity.model_copy(update={"new": NAME, "name": NAME})
    return given.model_copy(update={"request": given.request.model_copy(update={"entity": entity})})


CALLS = [("create", "CreateVM_Task"), ("clone", "CloneVM_Task")]


@pytest.mark.parametrize(("action", "call"), CALLS)
async def test_limits_are_asked_of_its_own_name_in_the_folder_it_goes_to(
    hands: Hands, folder: Target, calls: SoapCalls, action: str, call: str
) -> None:
    asked: list[Request] = []

    def objection(request: Request) -> str:
        asked.append(request)
        return "no"

    await carried_out(ordered(folder, action), hands, objection=objection)
    entity = asked[0].entity
    assert entity is not None
    assert (NAME, "/DC0/vm", f"vc1/{folder.moref}/{NAME}") == (entity.name, entity.folder, entity.key)
    assert call not in calls.changing


@pytest.mark.parametrize(("action", "call"), CALLS)
async def test_an_answer_that_is_lost_is_not_asked_for_again(
    hands: Hands, folder: Target, calls: SoapCalls, action: str, call: str
) -> None:
    calls.cut = True
    assert "succeeded" == (await carried_out(ordered(folder, action), hands)).state
    assert [call] == calls.changing
    assert find([folder.session], NAME)


@pytest.mark.parametrize(("action", "call"), CALLS)
async def test_after_a_kill_what_was_made_is_known(
    hands: Hands, folder: Target, calls: SoapCalls, action: str, call: str
) -> None:
    given = ordered(folder, action)
    plan = hands.plan(given)
    since = folder.session.current_time().timestamp()
    hands.wait(given, hands.start(given, plan), 10.0)
    intent = Intent(id=given.id, stage="intended", order=given, since=since, changes=plan.changes, at=time())
    assert "succeeded" == (await attempt(given, hands).resume(intent)).state
    assert [call] == calls.changing


@pytest.mark.parametrize("action", ["create", "clone"])
async def test_while_a_task_goes_on_that_may_be_the_one_nothing_is_asked_for(
    hands: Hands, folder: Target, calls: SoapCalls, monkeypatch: pytest.MonkeyPatch, action: str
) -> None:
    given, since = ordered(folder, action), folder.session.current_time().timestamp()
    other = find([folder.session], MODEL).reference
    started = other.CloneVM_Task(folder=folder.reference, name="", spec=_broken(folder))
    tell(monkeypatch, {moref(started): {"info.state": "running"}})
    calls.changing.clear()
    intent = Intent(id=given.id, stage="intended", order=given, since=since, changes=("make it",), at=time())
    ending = await attempt(given, hands, timeout=1.0).resume(intent)
    assert ("unknown", []) == (ending.state, calls.changing)
    assert "may still go on" in ending.reason


def _broken(folder: Target) -> Any:
    """Of a clone that fails: nothing has to be tidied up."""
    datastore = find([folder.session], "LocalDS_0", DATASTORE).reference
    return vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(datastore=datastore), powerOn=False, template=False, memory=False
    )
