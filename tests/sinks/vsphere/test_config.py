from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from schemas.config import json_schema, load
from schemas.errors import ConfigError, Reject
from sinks import registry
from sinks.vsphere import actions
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.config import VsphereConfig
from sinks.vsphere.permission import check_name

if TYPE_CHECKING:
    from pathlib import Path

FILE = {"kafka": {"bootstrap": "localhost:9092"}}
REQUIRED = {
    "clone": {"name": "n", "mark": "0" * 16, "source": "s"},
    "create": {"name": "n", "mark": "0" * 16},
    "custom-attribute": {"attribute": "owner", "value": "x"},
    "lease": {"lease": "2026-12-24T18:00:00Z"},
    "migrate": {"to": ["esx-*"]},
    "destroy": {"category": "c", "tag": "t"},
    "disable-alarm-actions": {"expires": None},
    "dvs-mtu": {"mtu": 9000},
    "enter-maintenance": {"within": 60},
    "preempt": {"category": "c", "tag": "t"},
    "purge": {"path": "[s] q/m-f", "mark": "0" * 16},
    "quarantine": {"path": "[s] f/m.vmx", "mark": "0" * 16},
    "resize": {"cpus": 2},
    "snapshot-retention": {"names": ["*"], "older_than": 60},
    "tag": {"category": "c", "tag": "t"},
}
ATTRIBUTE = {"attribute": "owner", "value": "{data.UserName}"}


def config(**fields: Any) -> VsphereConfig:
    given = {"name": "isolate", "type": "vsphere", "action": "disconnect-vnic"}
    return VsphereConfig.model_validate(given | fields)


def test_it_is_what_the_registry_gives() -> None:
    assert VsphereConfig is registry.model("vsphere")


def test_nothing_may_be_touched_by_default() -> None:
    careful = config()
    assert (True, ()) == (careful.dry_run, careful.allow)
    with pytest.raises(Reject, match="allow list"):
        check_name("web-1", allow=careful.allow, protect=careful.protect)


def test_one_machine_at_a_time_is_acted_on_by_default() -> None:
    assert 1 == config().in_flight


@pytest.mark.parametrize(
    "fields", [{"in_flight": 9}, {"action": "explode"}, {"target": "a..b"}, {"target": ""}, {"allowed": ["*"]}]
)
def test_nonsense_is_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        config(**fields)


@pytest.mark.parametrize("name", ["web-1", "WEB-2", "db"])
def test_a_name_that_fits_may_be_touched(name: str) -> None:
    check_name(name, allow=["web-*", "db"], protect=["*-master"])


@pytest.mark.parametrize(("name", "reason"), [("web-master", "protected"), ("app-1", "allow list"), ("db2", "allow")])
def test_a_name_that_is_protected_or_does_not_fit_may_not(name: str, reason: str) -> None:
    with pytest.raises(Reject, match=reason):
        check_name(name, allow=["web-*", "db"], protect=["*-MASTER"])


def document(**fields: Any) -> dict[str, Any]:
    """A file with one sink."""
    return {**FILE, "sinks": {"act": {"type": "vsphere", **fields}}}


def problems(folder: Path, **fields: Any) -> list[tuple[str, str, str]]:
    """What an operator is told about a sink: path below it, what, cure."""
    path = folder / "reflexarc.yaml"
    path.write_text(yaml.safe_dump(document(**fields)))
    with pytest.raises(ConfigError) as caught:
        load(path, sink_models=registry.model, sink_types=("vsphere",))
    return [(each.where.removeprefix("sinks.act."), each.what, each.cure) for each in caught.value.problems]


def suits_the_schema(**fields: Any) -> bool:
    """What an editor says."""
    return bool(Draft202012Validator(json_schema(registry.model, ("vsphere",))).is_valid(document(**fields)))


@pytest.mark.parametrize("action", ACTIONS)
def test_every_action_has_parameters_of_its_own(action: str) -> None:
    given = REQUIRED.get(action, {})
    assert actions.parameters(action)(**given) == config(action=action, parameters=given).parameters


@pytest.mark.parametrize("given", [{}, {"parameters": None}, {"parameters": {}}])
def test_what_is_not_said_has_its_default(given: dict[str, Any]) -> None:
    scale = config(action="scale", **given).parameters.model_dump()
    mebibyte = 2**20
    assert "now" == scale.pop("when")
    assert {"add_cpus": 1, "max_cpus": 4, "add_memory": 2048 * mebibyte, "max_memory": 8192 * mebibyte} == scale


def test_parameters_are_shown_with_the_rest_of_the_configuration() -> None:
    shown = config(action="scale", parameters={"max_cpus": 8}).model_dump(mode="json")
    assert 8 == shown["parameters"]["max_cpus"]


@pytest.mark.parametrize(
    ("action", "parameters", "problem"),
    [
        ("scale", {"add_cpu": 1}, ("parameters.add_cpu", "not a known key", "did you mean add_cpus?")),
        ("scale", {"add_cpus": -1}, ("parameters.add_cpus", "too small", "at least 0")),
        ("scale", {"add_cpus": 0, "add_memory": 0}, ("parameters.add_cpus", "nothing is left to do", "at least 1")),
        ("scale", {"max_memory": "3MiB"}, ("parameters.max_memory", "no multiple of 4MiB", "write 4MiB")),
        ("scale", 7, ("parameters", "not a mapping", "key: value")),
        ("power-on", {"force": True}, ("parameters.force", "not a known key", "remove it")),
        ("custom-attribute", None, ("parameters", "is missing", "{attribute: …, value: …}")),
        ("custom-attribute", {}, ("parameters", "is missing", "{attribute: …, value: …}")),
        ("custom-attribute", {"value": "x"}, ("parameters.attribute", "is missing", "add attribute")),
        ("custom-attribute", {**ATTRIBUTE, "value": "{"}, ("parameters.value", "braces", "{subject}")),
        ("snapshot", {"name": "always the same"}, ("parameters.name", "does not hold {id}", "add it")),
        ("snapshot", {"memory": True, "quiesce": True}, ("parameters.quiesce", "no effect with memory", "false")),
        ("snapshot", {"limit": 33}, ("parameters.limit", "too large", "at most 32")),
        ("explode", {"force": True}, ("action", "is no action", "known: acknowledge-alarm, ")),
    ],
)
def test_a_wrong_parameter_is_named_with_its_cure(
    tmp_path: Path, action: str, parameters: Any, problem: tuple[str, str, str]
) -> None:
    where, what, cure = problem
    ((found, said, advice),) = problems(tmp_path, action=action, parameters=parameters)
    assert (where, True, True) == (found, what in said, cure in advice)


def test_parameters_that_are_not_there_at_all_are_named_too(tmp_path: Path) -> None:
    ((where, what, cure),) = problems(tmp_path, action="custom-attribute")
    assert ("parameters", "is missing", "add parameters: {attribute: …, value: …}") == (where, what, cure)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"action": "power-on"}, True),
        ({"action": "scale", "parameters": {"max_memory": "16GiB"}}, True),
        ({"action": "custom-attribute", "parameters": ATTRIBUTE}, True),
        ({"action": "power-on", "parameters": {"force": True}}, False),
        ({"action": "scale", "parameters": {"limit": 3}}, False),
        ({"action": "snapshot", "parameters": {"limit": 33}}, False),
        ({"action": "custom-attribute"}, False),
        ({"action": "custom-attribute", "parameters": {"value": "x"}}, False),
    ],
)
def test_editors_know_the_parameters_of_each_action(fields: dict[str, Any], *, expected: bool) -> None:
    assert expected == suits_the_schema(**fields)
