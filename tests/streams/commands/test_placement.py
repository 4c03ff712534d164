from __future__ import annotations

from typing import Any

import pytest

from sinks.vsphere.aim import ByName
from streams.commands.arguments import New
from streams.commands.deed import Asker, Deed
from streams.commands.placement import instant, place
from streams.commands.words import Wrong
from tests.streams.commands.ground import GOLDEN, HERE, MARK, SMALL, ground

WEB = New(ByName("web 01"))
LARGE = {"vcenter": "vc2", "pool": "p", "folder": "/DC1/vm/self"}


def spawned(new: New = WEB, asker: Asker | None = None, **section: Any) -> Deed:
    return place("create", new, ground(asker, **section))


def cloned(new: New = WEB, **preset: Any) -> Deed:
    return place("clone", new, ground(presets={"small": SMALL | preset}))


def test_a_preset_says_what_an_empty_machine_is_like_and_where_it_goes() -> None:
    section = SMALL | {"datastore": "ssd-*", "network": "dev", "cpus": 2, "memory": "2GiB", "disk": "10GiB"}
    deed = spawned(presets={"small": section | {"guest": "ubuntu64Guest", "lease": "1d", "quota": 2}})
    parameters = {
        "name": "web 01",
        "mark": MARK,
        "owner": "anna",
        "lease": "2027-01-16T08:00:00Z",
        "cluster": "c1",
        "datastore": ["ssd-*"],
        "connected": False,
        "cpus": 2,
        "memory": 2 * 2**30,
        "disk": 10 * 2**30,
        "network": "dev",
        "guest_id": "ubuntu64Guest",
    }
    assert Deed("create", parameters, ByName("web 01", "vc1"), "/DC0/vm/self", "small", 2) == deed


def test_a_clone_is_off_and_cut_off_unless_the_preset_says_otherwise() -> None:
    as_it_is = cloned(**GOLDEN).parameters
    assert (False, False, True, "") == tuple(
        as_it_is[key] for key in ("power_on", "connected", "template", "customization")
    )
    otherwise = cloned(source="db", power_on=True, connected=True, customization="linux").parameters
    assert (True, True, False, "linux") == tuple(
        otherwise[key] for key in ("power_on", "connected", "template", "customization")
    )


def test_a_clone_is_no_larger_than_allowed() -> None:
    assert (8, 32 * 2**30, False) == (
        cloned(**GOLDEN).parameters["max_cpus"],
        cloned(**GOLDEN).parameters["max_memory"],
        "max_disk" in cloned(**GOLDEN).parameters,
    )
    small = cloned(**GOLDEN, max_cpus=2, max_memory="4GiB", max_disk="50GiB").parameters
    assert (2, 4 * 2**30, 50 * 2**30) == (small["max_cpus"], small["max_memory"], small["max_disk"])


@pytest.mark.parametrize(
    ("preset", "template"),
    [(GOLDEN, "golden"), ({"templates": "ubuntu-*"}, "Ubuntu-24.04"), (GOLDEN | {"templates": ["a", "b"]}, "b")],
)
def test_a_template_that_the_preset_lets_is_cloned(preset: dict[str, Any], template: str) -> None:
    deed = cloned(New(ByName("web"), template), **preset)
    assert (template, True) == (deed.parameters["source"], deed.parameters["template"])


@pytest.mark.parametrize(
    ("preset", "template"),
    [({}, "golden"), ({"source": "golden"}, "golden"), (GOLDEN, "finance"), (GOLDEN | {"templates": "a*"}, "golden")],
)
def test_any_other_template_is_not(preset: dict[str, Any], template: str) -> None:
    with pytest.raises(Wrong, match="Preset small does not let"):
        cloned(New(ByName("web"), template), **preset)


def test_a_preset_without_a_source_clones_nothing() -> None:
    with pytest.raises(Wrong, match="does not say what is cloned"):
        cloned()


def test_the_lease_and_the_quota_are_those_of_all_unless_the_preset_has_its_own() -> None:
    deed = spawned(lease={"for": "3d"}, quota=7)
    assert ("2027-01-18T08:00:00Z", 7) == (deed.parameters["lease"], deed.quota)


def test_a_preset_that_is_named_is_meant() -> None:
    two = {"small": SMALL, "large": LARGE}
    assert "large" == spawned(New(ByName("web"), preset="large"), presets=two).preset


@pytest.mark.parametrize(
    ("small", "large", "meant"),
    [
        ({"channels": [HERE]}, {"people": ["anna"], "teams": ["T1A"]}, "small"),
        ({"people": ["anna"]}, {"teams": ["T1A"]}, "small"),
        ({"people": ["ben"]}, {"teams": ["T1A"]}, "large"),
    ],
)
def test_the_channel_s_default_goes_before_the_person_s_before_the_team_s(
    small: dict[str, Any], large: dict[str, Any], meant: str
) -> None:
    presets = {"large": LARGE | {"default_of": large}, "small": SMALL | {"default_of": small}}
    assert meant == spawned(asker=Asker("anna", "T1A", HERE), presets=presets).preset


def test_without_a_default_the_choice_is_told() -> None:
    with pytest.raises(Wrong, match="as the last argument: large, small"):
        spawned(presets={"small": SMALL, "large": LARGE})


def test_a_vcenter_before_the_name_chooses_too() -> None:
    deed = spawned(New(ByName("web", "vc2")), presets={"small": SMALL, "large": LARGE})
    assert ("large", ByName("web", "vc2")) == (deed.preset, deed.vm)


def test_a_preset_of_another_vcenter_is_a_contradiction() -> None:
    with pytest.raises(Wrong, match="Preset small makes machines in vc1, not in vc2"):
        spawned(New(ByName("web", "vc2"), preset="small"))


def test_what_one_may_not_use_is_no_default_and_is_not_told() -> None:
    grants = [{"to": ["anna"], "verbs": ["create"], "presets": ["small"]}]
    presets = {"small": SMALL, "large": LARGE | {"default_of": {"people": ["anna"]}}}
    assert "small" == spawned(presets=presets, grants=grants).preset
    with pytest.raises(Wrong, match="No preset is called lrge; known: small"):
        spawned(New(ByName("web"), preset="lrge"), presets=presets, grants=grants)


def test_whoever_may_use_none_hears_so() -> None:
    with pytest.raises(Wrong, match="no preset that you may use"):
        spawned(asker=Asker("ben"))


def test_an_instant_has_no_fraction() -> None:
    assert "2027-01-15T08:00:00Z" == instant(1_800_000_000.9)


def test_what_makes_an_empty_machine_takes_these_parameters() -> None:
    module = pytest.importorskip("sinks.vsphere.parameters.create")
    parameters = spawned().parameters
    assert parameters.keys() <= module.CreateParameters.model_validate(parameters).model_fields_set


def test_what_makes_a_clone_takes_these_parameters() -> None:
    module = pytest.importorskip("sinks.vsphere.parameters.clone")
    parameters = cloned(**GOLDEN, max_disk="50GiB").parameters
    assert parameters.keys() <= module.CloneParameters.model_validate(parameters).model_fields_set
