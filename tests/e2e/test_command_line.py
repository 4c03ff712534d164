"""What somebody asks for at a command line is decided, done and told as what is asked in a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.faults.remediation.world import World
from tests.support import topics
from tests.support.commanding import Desk, people
from tests.support.flow import wait
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.dev.component import Status

pytestmark = pytest.mark.stack

OFF, LARGER, SEEN, GONE = (f"DC0_C0_RP0_VM{number}" for number in range(4))
"""Machines of both vCenters: one per test that changes something, and one that nobody touches."""

COMMANDS = {
    "people": people("ben", "eve"),
    "grants": [
        {
            "to": ["me"],
            "verbs": ["read", "poweron", "poweroff", "transform", "nuke", "create", "undo", "approve"],
            "machines": "any",
        },
        {"to": ["ben"], "verbs": ["approve"]},
        {"to": ["eve"], "verbs": ["read"]},
    ],
    "presets": {"small": {"vcenter": "vc1", "cluster": "DC0_C0", "folder": "/DC0/vm"}},
    "sizes": {"large": {"cpus": 4, "memory": "1GiB"}},
}


@pytest.fixture(scope="module")
def world(stack: Status, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("command-line")
    for name in ("answer", "commands"):
        (folder / f"{name}.key").write_text(name[0] * 44)
    commands = COMMANDS | {"key_file": str(folder / "commands.key")}
    limits = {"answer_key_file": str(folder / "answer.key")}
    with (
        topics.of_its_own(stack["kafka"].endpoint or "") as prefix,
        simulators(folder, "vc1", "vc2") as vcenters,
        World(folder / "world", stack, prefix, sinks={}, limits=limits, vcenters=vcenters, commands=commands) as world,
    ):
        world.start_all("command", "decide", "execute")
        yield world


@pytest.fixture
def desk(world: World, tmp_path: Path) -> Desk:
    return Desk(tmp_path / "said", world.scene)


def state(world: World, where: str, *paths: str) -> list[Any]:
    """Properties of a machine, by its vCenter and name, as govc has them."""
    vcenter, _, name = where.partition(":")
    machines = world.govc(vcenter).read_all("VirtualMachine", "name", *paths)
    (machine,) = (each for each in machines if each["name"] == name)
    return [machine[path] for path in paths]


def is_there(world: World, where: str) -> bool:
    """Whether the inventory has a machine."""
    vcenter, _, name = where.partition(":")
    return any(each["name"] == name for each in world.govc(vcenter).read_all("VirtualMachine", "name"))


def power(world: World, where: str) -> str:
    (found,) = state(world, where, "runtime.powerState")
    return str(found)


def put_out(world: World, desk: Desk, machine: str) -> dict[str, Any]:
    """Power a machine off, with the yes of another person; what whoever has asked hears before that."""
    code, parked = desk.story("poweroff", machine)
    assert (0, "parked", "poweredOn") == (code, parked["step"], power(world, machine))
    own = desk.vm("approve", parked["id"], "I want it")
    assert (1, True) == (own.code, f"me has asked for {parked['id']}" in own.err), own.err
    agreed = desk.ask("ben", "approve", parked["id"])
    assert (["acknowledged", "approved"], True) == ([each.step for each in agreed], agreed[-1].good)
    wait(lambda: power(world, machine) == "poweredOff")
    return parked


def test_a_machine_is_powered_off_once_another_person_agrees_and_on_at_once(world: World, desk: Desk) -> None:
    """Who asks is not the one who agrees, by whichever command; each step is told in the words of the chat."""
    machine = f"vc1:{OFF}"
    parked = put_out(world, desk, machine)
    assert "ben may say it, or an operator." in parked["text"]
    wait(lambda: "succeeded" in desk.story("status", parked["id"])[1]["code"])
    on = desk.vm("poweron", machine)
    assert (0, "poweredOn") == (on.code, power(world, machine))
    assert f"VM {OFF} started successfully" == on.out.splitlines()[-1]
    again = desk.vm("poweron", machine)
    assert (0, f"VM {OFF}: nothing was changed, it is as poweron wants it already.") == (
        again.code,
        again.out.splitlines()[-1],
    )
    assert "poweredOn" == power(world, f"vc2:{OFF}")


def test_a_plan_changes_nothing_and_the_same_without_it_does(world: World, desk: Desk) -> None:
    size = ("summary.config.memorySizeMB", "summary.config.numCpu")
    machine = f"vc1:{LARGER}"
    put_out(world, desk, machine)
    before = state(world, machine, *size)
    planned = desk.story("transform", machine, "large", "--dry-run")
    assert (0, "planned", before) == (planned[0], planned[1]["step"], state(world, machine, *size)), planned
    done = desk.story("transform", machine, "large")
    assert (0, "succeeded", [1024, 4]) == (done[0], done[1]["step"], state(world, machine, *size))
    assert planned[1]["code"].splitlines()


def test_a_machine_that_was_put_away_is_brought_back(world: World, desk: Desk) -> None:
    machine, path = f"vc2:{GONE}", "config.files.vmPathName"
    put_out(world, desk, machine)
    before = state(world, machine, path)
    code, gone = desk.story("nuke", machine, machine)
    assert (0, "succeeded", False) == (code, gone["step"], is_there(world, machine)), gone
    assert f"undo {gone['id']}" in gone["text"]
    back = desk.undo(gone["id"])
    assert 0 == back.code, back.err
    assert (True, before) == (back.out.rstrip().endswith(": succeeded"), state(world, machine, path))


def test_a_machine_that_was_made_is_gone_again(world: World, desk: Desk) -> None:
    code, made = desk.story("spawn", "new one")
    assert (0, True) == (code, is_there(world, "vc1:new one")), made
    back = desk.undo(made["id"])
    assert (0, False) == (back.code, is_there(world, "vc1:new one")), back.err


def test_people_take_back_what_they_have_done_themselves(world: World, desk: Desk) -> None:
    """What destroys a machine needs another person's yes, under whichever name."""
    made = desk.story("spawn", "new two")[1]
    code, parked = desk.story("undo", made["id"])
    assert (0, "parked", True) == (code, parked["step"], is_there(world, "vc1:new two")), parked
    desk.ask("ben", "approve", parked["id"])
    wait(lambda: not is_there(world, "vc1:new two"))
    wait(lambda: "succeeded" in desk.story("status", parked["id"])[1]["text"])


