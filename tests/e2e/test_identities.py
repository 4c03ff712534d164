"""A person is one person, whichever way the person comes: nobody agrees to what he has asked for himself."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
import yaml

from ops.demo.scene import read_config
from ops.remediation.answers import Answered, answer
from ops.remediation.parked import Parked
from tests.faults.commands.world import BEN, World
from tests.support.commanding import WITHIN, Desk
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

CLI = "benjamin"
"""The user of the system that ben is: only the configuration says so."""


@pytest.fixture
def world(stack: Status, tmp_path: Path) -> Iterator[World]:
    """Without whoever would speak in Slack: what is answered is read in the audit."""
    prefix = f"e2e-identities-{uuid.uuid4().hex[:8]}"
    with (
        simulators(tmp_path, "vc1", "vc2") as vcenters,
        World(tmp_path / "world", stack, prefix, vcenters=vcenters) as world,
    ):
        document = yaml.safe_load(world.scene.config.read_text())
        document["commands"]["people"]["ben"]["cli"] = [CLI]
        world.scene.write_config(document)
        world.start_all("command", "decide", "execute")
        yield world


def parked(world: World, machine: str) -> str:
    """The id of what somebody has asked for about a machine, once it waits."""

    def waiting() -> list[str]:
        found = Parked(read_config(world.scene).kafka).waiting(datetime.now(UTC))
        return [
            each.id for each in found if each.request and each.request.entity and each.request.entity.name == machine
        ]

    wait(lambda: len(waiting()) == 1)
    return waiting()[0]


def operated(world: World, id_: str, person: str, *, approve: bool = True) -> Answered:
    """What ``reflexarc remediation approve`` or ``refuse`` of a user of the system comes to."""
    config = read_config(world.scene)
    decision = Parked(config.kafka).named(id_, datetime.now(UTC))
    (found,) = answer(config, [decision], approve=approve, person=person, reason="", within=WITHIN)
    return found


def power(world: World, machine: str) -> str:
    rows = world.govc("vc1").read_all("VirtualMachine", "name", "runtime.powerState")
    return next(str(row["runtime.powerState"]) for row in rows if row["name"] == machine)


def test_nobody_says_yes_to_himself_by_another_way(world: World, tmp_path: Path) -> None:
    """Asked in Slack and at the command line, answered by each other way; a no may be one's own."""
    desk, slack, typed = Desk(tmp_path / "said", world.scene), "DC0_C0_RP0_VM0", "DC0_C0_RP0_VM1"
    world.say("poweroff", f"vc1:{slack}", user=BEN)
    by_slack = parked(world, slack)
    heard = desk.ask(CLI, "approve", by_slack)[-1]
    assert ("refused", True) == (heard.step, f"ben has asked for {by_slack}" in heard.said.text)
    told = operated(world, by_slack, f"cli/{CLI}")
    assert ("unchanged", True) == (told.outcome, f"ben has asked for {by_slack}" in told.reason)

    assert "parked" == desk.ask(CLI, "poweroff", f"vc1:{typed}")[-1].step
    by_hand = parked(world, typed)
    world.say("approve", by_hand, user=BEN)
    wait(lambda: by_hand in in_vain(world))
    assert ["poweredOn"] * 2 == [power(world, slack), power(world, typed)]

    assert "refused" == operated(world, by_slack, f"cli/{CLI}", approve=False).outcome
    assert desk.ask(CLI, "refuse", by_hand)[-1].good


def test_another_person_may_come_by_any_way(world: World) -> None:
    machine = "DC0_C0_RP0_VM2"
    world.say("poweroff", f"vc1:{machine}")
    told = operated(world, parked(world, machine), f"cli/{CLI}")
    assert ("approved", "ben") == (told.outcome, told.by)
    wait(lambda: power(world, machine) == "poweredOff")


def in_vain(world: World) -> list[str]:
    """Ids of what was answered without that changing anything."""
    return [str(data["actionId"]) for kind, _, data in world.audit() if kind == "remediation.unanswered"]
