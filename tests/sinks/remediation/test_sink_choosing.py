"""Against a simulator: an event of a datastore becomes a request for each machine that is chosen."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from clients.vsphere.session import Session
from schemas.errors import Unavailable, Unreachable
from schemas.remediation.request import request_id
from schemas.remediation.undo import TYPE
from tests.sinks.remediation.asking import Asked, opened
from tests.sinks.remediation.crowd import Crowd, crowd, short_of
from tests.sinks.vsphere.acting import about

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig
    from schemas.remediation.request import Request
    from sinks.base import Sink

pytestmark = pytest.mark.stack


@pytest.fixture
def three(vcenters: dict[str, VcenterConfig]) -> Iterator[Crowd]:
    with Session(vcenters["vc1"]) as session, crowd(session, *range(3)) as given:
        yield given


class Interrupted(Asked):
    """Kafka is away after so many records, once."""

    def __init__(self, after: int) -> None:
        super().__init__()
        self._after = after

    async def publish(self, *args: Any, **said: Any) -> Any:
        if self._after == len(self.records):
            self._after = -1
            raise Unreachable("no broker")
        return await super().publish(*args, **said)


@asynccontextmanager
async def moving(
    vcenters: dict[str, VcenterConfig], three: Crowd, publisher: Asked | None = None, **fields: Any
) -> AsyncIterator[tuple[Sink, Asked]]:
    """A sink that may move our machines."""

    def objection(request: Request) -> str | None:
        assert request.entity is not None
        assert request.entity.vcenter == request.scope
        return three.ours(request.entity)

    parameters = {"headroom": "100GiB", "headroom_percent": 5}
    given = {"name": "move", "action": "storage-move", "parameters": parameters, **fields}
    async with opened(vcenters, publisher, objection=objection, **given) as found:
        yield found


def alarm(three: Crowd) -> CloudEvent:
    """One of the datastore, red."""
    event = about(three.store, subject="AlarmStatusChangedEvent")
    store = orjson.loads(event.data or b"")["Ds"]
    entity = {"Name": three.store.name, "Entity": store["Datastore"]}
    return replace(event, data=orjson.dumps({"From": "yellow", "To": "red", "Entity": entity, "Ds": store}))


def places(three: Crowd, requests: list[Request]) -> list[int]:
    morefs = [machine.moref for machine in three.machines]
    return [morefs.index(each.entity.moref) for each in requests if each.entity]


async def test_an_alarm_of_a_datastore_asks_for_each_machine_that_is_chosen(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 45, 30, 5, 16)
    event = alarm(three)
    async with moving(vcenters, three) as (sink, asked):
        await sink.send(event)
    requests = asked.requests
    assert [0, 2] == places(three, requests)
    assert [(1, 2), (2, 2)] == [(each.part, each.parts) for each in requests]
    assert [request_id("move", event.source, event.id, part) for part in (1, 2)] == [each.id for each in requests]
    assert [("dc.requests", b"vc1")] * 2 == [(each.topic, each.key) for each in asked.records]
    assert [("yellow", "red")] * 2 == [each.cause.edge for each in requests]


async def test_an_event_of_a_datastore_is_about_it_too(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 10, 30, 5, 16)
    async with moving(vcenters, three) as (sink, asked):
        await sink.send(about(three.store))
        await sink.send(about(three.machines[0]))
    chosen, named = asked.requests
    assert ([2], [0]) == (places(three, [chosen]), places(three, [named]))
    assert [(1, 1), (0, 0)] == [(each.part, each.parts) for each in (chosen, named)]


async def test_what_nothing_helps_against_is_one_request_that_is_refused(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 90, 30, 5, 16)
    event = alarm(three)
    async with moving(vcenters, three) as (sink, asked):
        await sink.send(event)
    (request,) = asked.requests
    assert (None, "vc1", 0) == (request.entity, request.scope, request.part)
    assert request_id("move", event.source, event.id) == request.id
    assert "lacks 90 GiB; 3 of its " in request.unresolved


async def test_a_sink_says_how_many_one_event_moves(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 45, 30, 5, 16)
    async with moving(vcenters, three, max_chosen=1) as (sink, asked):
        await sink.send(alarm(three))
    (request,) = asked.requests
    assert "2 machines would have to be moved, one event moves 1 at most" in request.unresolved


async def test_what_kafka_has_not_taken_is_asked_for_again_whatever_has_moved_meanwhile(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 45, 30, 5, 16)
    event = alarm(three)
    async with moving(vcenters, three, Interrupted(1)) as (sink, asked):
        with pytest.raises(Unavailable, match="no broker"):
            await sink.send(event)
        before = asked.requests
        short_of(monkeypatch, three, 1, 30, 5, 16)
        await sink.send(event)
    assert ([0], [0, 0, 2]) == (places(three, before), places(three, asked.requests))
    assert before[0] == asked.requests[1]


async def test_an_event_that_was_given_up_is_chosen_for_anew_under_the_same_ids(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 45, 30, 5, 16)
    event = alarm(three)
    async with moving(vcenters, three, Interrupted(1)) as (sink, asked):
        with pytest.raises(Unavailable, match="no broker"):
            await sink.send(event)
        sink.forget(event)  # type: ignore[attr-defined]
        short_of(monkeypatch, three, 1, 30, 5, 16)
        await sink.send(event)
    first, second = asked.requests
    assert ([0], [1]) == (places(three, [first]), places(three, [second]))
    assert (first.id, 1) == (second.id, second.parts)


async def test_an_undo_is_of_one_machine_and_never_of_a_datastore(
    vcenters: dict[str, VcenterConfig], three: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of(monkeypatch, three, 10, 30, 5, 16)
    undo = {
        "id": "0" * 16,
        "sink": "move",
        "action": "storage-move",
        "entity": "vc1/x",
        "before": {},
        "person": "cli/a",
    }
    event = about(three.store, type=TYPE)
    data = orjson.dumps(orjson.loads(event.data or b"") | {"undo": {**undo, "at": 1.7e9}})
    async with moving(vcenters, three) as (sink, asked):
        await sink.send(replace(event, data=data))
    (request,) = asked.requests
    assert (None, 0) == (request.entity, request.part)
    assert "names no virtual machine" in request.unresolved


async def test_a_datastore_that_is_gone_is_said(vcenters: dict[str, VcenterConfig], three: Crowd) -> None:
    event = alarm(three)
    gone = (event.data or b"").replace(three.store.moref.encode(), b"datastore-9")
    async with moving(vcenters, three) as (sink, asked):
        await sink.send(replace(event, data=gone))
    (request,) = asked.requests
    assert request.unresolved.startswith("there is no such object any more: ")
