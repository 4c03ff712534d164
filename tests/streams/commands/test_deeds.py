from __future__ import annotations

from typing import Any

import pytest

from streams.commands.deed import Deed
from streams.commands.deeds import deed
from streams.commands.parse import Command, Misuse, parse
from streams.commands.verbs import VERBS
from tests.streams.commands.ground import GOLDEN, MARK, SMALL, ground

GIBIBYTE = 2**30


def asked(text: str, **section: Any) -> Deed | Misuse:
    command = parse(text, ("vc1",))
    assert isinstance(command, Command)
    return deed(command, ground(owner="anna", **section))


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("poweron web", "power-on"),
        ("poweroff web", "power-off"),
        ("reboot web", "guest-reboot"),
        ("reset web", "guest-reboot"),
        ("hardreset web", "hard-reset"),
    ],
)
def test_power_is_a_matter_of_the_machine_alone(text: str, action: str) -> None:
    found = asked(text)
    assert isinstance(found, Deed)
    assert (action, {}, "web", None) == (found.action, found.parameters, found.vm.name, found.vm.vcenter)


@pytest.mark.parametrize(
    ("text", "action"), [("spawn web", "create"), ("clone web", "clone"), ("clonetemplate web golden", "clone")]
)
def test_a_new_machine_is_made_as_the_preset_says(text: str, action: str) -> None:
    found = asked(text, presets={"small": SMALL | GOLDEN})
    assert isinstance(found, Deed)
    assert (action, "small", "/DC0/vm/self") == (found.action, found.preset, found.folder)


def test_nuke_is_quarantine_of_what_one_owns() -> None:
    found = asked("nuke vc1:web vc1:web", quarantine={"folder": "gone"})
    assert isinstance(found, Deed)
    assert ("quarantine", {"owner": "anna", "folder": "gone", "mark": MARK}) == (found.action, found.parameters)


@pytest.mark.parametrize("text", ["transform web 4096 2", "transform web medium"])
def test_a_size_is_said_or_named(text: str) -> None:
    found = asked(text, sizes={"medium": {"cpus": 2, "memory": "4GiB"}})
    caps = {"max_cpus": 8, "max_memory": 32 * GIBIBYTE}
    assert isinstance(found, Deed)
    assert ("resize", {"cpus": 2, "memory": 4 * GIBIBYTE} | caps) == (found.action, found.parameters)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("transform web 4096 9", "9 CPUs are more than any machine is given here: 8."),
        ("transform web 32772 2", "32772 MB of memory are more than any machine is given here: 32768 MB."),
        ("transform web medum", "No size is called medum; did you mean medium?"),
        ("spawn web lrge", "No preset is called lrge; known: small"),
    ],
)
def test_what_cannot_be_is_told(text: str, told: str) -> None:
    sizes = {"medium": {"cpus": 2, "memory": "4GiB"}}
    assert Misuse(told, text.split(maxsplit=1)[0]) == asked(text, sizes=sizes)


def test_a_lease_is_counted_from_the_command_on() -> None:
    found = asked("lease web 1d12h")
    assert isinstance(found, Deed)
    assert ("lease", {"lease": "2027-01-16T20:00:00Z", "owner": "anna"}) == (found.action, found.parameters)


def test_a_lease_that_is_too_long_is_refused_with_the_longest_one() -> None:
    found = asked("lease web 31d", lease={"longest": "30d"})
    assert isinstance(found, Misuse)
    assert "31d is longer than any machine is wanted for at once here: 30d." == found.text
    assert isinstance(asked("lease web 30d", lease={"longest": "30d"}), Deed)


def test_every_verb_of_an_action_has_its_deed() -> None:
    texts = {
        "spawn": "spawn a",
        "clone": "clone a",
        "clonetemplate": "clonetemplate a golden",
        "transform": "transform a 4 1",
        "nuke": "nuke a a",
        "lease": "lease a 14d",
    }
    for verb in (verb for verb in VERBS.values() if verb.action):
        found = asked(texts.get(verb.name, f"{verb.name} a"), presets={"small": SMALL | GOLDEN})
        assert isinstance(found, Deed)
        assert verb.action == found.action


def test_talk_is_no_deed() -> None:
    with pytest.raises(TypeError, match="help is no action"):
        asked("help")


@pytest.mark.parametrize(
    ("module", "model", "text"),
    [
        ("resize", "ResizeParameters", "transform web 4096 2"),
        ("quarantine", "QuarantineParameters", "nuke web web"),
        ("lease", "LeaseParameters", "lease web 14d"),
    ],
)
def test_the_action_knows_every_parameter(module: str, model: str, text: str) -> None:
    found = asked(text)
    known = getattr(pytest.importorskip(f"sinks.vsphere.parameters.{module}"), model).model_fields
    assert isinstance(found, Deed)
    assert found.parameters.keys() <= known.keys()
