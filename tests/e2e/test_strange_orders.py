"""What nobody of ours has written ends no role, and does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from confluent_kafka import Producer

from schemas.remediation.order import Order
from tests.faults.remediation.world import World
from tests.streams.guard.asking import NOW, entity, request
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

SINKS = {"cut": {"action": "disconnect-vnic", "approval": "never"}}


@pytest.fixture
def world(stack: Status, tmp_path: Path, prefix: str) -> Iterator[World]:
    with (
        simulators(tmp_path, "vc1") as vcenters,
        World(tmp_path / "world", stack, prefix, sinks=SINKS, vcenters=vcenters) as world,
    ):
        world.start_all("decide", "execute", "router", "deliver")
        yield world


def order(number: int, **said: Any) -> bytes:
    asked = request(f"e{number}", **said)
    return Order(id=asked.id, request=asked, decided=NOW, valid_until=NOW * 2, dry_run=False).encode()


def test_strange_records_are_told_and_passed_by(world: World) -> None:
    producer = Producer({"bootstrap.servers": world.bootstrap})
    strange = [b"", b"{", b"[]", b'{"v":9}', b'{"v":1,"kind":"request"}', b"x" * 300_000]
    for topic in ("requests", "requests.urgent", "actions"):
        for value in strange:
            producer.produce(f"{world.prefix}.{topic}", value, b"vc1")
    forged = request("forged").model_copy(update={"id": "0" * 16})
    producer.produce(f"{world.prefix}.requests", forged.encode(), b"vc1")
    orders = [
        order(1, action="format-everything"),
        order(2, entity=entity(kind="Network")),
        order(3, action="scale", parameters={"add_cpus": -1}),
        order(4, sink="nobody"),
    ]
    for value in orders:
        producer.produce(f"{world.prefix}.actions", value, b"vc1/vm-1")
    producer.flush()
    (event,) = world.ask("cut", ["vc1:DC0_C0_RP0_VM0"])
    wait(lambda: event in world.finals() and len(world.finals()) == 1 + len(orders))
    wait(lambda: sum(step == "disbelieved" for _, step, _ in world.audit()) == 3 * len(strange) + 1)
    world.scene.check()
    reasons = {data["reason"] for _, step, data in world.audit() if step == "refused"}
    assert ["succeeded"] == world.finals()[event]
    assert {
        "no action is called format-everything here",
        "nothing is done to a Network here",
        "scale is told something that it does not know here",
        "no sink is called nobody any more",
    } == reasons
