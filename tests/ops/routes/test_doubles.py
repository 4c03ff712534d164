from __future__ import annotations

from typing import Any

import pytest

from ops.routes.doubles import doubles
from schemas.config import Config, KafkaConfig, RouteConfig, SinkConfig
from sinks.remediation import RemediationSinkConfig
from sinks.vsphere.config import VsphereConfig
from tests.support.vcenter import vcenter


def sink(name: str, kind: str = "remediation", action: str = "power-on", **said: Any) -> SinkConfig:
    given = {"name": name, "type": kind, **said}
    if kind == "vsphere":
        return VsphereConfig.model_validate(given | {"action": action})
    if kind == "remediation":
        return RemediationSinkConfig.model_validate(given | {"action": action})
    return SinkConfig.model_validate(given)


def found(*sinks: SinkConfig, **route: Any) -> list[tuple[str, str, str]]:
    names = [each.name for each in sinks]
    given = RouteConfig.model_validate({"name": "r", "to": names} | route)
    config = Config(
        kafka=KafkaConfig(bootstrap="localhost:9092", prefix="dc"),
        vcenters={name: vcenter(name) for name in ("vc1", "vc2")},
        sinks={each.name: each for each in sinks},
        routes=(given,),
    )
    return [(each.where, each.what, each.cure) for each in doubles(config)]


def test_two_sinks_with_the_same_action_are_refused_with_the_way_out() -> None:
    """One event would be acted on twice."""
    expected = (
        "routes.r.to",
        "a and b would both act on one event: by power-on",
        "leave one out, or write beside_others: true at sinks.b",
    )
    assert [expected] == found(sink("a", "vsphere"), sink("b"))


def test_a_workflow_beside_an_action_is_refused() -> None:
    """Nobody can tell from here that it does something else."""
    expected = (
        "routes.r.to",
        "a and w would both act on one event: a by power-on, the other by a workflow",
        "leave one out, or write beside_others: true at sinks.a",
    )
    assert [expected] == found(sink("a"), sink("w", "vro"))


@pytest.mark.parametrize(
    "pair",
    [
        (sink("a"), sink("b", action="power-off")),
        (sink("a", vcenters=["vc1"]), sink("b", vcenters=["vc2"])),
        (sink("a"), sink("b", beside_others=True)),
        (sink("a", beside_others=True), sink("w", "vro")),
        (sink("a"), sink("q", "rabbitmq")),
        (sink("v", "vro"), sink("w", "vro")),
        (sink("a"),),
    ],
)
def test_what_is_not_the_same_or_is_meant_passes(pair: tuple[SinkConfig, ...]) -> None:
    """Another action, other vCenters, or the operator's word."""
    assert [] == found(*pair)


def test_a_route_that_is_off_has_nothing_done() -> None:
    """It may be written before it is meant."""
    assert [] == found(sink("a"), sink("b"), enabled=False)
