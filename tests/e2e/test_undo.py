"""An action is taken back by a person's word, and by nobody else's."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import orjson
import pytest

from schemas.cloudevents import CloudEvent, kafka
from schemas.epoch import written
from schemas.errors import ReflexarcError
from schemas.keys import keyring
from schemas.remediation.undo import TYPE, Undo
from tests.faults.remediation.world import World
from tests.support import topics
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

MACHINE = "DC0_C0_RP0_VM0"
SINKS = {
    "cut": {"action": "disconnect-vnic", "approval": "never"},
    "reset": {"action": "hard-reset", "approval": "never"},
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


def connected(world: World) -> list[bool]:
    """Whether each adapter of the machine is on, as govc has it."""
    (machine,) = (
        each
        for each in world.govc("vc1").read_all("VirtualMachine", "name", "config.hardware.device")
        if each["name"] == MACHINE
    )
    devices = machine["config.hardware.device"]
    devices = devices["_value"] if isinstance(devices, dict) else devices
    return [each["connectable"]["startConnected"] for each in devices if "macAddress" in each]


def later() -> datetime:
    """In a minute."""
    return datetime.now(UTC) + timedelta(minutes=1)


def acted(world: World, sink: str) -> str:
    """Have an event act on the machine; the id of the action."""
    (event,) = world.ask(sink, [MACHINE])
    wait(lambda: event in world.finals())
    return next(str(data["actionId"]) for cause, _, data in world.audit() if cause == event)


def test_an_action_is_taken_back_once_its_state_is_known(world: World) -> None:
    before = connected(world)
    action = acted(world, "cut")
    cut = connected(world)
    said = world.scene.run("remediation", "undo", action[:8], "--reason", "a false alarm")
    again = world.scene.run("remediation", "show", said.split()[1].rstrip(":"))
    assert ([True], [False], [True]) == (before, cut, connected(world))
    assert said.rstrip().endswith(": succeeded")
    assert "cli/" in again


def test_what_cannot_be_taken_back_is_said(world: World) -> None:
    action = acted(world, "reset")
    with pytest.raises(ReflexarcError, match="hard-reset cannot be undone"):
        world.scene.run("remediation", "undo", action)


def test_a_word_that_nobody_has_signed_takes_nothing_back(world: World) -> None:
    action = acted(world, "cut")
    entity = next(data["entity"] for _, _, data in world.audit() if data.get("actionId") == action)
    said = {"id": action, "sink": "cut", "action": "disconnect-vnic", "entity": f"vc1/{entity['moref']}"}
    word = Undo.model_validate({**said, "before": {}, "person": "cli/eve", "at": time.time()}).signed(
        keyring([b"e" * 44])
    )
    machine = {"Vm": {"Name": MACHINE, "Vm": {"Type": "VirtualMachine", "Value": entity["moref"]}}}
    event = CloudEvent(
        id="forged",
        source="/eve",
        type=TYPE,
        datacontenttype="application/json",
        data=orjson.dumps({"undo": word.model_dump(), **machine}),
        extensions={"vcenter": "vc1"},
    )
    topics.publish(world.bootstrap, f"{world.prefix}.sink.cut", event)
    wait(lambda: any(step == "disbelieved" for _, step, _ in world.audit()))
    assert [False] == connected(world)
    assert ["was not signed here, or was changed"] == [
        data["reason"] for _, step, data in world.audit() if step == "disbelieved"
    ]


def test_a_signed_word_counts_once_and_under_its_own_name(world: World) -> None:
    """Whoever can read the topic has it, and could send it again for years."""
    action = acted(world, "cut")
    world.scene.run("remediation", "undo", action)
    (sent,) = (
        event
        for record in topics.everything(world.bootstrap, f"{world.prefix}.sink.cut")
        if (event := kafka.from_message(record.headers() or (), record.value())).type == TYPE
    )
    copies = [sent, replace(sent, id="again"), replace(sent, source="/eve"), replace(sent, time=written(later()))]
    topics.publish(world.bootstrap, f"{world.prefix}.sink.cut", *copies)
    wait(lambda: sum(step == "disbelieved" for _, step, _ in world.audit()) == 3)
    assert ["succeeded"] == world.finals()[sent.id]
    assert [
        *2 * ["an undo in an event that is not its own"],
        "an undo that was signed at another time than its event says",
    ] == sorted(data["reason"] for _, step, data in world.audit() if step == "disbelieved")
