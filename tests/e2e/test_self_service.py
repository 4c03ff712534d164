"""Machines are made and put away by real processes, and both are taken back by a person's word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.faults.remediation.world import World
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

MACHINE = "DC0_C0_RP0_VM0"
FOLDER = "/DC0/vm"
PLACED = {"headroom": 0, "headroom_percent": 0, "owner": "Anna O'Neil"}
SINKS: dict[str, dict[str, Any]] = {
    "spawn": {"action": "create", "parameters": {"name": "new one", "mark": "1" * 16, **PLACED}},
    "clone": {"action": "clone", "parameters": {"name": "clone 1", "mark": "2" * 16, "source": MACHINE, **PLACED}},
    "stop": {"action": "power-off", "approval": "never"},
    "nuke": {
        "action": "quarantine",
        "parameters": {"path": f"[LocalDS_0] {MACHINE}/{MACHINE}.vmx", "mark": "3" * 16},
    },
}


@pytest.fixture
def world(stack: Status, tmp_path: Path, prefix: str) -> Iterator[World]:
    key = tmp_path / "answer.key"
    key.write_text("k" * 44)
    with simulators(tmp_path, "vc1") as vcenters:
        limits = {"answer_key_file": str(key), "cool_down": "1h"}
        with World(tmp_path / "world", stack, prefix, sinks=SINKS, limits=limits, vcenters=vcenters) as world:
            world.start_all("router", "deliver", "decide", "execute")
            yield world


def names(world: World) -> set[str]:
    """Of all machines, as govc has them."""
    return {each["name"] for each in world.govc("vc1").read_all("VirtualMachine", "name")}


def acted(world: World, sink: str, what: str) -> str:
    """Have an event act on something; the id of the action."""
    (event,) = world.ask(sink, [what])
    wait(lambda: event in world.finals())
    assert ["succeeded"] == world.finals()[event]
    return next(str(data["actionId"]) for cause, _, data in world.audit() if cause == event)


@pytest.mark.parametrize(("sink", "name"), [("spawn", "new one"), ("clone", "clone 1")])
def test_what_was_made_is_taken_away_again(world: World, sink: str, name: str) -> None:
    before = names(world)
    action = acted(world, sink, FOLDER)
    made = names(world) - before
    said = world.scene.run("remediation", "undo", action, "--reason", "not wanted")
    assert ({name}, before) == (made, names(world))
    assert said.rstrip().endswith(": succeeded")


def test_what_was_put_away_comes_back(world: World) -> None:
    before = names(world)
    acted(world, "stop", MACHINE)
    action = acted(world, "nuke", MACHINE)
    away = before - names(world)
    said = world.scene.run("remediation", "undo", action, "--reason", "still needed")
    assert ({MACHINE}, before) == (away, names(world))
    assert said.rstrip().endswith(": succeeded")
