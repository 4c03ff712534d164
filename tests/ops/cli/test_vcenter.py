"""``reflexarc vcenter check`` and ``status`` against a simulator and a broker."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from ingest.vcenter.position.checkpoint import Checkpoint
from ops.demo.child import free_port
from ops.probe import Probe
from schemas import topics
from tests.support.topics import produce
from tests.support.vcenter import installation

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import VcenterConfig
    from tests.ops.cli.conftest import Outcome

    Command = Callable[..., Outcome]

pytestmark = pytest.mark.stack

THEN = datetime(2026, 1, 31, 6, tzinfo=UTC)


@pytest.fixture
def installed(kafka: str, vcenters: dict[str, VcenterConfig], prefix: str, tmp_path: Path) -> Path:
    """The configuration of both simulators; vc1 was followed up to key 7."""
    config = installation(tmp_path, kafka, prefix, vcenters)
    checkpoint = Checkpoint(vcenter="vc1", instance_uuid="u", time=THEN, since=THEN, last_key=7)
    produce(kafka, topics.checkpoints(prefix), [checkpoint.dumps()], key=b"vc1")
    return config


@pytest.mark.usefixtures("installed")
def test_a_check_shows_a_mark_per_step(reflexarc: Command) -> None:
    outcome = reflexarc("vcenter", "check", "vc2")
    marks = {line.split()[1]: line[0] for line in outcome.out.splitlines() if line[0] != " "}
    assert 0 == outcome.code
    assert "✓" == marks["connection"] == marks["identity"] == marks["log-in"] == marks["events"]


@pytest.mark.usefixtures("installed")
def test_a_check_in_json_ends_with_what_failed(reflexarc: Command) -> None:
    outcome = reflexarc("vcenter", "check", "vc1", "--json")
    last = json.loads(outcome.out)[-1]
    assert (4, "identity", "failed") == (outcome.code, last["step"], last["outcome"])
    assert "another server than before" in last["what"]


def test_a_check_names_cure_and_kind_of_what_failed_and_no_secret(reflexarc: Command, installed: Path) -> None:
    Path(installed.parent / "vc2.password").write_text("not the password")
    outcome = reflexarc("vcenter", "check", "vc2")
    assert 4 == outcome.code
    assert "vcenters.vc2.password_file" in outcome.out.splitlines()[-1]
    assert "not the password" not in outcome.out + outcome.err


def test_a_check_tells_of_sinks_that_act_there(reflexarc: Command, installed: Path) -> None:
    with installed.open("a") as file:
        file.write("sinks:\n  isolate: {type: vsphere, action: disconnect-vnic, allow: ['*']}\n")
        file.write("  grow: {type: vsphere, action: scale, parameters: {add_memory: 0}}\n")
    found = {each["step"]: each for each in json.loads(reflexarc("vcenter", "check", "vc2", "--json").out)}
    assert ("ok", "ok") == (found["sink isolate"]["outcome"], found["sink grow"]["outcome"])
    needed = "has VirtualMachine.Config.CPUCount, VirtualMachine.Config.AdvancedConfig at the root"
    assert needed == found["sink grow"]["what"]


def test_a_check_asks_for_the_account_that_acts(reflexarc: Command, installed: Path) -> None:
    """The one that reads events will do, but should not; one of its own logs in, too."""
    with installed.open("a") as file:
        file.write("sinks:\n  stop: {type: remediation, action: power-off}\n")
    first = {each["step"]: each for each in json.loads(reflexarc("vcenter", "check", "vc2", "--json").out)}
    assert ("warning", "ok") == (first["actor"]["outcome"], first["sink stop"]["outcome"])
    assert "vcenters.vc2.actor" in first["actor"]["cure"]

    document = yaml.safe_load(installed.read_text())
    section = document["vcenters"]["vc2"]
    section["actor"] = {"username": section["username"], "password_file": section["password_file"]}
    installed.write_text(yaml.safe_dump(document))
    steps = json.loads(reflexarc("vcenter", "check", "vc2", "--json").out)
    told = [(each["step"], each["outcome"]) for each in steps if each["step"] in {"actor", "sink stop"}]
    assert [("actor", "warning"), ("actor", "ok"), ("sink stop", "ok")] == told
    assert "VirtualMachine.Interact.PowerOff" in steps[-1]["what"]

    section["actor"] = {"username": "nobody-here", "password_file": section["password_file"]}
    installed.write_text(yaml.safe_dump(document))
    outcome = reflexarc("vcenter", "check", "vc2", "--json")
    last = json.loads(outcome.out)[-1]
    assert (4, "actor", "failed") == (outcome.code, last["step"], last["outcome"])


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("command", ["check", "status"])
def test_an_unknown_name_is_a_usage_error_with_the_nearest_one(reflexarc: Command, command: str) -> None:
    outcome = reflexarc("vcenter", command, "vc11")
    assert 2 == outcome.code
    assert "did you mean vc1?" in outcome.err


@pytest.mark.usefixtures("installed")
def test_the_status_says_how_far_each_has_been_read(reflexarc: Command) -> None:
    outcome = reflexarc("vcenter", "status", "--json")
    found = {each["vcenter"]: (each["time"], each["last_key"], each["followed"]) for each in json.loads(outcome.out)}
    assert {"vc1": (THEN.isoformat(), 7, None), "vc2": (None, None, None)} == found
    assert 1 == outcome.code


@pytest.mark.usefixtures("installed")
def test_the_status_of_one_that_was_read_is_good_without_asking_it(reflexarc: Command) -> None:
    outcome = reflexarc("vcenter", "status", "vc1")
    row = next(line.split() for line in outcome.out.splitlines() if line.startswith("vc1"))
    assert (0, "2026-01-31T06:00:00Z", "7") == (outcome.code, row[3], row[5])


@pytest.mark.usefixtures("installed")
def test_the_status_asks_a_running_ingest_who_is_followed(reflexarc: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    text = b'# TYPE reflexarc_ingest_up gauge\nreflexarc_ingest_up{vcenter="vc1"} 0.0\n'
    monkeypatch.setattr("ops.probe.generate_latest", lambda: text)
    probe = Probe("127.0.0.1:0", list)
    probe.start()
    try:
        outcome = reflexarc("vcenter", "status", "vc1", "--probe", f"127.0.0.1:{probe.port}", "--json")
    finally:
        probe.close()
    assert (1, False) == (outcome.code, json.loads(outcome.out)[0]["followed"])


@pytest.mark.usefixtures("installed")
def test_an_ingest_that_is_away_is_exit_code_3(reflexarc: Command) -> None:
    address = f"127.0.0.1:{free_port()}"
    outcome = reflexarc("vcenter", "status", "--probe", address)
    assert 3 == outcome.code
    assert f"no ingest answers at {address}" in outcome.err


def test_a_broker_that_is_away_is_exit_code_3_with_its_address(
    reflexarc: Command, installed: Path, kafka: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ops.cli.vcenter.KAFKA_WITHIN", 0.5)
    installed.write_text(installed.read_text().replace(kafka, "127.0.0.1:9"))
    outcome = reflexarc("vcenter", "status")
    assert 3 == outcome.code
    assert "127.0.0.1:9" in outcome.err
