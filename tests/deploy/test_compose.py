from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import pytest
import typer
import yaml

from streams.app import roles
from tests.deploy.commandline import understood

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import Config

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
DOCUMENT: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES: dict[str, dict[str, Any]] = DOCUMENT["services"]
OURS = sorted(name for name, service in SERVICES.items() if service.get("image") == "reflexarc")
SIMULATORS = sorted(name for name, service in SERVICES.items() if service.get("image") == "reflexarc-vcsim")


def properties(file: Path) -> dict[str, str]:
    text = Template(file.read_text()).safe_substitute(number=1, replication=1, min_insync=1)
    lines = (line.split("=", 1) for line in text.splitlines() if line and not line.startswith("#"))
    return {key: value for key, value in lines if "$" not in value}


def test_it_follows_the_compose_specification() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(FILE)]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert 0 == done.returncode, done.stdout + done.stderr


def test_every_service_of_ours_is_there() -> None:
    expected = [
        "ingest-inventory",
        "ingest-vcenter",
        "ingest-webhook",
        "topics-init",
        "worker-analytics",
        "worker-command",
        "worker-decide",
        "worker-deliver",
        "worker-execute",
        "worker-router",
        "worker-throttle",
    ]
    assert expected == OURS


@pytest.mark.parametrize("wrong", [["ingest", "vcentre"], ["worker", "--rolle", "router"], ["topics", "create", "now"]])
def test_a_command_that_is_not_ours_would_be_noticed(wrong: list[str]) -> None:
    with pytest.raises(typer.TyperException):
        understood(wrong)


@pytest.mark.parametrize("name", OURS)
def test_every_command_is_one_of_ours(name: str) -> None:
    assert understood(SERVICES[name]["command"])


@pytest.mark.parametrize("name", OURS + SIMULATORS)
def test_what_we_build_runs_without_rights_on_a_read_only_root(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"]
    assert ["ALL"] == service["cap_drop"]
    assert ["no-new-privileges:true"] == service["security_opt"]
    assert ["/tmp"] == service["tmpfs"]


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_published_on_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", ()))


@pytest.mark.parametrize("name", SERVICES)
def test_no_secret_stands_in_the_file(name: str) -> None:
    environment = SERVICES[name].get("environment", {})

    assert all(str(value).startswith("${") for key, value in environment.items() if "PASS" in key)
    assert all(set(secret) == {"environment"} for secret in DOCUMENT["secrets"].values())


@pytest.mark.parametrize("name", SIMULATORS)
def test_every_option_of_a_simulator_exists(name: str) -> None:
    declared = set(re.findall(r'flag\.\w+\(&o\.\w+, "([\w-]+)"', (ROOT / "ops/dev/vcsim/main.go").read_text()))

    used = {option.split("=")[0].removeprefix("-") for option in SERVICES[name]["command"]}
    assert set() == used - declared


def test_the_broker_is_set_up_as_without_containers() -> None:
    environment = SERVICES["kafka"]["environment"]
    expected = properties(ROOT / "ops/dev/kafka/server.properties")
    listeners = {"process.roles", "node.id", "controller.listener.names", "inter.broker.listener.name"}

    found = {key: str(environment.get("KAFKA_" + key.upper().replace(".", "_"))) for key in expected}
    assert expected == found
    assert listeners <= expected.keys()


def test_the_broker_has_the_version_of_the_local_stack() -> None:
    version = re.search(r"<kafka.version>(.*)</kafka.version>", (ROOT / "ops/dev/kafka/pom.xml").read_text())

    assert version
    assert SERVICES["kafka"]["image"].endswith(f":{version[1]}")


def test_the_configuration_is_right_and_names_only_services_that_exist(
    validate: Callable[..., Config],
) -> None:
    config = validate((ROOT / "deploy/compose/reflexarc.yaml").read_text(), "/run/secrets", "/certificates")

    assert "kafka" == config.kafka.bootstrap.partition(":")[0]
    assert set(SIMULATORS) == set(config.vcenters)
    assert {f"worker-{role}" for role in roles(config)} == {name for name in OURS if name.startswith("worker-")}


def test_every_secret_that_the_configuration_reads_is_mounted() -> None:
    text = (ROOT / "deploy/compose/reflexarc.yaml").read_text()

    read = set(re.findall(r"/run/secrets/(\w+)", text))
    assert read == set(DOCUMENT["secrets"])
    assert all(read == set(SERVICES[name]["secrets"]) for name in OURS)
