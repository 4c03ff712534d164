from __future__ import annotations

import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import yaml

from ops.dev import environment
from ops.dev.component import Component, Status
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from pathlib import Path


def stack(folder: Path) -> Status:
    for name in ("password", "ca.pem"):
        (folder / name).write_text("secret")
    login = {"username": "u", "password_file": str(folder / "password"), "ca_file": str(folder / "ca.pem")}
    secure = {"protocol": "SASL_SSL", "mechanism": "SCRAM-SHA-512", **login}
    return Status(
        (
            Component(name="kafka", kind="kafka", state="running", real=True, endpoint="a:1", details=secure),
            Component(
                name="rabbitmq",
                kind="rabbitmq",
                state="running",
                real=True,
                endpoint="amqp://127.0.0.1:3/",
                details={key: login[key] for key in ("username", "password_file")},
            ),
            Component(name="vc1", kind="vcsim", state="running", real=True, endpoint="https://a:2/sdk", details=login),
            Component(name="vc2", kind="vcsim", state="absent", real=False, endpoint="recorded:/pages"),
        )
    )


def test_a_shell_reads_the_exports(tmp_path: Path) -> None:
    folder = tmp_path / "it's a folder"
    folder.mkdir()
    script = "\n".join([*environment.exports(stack(folder)), 'printf %s "$REFLEXARC_VC1_PASSWORD_FILE"'])

    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)

    assert str(folder / "password") == done.stdout


def test_what_is_absent_is_not_exported(tmp_path: Path) -> None:
    assert not [line for line in environment.exports(stack(tmp_path)) if "VC2_USERNAME" in line]


def test_the_configuration_passes_the_check(tmp_path: Path) -> None:
    file = tmp_path / "reflexarc.yaml"
    file.write_text(yaml.safe_dump(environment.configuration(stack(tmp_path))))

    config = load(file, sink_models=model, sink_types=tuple(SINKS))

    assert ("a:1", "SASL_SSL") == (config.kafka.bootstrap, config.kafka.security.protocol)
    assert ["vc1"] == list(config.vcenters)
    assert ["queue"] == list(config.sinks)


def test_only_what_is_there_is_configured() -> None:
    absent = Component(name="rabbitmq", kind="rabbitmq", state="absent", real=False)

    assert {} == environment.configuration(Status((absent,)))


def test_topics_on_a_cluster_have_the_copies_that_it_keeps(tmp_path: Path) -> None:
    single = stack(tmp_path)
    cluster = replace(single["kafka"], endpoint="a:1,a:2,a:3", details={**single["kafka"].details, "replication": "3"})
    file = tmp_path / "reflexarc.yaml"
    file.write_text(yaml.safe_dump(environment.configuration(Status((cluster,)))))

    config = load(file, sink_models=model, sink_types=tuple(SINKS))

    assert (3, "a:1,a:2,a:3") == (config.kafka.replication, config.kafka.bootstrap)
    assert [1] == [environment.configuration(Status((single["kafka"],)))["kafka"]["replication"]]
