"""Tags, on the REST API of a real simulator, which does not mind several tags of a category for one."""

from __future__ import annotations

import uuid
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere.kinds import HOST
from clients.vsphere.tagging import Tagging
from clients.vsphere.target import find
from schemas.errors import Refused, Reject, Retry
from sinks.vsphere.actions.tag import Tag
from sinks.vsphere.parameters.tag import TagParameters
from tests.sinks.vsphere.acting import about, opened
from tests.sinks.vsphere.actions.preparing import STAGE, carry
from tests.support.inventory import TagDesk

if TYPE_CHECKING:
    from clients.vsphere.session import Session
    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig
    from sinks.vsphere.actions import Plan
    from tests.support.govc import Govc

pytestmark = pytest.mark.stack

Known = dict[str, "VcenterConfig"]


def plan(target: Target, **parameters: Any) -> Plan:
    return Tag(TagParameters(**{"category": STAGE, **parameters})).plan(target, about(target))


@pytest.fixture
def many(session: Session) -> str:
    """A category of which an object may have several tags."""
    name = f"many-{uuid.uuid4().hex[:8]}"
    with closing(TagDesk(session.config)) as desk:
        desk.make_all(name, ("a", "b"))
    return name


def test_a_category_or_a_tag_that_is_not_there_is_named(machine: Target) -> None:
    carry(machine)
    with pytest.raises(Reject, match="has no tag category nobody"):
        plan(machine, category="nobody", tag="prod")
    with pytest.raises(Reject, match=f"has no tag nobody in category {STAGE}"):
        plan(machine, tag="nobody")


def test_one_tag_takes_the_place_of_all_others_where_there_may_be_one(machine: Target) -> None:
    carry(machine, "test", "other")
    assert ["attach prod", "detach other", "detach test"] == sorted(plan(machine, tag="prod").changes)
    assert "attach prod" == plan(machine, tag="prod").changes[-1]


async def test_tags_stand_beside_each_other_where_there_may_be_many(
    vcenters: Known, machine: Target, govc: Govc, many: str
) -> None:
    for tag in ("a", "b"):
        async with opened(vcenters, action="tag", parameters={"category": many, "tag": tag}) as sink:
            await sink.send(about(machine))
    assert ["a", "b"] == govc.tags("VirtualMachine", machine.moref)


async def test_a_tag_is_detached_where_that_is_wanted(vcenters: Known, machine: Target, govc: Govc) -> None:
    carry(machine, "prod")
    parameters = {"category": STAGE, "tag": "prod", "attached": False}
    async with opened(vcenters, action="tag", parameters=parameters) as sink:
        await sink.send(about(machine))
    assert [] == govc.tags("VirtualMachine", machine.moref)
    assert () == plan(machine, tag="prod", attached=False).changes


async def test_a_host_has_tags_too(vcenters: Known, session: Session, govc: Govc, many: str) -> None:
    host = find([session], "DC0_C0_H1", HOST)
    parameters = {"category": many, "tag": "a", "kind": HOST}
    async with opened(vcenters, action="tag", parameters=parameters) as sink:
        await sink.send(about(host))
    assert ["a"] == govc.tags(HOST, host.moref)


def test_an_account_that_may_not_log_in_just_now_has_changed_nothing(
    machine: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry(machine, "test")
    action = Tag(TagParameters(category=STAGE, tag="prod"))
    planned = action.plan(machine, about(machine))

    def resting(_: Tagging) -> None:
        raise Refused("vCenter vc1 is not asked yet", cure="wait")

    monkeypatch.setattr(Tagging, "open", resting)
    with pytest.raises(Retry, match="is not asked yet"):
        action.start(planned)


def test_tags_that_somebody_has_changed_since_stay_so(machine: Target) -> None:
    carry(machine, "test")
    action = Tag(TagParameters(category=STAGE, tag="prod"))
    done = action.plan(machine, about(machine))
    action.start(done)
    carry(machine, "test")
    with pytest.raises(Reject, match="somebody has changed test since: its tags stay so"):
        action.undo(machine, done.before, about(machine))
