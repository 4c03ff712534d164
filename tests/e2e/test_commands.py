"""What people say in Slack is done in vSphere, and they hear of it: from a signed request to the message."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from clients.vsphere.session import Session
from clients.vsphere.target import find
from ops.demo.scene import read_config
from schemas.commands.kinds import APPROVE, REFUSE
from tests.faults.commands.world import BEN, EVE, World
from tests.support.chat import USER
from tests.support.flow import wait
from tests.support.machine import tools
from tests.support.simulator import simulators

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.dev.component import Status

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("commands")]


@pytest.fixture(scope="module")
def world(stack: Status, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("commands")
    prefix = f"e2e-commands-{uuid.uuid4().hex[:8]}"
    with (
        simulators(folder, "vc1", "vc2") as vcenters,
        World(folder / "world", stack, prefix, vcenters=vcenters) as world,
    ):
        world.start_all("command", "decide", "execute", "deliver")
        yield world


def machine(world: World, name: str, vcenter: str = "vc1") -> dict[str, Any]:
    """A machine as govc has it; empty when there is none of that name."""
    paths = ("name", "runtime.powerState", "config.hardware.memoryMB", "config.hardware.numCPU")
    rows = world.govc(vcenter).read_all("VirtualMachine", *paths)
    return next((row for row in rows if row["name"] == name), {})


def power(world: World, name: str, vcenter: str = "vc1") -> str:
    """Whether it runs."""
    return str(machine(world, name, vcenter)["runtime.powerState"])


def hears(world: World, text: str, user: str = USER, *, after: int = 0) -> dict[str, Any]:
    """The first message behind the first ``after`` that has this text, once it is shown."""
    wait(lambda: any(text in str(each["text"]) for each in world.heard(user)[after:]))
    return next(each for each in world.heard(user)[after:] if text in str(each["text"]))


def asked(message: dict[str, Any]) -> str:
    """The id that the buttons of a message stand for."""
    actions = next(block for block in message["blocks"] if block["type"] == "actions")
    return str(actions["elements"][0]["value"])


def test_a_machine_is_powered_off_once_another_person_agrees_and_on_again_by_anybody(world: World) -> None:
    name = "DC0_C0_RP0_VM0"
    world.say("poweroff", f"vc1:{name}")
    parked = hears(world, f"VM {name}: poweroff waits")
    assert ("channel", "poweredOn") == (parked["visible"], power(world, name))
    world.press(APPROVE, asked(parked), user=BEN)
    hears(world, f"VM {name} stopped successfully")
    assert ("poweredOff", "poweredOn") == (power(world, name), power(world, name, "vc2"))
    world.say("poweron", f"vc1:{name}")
    hears(world, f"VM {name} started successfully")
    assert "poweredOn" == power(world, name)


def test_nobody_approves_what_he_has_asked_for(world: World) -> None:
    name = "DC0_C0_RP0_VM2"
    world.say("poweroff", f"vc2:{name}", user=BEN)
    parked = hears(world, f"VM {name}: poweroff waits", BEN)
    world.press(APPROVE, asked(parked), user=BEN)
    hears(world, "let somebody else approve", BEN)
    assert "poweredOn" == power(world, name, "vc2")
    world.say("refuse", asked(parked), "changed my mind", user=BEN)
    hears(world, "changed my mind", BEN)
    assert "poweredOn" == power(world, name, "vc2")


def test_who_may_not_approve_does_not(world: World) -> None:
    name = "DC0_C0_RP0_VM4"
    world.say("hardreset", f"vc1:{name}")
    parked = hears(world, f"VM {name}: hardreset waits")
    world.press(APPROVE, asked(parked), user=USER)
    hears(world, "You (anna) may not use approve")
    world.press(REFUSE, asked(parked), user=BEN)
    hears(world, "Could not perform operation: ben says no")


def test_a_machine_is_restarted(world: World) -> None:
    name = "DC0_C0_RP0_VM6"
    world.say("reset", f"vc1:{name}")
    hears(world, f"Could not perform operation: VMware Tools do not run in {name}")
    with Session(read_config(world.scene).vcenters["vc1"]) as session:
        tools(find([session], name), running=True)
    world.say("reboot", f"vc1:{name}")
    hears(world, f"VM {name} restarted successfully")


def test_a_machine_gets_more_and_never_less(world: World) -> None:
    name = "DC0_C0_RP0_VM3"
    world.say("poweroff", f"vc1:{name}", user=USER)
    world.press(APPROVE, asked(hears(world, f"VM {name}: poweroff waits")), user=BEN)
    hears(world, f"VM {name} stopped successfully")
    world.say("transform", f"vc1:{name}", "large")
    hears(world, f"VM {name} modified successfully")
    found = machine(world, name)
    assert (1024, 4) == (found["config.hardware.memoryMB"], found["config.hardware.numCPU"])
    before = len(world.heard(USER))
    world.say("transform", f"vc1:{name}", "512", "2")
    assert "Could not perform operation" in hears(world, "never", after=before)["text"]
    world.say("transform", f"vc1:{name}", "-512", "2")
    hears(world, "without sign", after=before)
    world.say("transform", f"vc1:{name}", "4096", "2")
    hears(world, "more than any machine is given here", after=before)
    found = machine(world, name)
    assert (1024, 4) == (found["config.hardware.memoryMB"], found["config.hardware.numCPU"])


def test_a_new_machine_is_its_maker_s_and_goes_to_quarantine(world: World) -> None:
    world.say("spawn", "new one")
    assert "Its lease ends" in hears(world, "VM new one Created successfully")["text"]
    made = machine(world, "new one")
    assert ("poweredOff", 128) == (made["runtime.powerState"], made["config.hardware.memoryMB"])
    world.say("spawn", "new one")
    hears(world, "Already Exists")
    world.say("nuke", "new one", "new one", user=BEN)
    hears(world, "You (ben) may use nuke on your own machines only", BEN)
    world.say("nuke", "new one", "new two")
    hears(world, "The two names are not the same")
    assert machine(world, "new one")
    world.say("nuke", "new one", "new one")
    deleted = hears(world, "VM new one deleted successfully")
    assert {} == machine(world, "new one")
    id_ = re.search(r"undo ([0-9a-f]{16})", str(deleted["text"]))
    assert id_ is not None
    world.say("undo", id_[1])
    hears(world, "VM new one: what was done is taken back")
    assert "poweredOff" == power(world, "new one")


def test_machines_are_cloned(world: World) -> None:
    world.say("clone", "copy-1")
    hears(world, "VM copy-1 cloned from DC0_C0_RP0_VM1 successfully")
    assert "poweredOff" == power(world, "copy-1")
    world.say("clonetemplate", "copy-2", "DC0_C0_RP0_VM5")
    hears(world, "Could not perform operation")
    assert {} == machine(world, "copy-2")


def test_a_verb_is_the_first_word_and_nothing_else(world: World) -> None:
    """The original looked for verbs anywhere, so that this was an echo."""
    world.say("spawn echo-box")
    hears(world, "VM echo-box Created successfully")
    assert "poweredOff" == power(world, "echo-box")


@pytest.mark.parametrize("name", ["it's", 'say "hi"', "//*[@name='x']", "$(reboot)", "web-*"])
def test_a_name_is_a_text_whatever_is_in_it(world: World, name: str) -> None:
    before = len(world.heard(USER))
    world.say("poweron", name)
    hears(world, f"Could not perform operation: VM {name} does not exist", after=before)


def test_questions_are_answered_and_no_code_is_run(world: World) -> None:
    before = len(world.heard(USER))
    world.say("invoke list vc1:DC0_C0_RP0_VM1?")
    assert "10 machines" in hears(world, "machines", after=before)["text"]
    world.say("invoke show vc1:DC0_C0_RP0_VM7")
    hears(world, "VM vc1:DC0_C0_RP0_VM7", after=before)
    world.say("invoke events vc1:DC0_C0_RP0_VM7")
    hears(world, "its latest events", after=before)
    world.say("invoke alarms")
    hears(world, "alarm", after=before)
    world.say("invoke Get-VM | Stop-VM -Confirm:$false")
    hears(world, "no code is run", after=before)
    assert "poweredOn" == power(world, "DC0_C0_RP0_VM7")


def test_who_is_not_named_may_nothing_and_learns_nothing(world: World) -> None:
    world.say("poweroff", "vc1:DC0_C0_RP0_VM7", user=EVE)
    message = hears(world, "You are not named here", EVE)
    assert "person" == message["visible"]
    assert "poweredOn" == power(world, "DC0_C0_RP0_VM7")
    refused = [data for kind, person, data in world.audit() if kind == "command.refused" and EVE in person]
    assert "poweroff" == refused[0]["command"]["verb"]


def test_how_commands_stand_is_told_to_whoever_gave_them(world: World) -> None:
    world.say("poweron", "vc2:DC0_C0_RP0_VM9", user=BEN)
    hears(world, "VM DC0_C0_RP0_VM9", BEN)
    before = len(world.heard(BEN))
    world.say("status", user=BEN)
    own = hears(world, "Your latest commands", BEN, after=before)
    assert "poweron DC0_C0_RP0_VM9" in str(own["blocks"])
    (id_, *_) = (
        data["actionId"] for kind, person, data in world.audit() if kind == "remediation.requested" and person == "ben"
    )
    world.say("status", id_)
    hears(world, f"No command {id_} of yours is known")


def test_everything_that_was_said_is_in_the_audit(world: World) -> None:
    world.say("echo", "for the audit")
    hears(world, "for the audit")
    world.say("poweron", "for the audit")
    hears(world, "VM for the audit does not exist")
    world.say("bogus", "for the audit")
    hears(world, "ERR - No matching command: 'bogus'")
    said = [(kind, data["command"]["said"]) for kind, person, data in world.audit() if person == "anna"]
    told = {kind for kind, words in said if words.endswith("for the audit")}
    assert {"command.answered", "command.refused", "remediation.requested", "remediation.refused"} == told