def test_a_size_is_taken_back(world: World, desk: Desk) -> None:
    size, machine = ("summary.config.memorySizeMB", "summary.config.numCpu"), f"vc2:{LARGER}"
    put_out(world, desk, machine)
    before = state(world, machine, *size)
    _, larger = desk.story("transform", machine, "1024", "2")
    assert [1024, 2] == state(world, machine, *size)
    code, back = desk.story("undo", larger["id"])
    assert (0, "succeeded", before) == (code, back["step"], state(world, machine, *size)), back
    assert "succeeded" in desk.story("status", back["id"])[1]["text"]


def test_a_question_is_answered(desk: Desk) -> None:
    said = desk.vm("invoke", "list", f"vc2:{SEEN}")
    assert 0 == said.code, said.err
    assert said.out.splitlines()[-1].startswith(f"vc2:{SEEN}  poweredOn")


def test_what_is_said_is_heard(desk: Desk) -> None:
    code, story = desk.story("echo", "one", "two  three")
    assert (0, "answered", "one two  three") == (code, story["step"], story["text"])


@pytest.mark.parametrize(
    ("user", "words", "why"),
    [
        ("mallory", ("poweron", f"vc1:{SEEN}"), "You are not named here (cli/mallory)"),
        ("eve", ("poweron", f"vc1:{SEEN}"), "You (eve) may not use poweron: it has not been granted to you."),
        ("ben", ("invoke", "list"), "You (ben) may not use invoke: it has not been granted to you."),
        ("ben", ("approve", "0123456789abcdef"), "Nothing called 0123456789abcdef is known here."),
    ],
)
def test_what_nobody_has_granted_is_refused(user: str, words: tuple[str, ...], why: str, desk: Desk) -> None:
    *_, last = desk.ask(user, *words)
    assert ("refused", False, True) == (last.step, last.good, why in last.said.text), last


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("hardreset", f"vc1:{SEEN}"), "You (me) may not use hardreset: it has not been granted to you."),
        (("poweron", "nowhere"), "VM nowhere does not exist"),
        (("poweron", SEEN), "vc2"),
    ],
)
def test_what_is_not_done_is_one_line_and_a_code(words: tuple[str, ...], why: str, desk: Desk) -> None:
    said = desk.vm(*words)
    (line,) = said.err.splitlines()
    assert (1, True) == (said.code, why in line), line


def test_who_has_another_key_is_not_believed(world: World, desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "other.key").write_text("e" * 44)
    document = yaml.safe_load(world.scene.config.read_text())
    document["commands"]["key_file"] = str(tmp_path / "other.key")
    (tmp_path / "reflexarc.yaml").write_text(yaml.safe_dump(document))
    said = desk.vm("echo", "hello", config=tmp_path / "reflexarc.yaml")
    assert (1, True) == (said.code, "the principal was not signed here" in said.err), said.err
