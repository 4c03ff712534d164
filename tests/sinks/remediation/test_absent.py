"""What is asked for objects that are not there: still to be made, or to be brought back."""

from __future__ import annotations

from time import time
from typing import TYPE_CHECKING, Any

import pytest
from pyVmomi import vim

from clients.vsphere.kinds import FOLDER
from clients.vsphere.session import Session
from clients.vsphere.target import Target, find
from schemas.remediation.entity import Entity
from schemas.remediation.undo import Undo
from sinks.remediation.undoing import event_of
from tests.sinks.remediation.asking import opened
from tests.sinks.vsphere.acting import about, alert
from tests.support.machine import MODEL, machine_of_its_own, reconfigure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack

MARK = "0123456789abcdef"
PUT_AWAY = {"name": "web-1", "place": "/DC0/vm/test", "owner": "Anna", "path": "[s] web-1/web-1.vmx"}


@pytest.fixture
def session(vcenters: dict[str, VcenterConfig]) -> Iterator[Session]:
    with Session(vcenters["vc1"]) as session:
        yield session


def undoing(action: str, entity: dict[str, Any], before: dict[str, Any]) -> CloudEvent:
    about = Entity.model_validate(entity)
    word = Undo(
        id=MARK, sink="cut", action=action, entity=about.key, before=before, person="cli/anna", at=round(time(), 3)
    )
    return event_of("dc", word, about)


@pytest.mark.parametrize("action", ["create", "clone"])
async def test_a_machine_that_is_to_be_made_is_known_by_its_folder_and_its_name(
    vcenters: dict[str, VcenterConfig], session: Session, action: str
) -> None:
    folder = find([session], "/DC0/vm", FOLDER)
    parameters = {"name": "web 1", "mark": MARK} | ({"source": MODEL} if action == "clone" else {})
    async with opened(vcenters, action=action, parameters=parameters) as (sink, asked):
        await sink.send(alert("/DC0/vm"))
        await sink.send(about(folder))
    for request in asked.requests:
        entity = request.entity
        assert entity is not None
        assert ("Folder", folder.moref, "web 1", "/DC0/vm") == (entity.kind, entity.moref, entity.name, entity.folder)
        assert f"vc1/{folder.moref}/web 1" == entity.key


async def test_the_undo_of_one_that_was_made_is_of_the_same_key(
    vcenters: dict[str, VcenterConfig], session: Session
) -> None:
    folder = find([session], "/DC0/vm", FOLDER)
    entity = {"vcenter": "vc1", "moref": folder.moref, "kind": "Folder", "name": "web 1", "new": "web 1"}
    given = undoing("create", entity, {"name": "web 1", "mark": MARK})
    async with opened(vcenters, action="create", parameters={"name": "web 1", "mark": MARK}) as (sink, asked):
        await sink.send(given)
    (request,) = asked.requests
    assert request.undo is not None
    request.undo.check(request, given.source)


@pytest.mark.parametrize(("name", "service"), [("vCLS-1", "vCLS"), ("web", None)])
async def test_the_name_that_it_gets_is_looked_at(
    vcenters: dict[str, VcenterConfig], name: str, service: str | None
) -> None:
    async with opened(vcenters, action="create", parameters={"name": name, "mark": MARK}) as (sink, asked):
        await sink.send(alert("/DC0/vm"))
    entity = asked.requests[0].entity
    assert entity is not None
    assert service == entity.managed_by


async def test_whose_a_machine_is_is_said(vcenters: dict[str, VcenterConfig], session: Session) -> None:
    with machine_of_its_own(session) as machine:
        reconfigure(machine, extraConfig=[vim.option.OptionValue(key="reflexarc.owner", value="Anna")])
        async with opened(vcenters) as (sink, asked):
            await sink.send(about(machine))
    entity = asked.requests[0].entity
    assert entity is not None
    assert ("Anna", None) == (entity.owner, entity.new)


def gone(session: Session) -> Target:
    return Target(session, vim.VirtualMachine("vm-999999", session.stub), "web-1")


async def test_what_was_put_away_is_brought_back_as_it_was(
    vcenters: dict[str, VcenterConfig], session: Session
) -> None:
    entity = {"vcenter": "vc1", "moref": "vm-999999", "kind": "VirtualMachine", "name": "web-1"}
    given = undoing("quarantine", entity, PUT_AWAY)
    parameters = {"path": PUT_AWAY["path"], "mark": MARK}
    async with opened(vcenters, action="quarantine", parameters=parameters) as (sink, asked):
        await sink.send(given)
        await sink.send(about(gone(session)))
    back, again = asked.requests
    assert back.entity is not None
    assert ("web-1", "/DC0/vm/test", "Anna", ()) == (
        back.entity.name,
        back.entity.folder,
        back.entity.owner,
        back.entity.tags,
    )
    assert back.undo is not None
    back.undo.check(back, given.source)
    assert back.clock_offset is not None
    assert "there is no such object any more" in again.unresolved


async def test_what_is_gone_is_not_brought_back_by_another_action(vcenters: dict[str, VcenterConfig]) -> None:
    entity = {"vcenter": "vc1", "moref": "vm-999999", "kind": "VirtualMachine", "name": "web-1"}
    async with opened(vcenters, action="power-on") as (sink, asked):
        await sink.send(undoing("power-on", entity, {"runtime.powerState": "poweredOff"}))
    assert "there is no such object any more" in asked.requests[0].unresolved
