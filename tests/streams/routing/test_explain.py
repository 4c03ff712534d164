"""Explanations against what the router does."""

from __future__ import annotations

import asyncio
from itertools import permutations
from typing import Any

import pytest

from schemas.cloudevents import CloudEvent
from schemas.config import RouteConfig
from streams.routing.active import ActiveRoutes
from streams.routing.explain import explain, nearest_miss, outcome
from streams.routing.router import Router
from streams.routing.specimen import Specimen
from streams.transport import Chunk, Lease, Record
from tests.support.publisher import RecordingPublisher

EVENT = CloudEvent(
    id="1", source="/s", type="t", subject="VmEvent", datacontenttype="application/json", data=b'{"Vm":{"Name":"a"}}'
)
LIMIT = 2**20
ROUTES: list[dict[str, Any]] = [
    {"name": "plain", "to": ["s", "t"]},
    {"name": "shaped", "match": {"subject": "VmEvent"}, "transform": {"pick": ["Vm.Name"]}, "to": ["s"]},
    {"name": "broken", "transform": {"pick": ["Host"]}, "to": ["s", "u"]},
    {"name": "other", "match": {"subject": "HostEvent"}, "to": ["s", "v"]},
    {"name": "off", "enabled": False, "to": ["v"]},
]


async def routed(routes: tuple[RouteConfig, ...], specimen: Specimen) -> list[str]:
    """Topics to which the router writes the event."""
    publisher = RecordingPublisher()
    active = ActiveRoutes("r", publisher, instance="router-1", limit=LIMIT)
    await active.follow(routes)
    publisher.records.clear()
    record = Record("r.events", 0, 7, 0, None, specimen.value, specimen.headers)
    await Router(active, publisher).route(Chunk(Lease(asyncio.get_running_loop()), (record,)))
    return [record.topic for record in publisher.records]


@pytest.mark.parametrize("order", list(permutations(range(len(ROUTES)), 3)))
async def test_the_sinks_that_are_named_are_those_that_the_router_writes_to(order: tuple[int, ...]) -> None:
    routes = tuple(RouteConfig.model_validate(ROUTES[at]) for at in order)
    specimen = Specimen.of_event(EVENT)
    arrived = outcome(explain(routes, specimen.view), specimen, LIMIT)
    topics = {f"r.sink.{each.sink}" for each in arrived if each.rejected is None}
    lost = {"r.dlq.router"} if any(each.rejected is not None for each in arrived) else set()
    assert topics | lost == set(await routed(routes, specimen))


@pytest.mark.parametrize("size", [LIMIT - 10_000, LIMIT])
async def test_a_reshaped_record_that_no_topic_takes_is_said_to_be_a_dead_letter(size: int) -> None:
    routes = (
        RouteConfig.model_validate({"name": "big", "transform": {"constant": {"Text": "x" * size}}, "to": ["s"]}),
    )
    specimen = Specimen.of_event(EVENT)
    (arrived,) = outcome(explain(routes, specimen.view), specimen, LIMIT)
    assert (arrived.rejected is None) == (["r.sink.s"] == await routed(routes, specimen))
    assert (arrived.rejected is None) == (size < LIMIT)


def test_the_first_route_of_a_sink_shapes_it_and_the_others_are_named() -> None:
    routes = [RouteConfig.model_validate(ROUTES[at]) for at in (1, 2, 0)]
    specimen = Specimen.of_event(EVENT)
    first, *_ = outcome(explain(routes, specimen.view), specimen, LIMIT)
    assert ("s", ("shaped", "broken", "plain"), "shaped") == (first.sink, first.routes, first.shaped_by)
    assert (None, ("broken",)) == (first.rejected, first.ignored)


def test_a_route_for_another_kind_of_event_is_no_near_miss() -> None:
    near = {"name": "near", "match": {"vcenter": "a", "source": "b", "exact": {"vcenter": "c"}}, "to": ["s"]}
    routes = [RouteConfig.model_validate(each) for each in (ROUTES[3], near)]
    missed = nearest_miss(explain(routes, Specimen.of_event(EVENT).view))
    assert missed
    assert "near" == missed.route
