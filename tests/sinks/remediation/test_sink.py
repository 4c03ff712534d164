"""Against the simulators: what an event asks for, and what is said of a target that is not found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from clients.kafka.errors import PublishRejected
from clients.vsphere import properties
from clients.vsphere.session import Session
from ops.demo.child import free_port
from schemas.errors import Refused, Reject, Unavailable, Unreachable
from schemas.remediation.request import NOWHERE, request_id
from sinks import registry
from sinks.base import SinkContext
from sinks.remediation.causes import LARGEST
from tests.sinks.remediation.asking import Asked, opened
from tests.sinks.vsphere.acting import about, alert
from tests.support.machine import machine_of_its_own

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.vsphere.target import Target
    from schemas.config import VcenterConfig

pytestmark = pytest.mark.stack


@pytest.fixture
def machine(vcenters: dict[str, VcenterConfig]) -> Iterator[Target]:
    with Session(vcenters["vc1"]) as session, machine_of_its_own(session) as machine:
        yield machine


async def test_a_machine_named_by_its_vcenter_is_asked_for_with_what_limits_ask(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    event = about(machine)
    async with opened(vcenters) as (sink, asked):
        await sink.send(event)
    (record,), (request,) = asked.records, asked.requests
    host = properties.read(machine.session, machine.reference, ["runtime.host"])["runtime.host"]
    cluster = properties.read(machine.session, host, ["parent"])["parent"]
    entity = request.entity
    assert entity is not None
    assert ("dc.requests.urgent", b"vc1") == (record.topic, record.key)
    assert ("vc1", machine.moref, "VirtualMachine", machine.name) == (
        entity.vcenter,
        entity.moref,
        entity.kind,
        entity.name,
    )
    assert ("/DC0/vm", host._moId, cluster._moId) == (entity.folder, entity.host, entity.cluster)
    assert (False, None, ()) == (entity.template, entity.managed_by, entity.tags)
    assert (event.source, event.id, "vc1") == (request.cause.source, request.cause.id, request.cause.vcenter)
    assert request_id("cut", event.source, event.id) == request.id
    assert request.clock_offset is not None
    assert abs(request.clock_offset) < 5


async def test_an_action_that_can_wait_is_asked_for_behind_others(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    async with opened(vcenters, action="power-on") as (sink, asked):
        await sink.send(about(machine))
    assert ["dc.requests"] == [record.topic for record in asked.records]


async def test_a_machine_that_nobody_has_is_asked_for_nowhere(vcenters: dict[str, VcenterConfig]) -> None:
    async with opened(vcenters) as (sink, asked):
        await sink.send(alert("nobody"))
    (request,) = asked.requests
    assert (NOWHERE, None) == (request.scope, request.entity)
    assert "no virtual machine is called 'nobody' in vc1" == request.unresolved


async def test_a_name_in_two_vcenters_is_refused_with_both(vcenters: dict[str, VcenterConfig]) -> None:
    async with opened(vcenters, vcenters=["vc1", "vc2"]) as (sink, asked):
        await sink.send(alert("DC0_C0_RP0_VM0"))
        await sink.send(alert("vc2:DC0_C0_RP0_VM0"))
    ambiguous, named = asked.requests
    assert ambiguous.unresolved.startswith("2 virtual machines are called 'DC0_C0_RP0_VM0': ")
    assert ["vc1/", "vc2/"] == [word for word in ("vc1/", "vc2/") if word in ambiguous.unresolved]
    assert named.entity is not None
    assert "vc2" == named.entity.vcenter == named.scope


async def test_a_vcenter_in_scope_that_is_away_may_hold_another_one(
    vcenters: dict[str, VcenterConfig], machine: Target
) -> None:
    away = vcenters["vc2"].model_copy(update={"url": f"https://127.0.0.1:{free_port()}/sdk"})
    async with opened(vcenters | {"vc2": away}, vcenters=["vc1", "vc2"]) as (sink, asked):
        await sink.send(alert(machine.name))
        await sink.send(about(machine))
    by_name, by_reference = asked.requests
    assert by_name.unresolved.startswith("a vCenter in scope cannot be asked: vCenter vc2 cannot be reached")
    assert by_reference.entity is not None


async def test_a_session_that_has_ended_is_renewed(vcenters: dict[str, VcenterConfig], machine: Target) -> None:
    manager = machine.session.content.sessionManager
    async with opened(vcenters) as (sink, asked):
        await sink.send(alert(machine.name))
        manager.TerminateSession([each.key for each in manager.sessionList if each.key != machine.session.key])
        await sink.send(alert(machine.name))
    assert [machine.name] * 2 == [request.entity.name for request in asked.requests if request.entity]


async def test_an_event_that_is_too_large_asks_for_nothing(vcenters: dict[str, VcenterConfig]) -> None:
    event = alert("web")
    large = type(event)(id="1", source="/s", type="t", data=b'"' + b"x" * LARGEST + b'"')
    async with opened(vcenters) as (sink, asked):
        await sink.send(large)
    (request,) = asked.requests
    assert f"the event has {LARGEST + 2} bytes of data, {LARGEST} are looked at" == request.unresolved
    assert request.cause.data is None


async def test_an_event_that_cannot_be_written_into_a_request_is_rejected(vcenters: dict[str, VcenterConfig]) -> None:
    event = alert("web")
    deep = type(event)(id="1", source="/s", type="t", data=b"[" * 70 + b"]" * 70)
    async with opened(vcenters) as (sink, asked):
        with pytest.raises(Reject, match="data: Value error, has more than 64 levels of arrays and objects"):
            await sink.send(deep)
    assert [] == asked.records


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(Unreachable("no broker"), Unavailable), (PublishRejected("too large"), Reject)],
    ids=["away", "rejected"],
)
async def test_an_event_waits_for_kafka_and_is_rejected_by_it(
    vcenters: dict[str, VcenterConfig], failure: Exception, expected: type[Exception]
) -> None:
    publisher = Asked(failure)
    async with opened(vcenters, publisher) as (sink, _):
        with pytest.raises(expected, match=str(failure)):
            await sink.send(alert("nobody"))
    assert [] == publisher.records


async def test_without_a_vcenter_there_is_nothing_to_act_on() -> None:
    config = registry.model("remediation").model_validate({"name": "cut", "action": "power-on"})
    sink = registry.build(config, SinkContext(vcenters={}))
    with pytest.raises(Refused, match="no vCenter to act in"):
        await sink.open()
    await sink.close()
