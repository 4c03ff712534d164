"""What an operator reads when something is missing or wrong: one line, an exit code, no traceback."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
import yaml

from ops.demo.child import free_port
from ops.demo.scene import Scene, kafka_section, vcenter_sections

if TYPE_CHECKING:
    from pathlib import Path

    from ops.dev.component import Status


def reflexarc(config: Path, *argv: str) -> tuple[int, list[str]]:
    """Run a command; its exit code and the lines of its standard error that are ours."""
    command = [sys.executable, "-m", "ops", "--config", str(config), *argv]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    return done.returncode, done.stderr.splitlines()


@pytest.fixture
def nobody(tmp_path: Path) -> Path:
    """A configuration whose broker is not there."""
    config = tmp_path / "reflexarc.yaml"
    config.write_text(yaml.safe_dump({"kafka": {"bootstrap": f"127.0.0.1:{free_port()}"}}))
    return config


@pytest.mark.parametrize("argv", [("topics", "list"), ("topics", "create")])
def test_without_a_broker_a_command_says_who_did_not_answer(nobody: Path, argv: tuple[str, ...]) -> None:
    code, lines = reflexarc(nobody, *argv)
    assert (3, 1) == (code, len(lines)), lines
    assert "127.0.0.1" in lines[0]
    assert "kafka.bootstrap" in lines[0]


@pytest.mark.stack
def test_a_role_without_its_topics_names_them_and_the_command_that_makes_them(
    stack: Status, tmp_path: Path, prefix: str
) -> None:
    config = tmp_path / "reflexarc.yaml"
    config.write_text(yaml.safe_dump({"kafka": kafka_section(stack, prefix)}))
    code, lines = reflexarc(config, "worker", "--role", "router")
    assert 4 == code
    assert f"{prefix}.events does not exist" in lines[-1]
    assert "reflexarc topics create" in lines[-1]


@pytest.mark.stack
def test_a_wrong_vcenter_password_is_one_line_that_names_the_field(stack: Status, tmp_path: Path, prefix: str) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("not-the-password\n")
    with Scene(tmp_path, stack, prefix=prefix) as scene:
        vcenter = vcenter_sections(stack)["vc1"] | {"password_file": str(wrong)}
        scene.write_config({"kafka": kafka_section(stack, prefix), "vcenters": {"vc1": vcenter}})
        scene.run("topics", "create")
        child = scene.begin("ingest", "ingest", "vcenter")
        deadline = time.monotonic() + 30
        while "password_file" not in child.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        log = child.log.read_text()
    refusals = [line for line in log.splitlines() if "vcenters.vc1.password_file" in line]
    assert 1 == len(refusals), log
    assert "Traceback" not in log
    assert "not-the-password" not in log
