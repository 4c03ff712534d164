from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from ops.cli import run
from ops.demo.child import free_port
from schemas.errors import ConfigError, Refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "reflexarc.yaml"


def serve(config: Path, port: int, *options: str) -> int:
    config.write_text(f"kafka: {{bootstrap: '127.0.0.1:1'}}\nwebhook: {{listen: '127.0.0.1:{port}'}}\n")
    return run(["--config", str(config), "ingest", "webhook", *options])


@pytest.mark.parametrize("probe", ["nowhere", "127.0.0.1:0", "127.0.0.1:65535"])
def test_several_processes_need_a_port_each_for_their_probes(
    config: Path, capsys: pytest.CaptureFixture[str], probe: str
) -> None:
    """What does not fit is told before anything is started."""
    assert ConfigError.exit_code == serve(config, free_port(), "--processes", "2", "--probe", probe)
    assert "--probe" in capsys.readouterr().err


def test_a_port_that_the_system_chooses_cannot_be_shared(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each process would get another one."""
    assert ConfigError.exit_code == serve(config, 0, "--processes", "2")
    assert "--processes: cannot share a port that the system chooses" in capsys.readouterr().err


@pytest.mark.parametrize("number", ["0", "65", "two"])
def test_there_are_one_to_64_processes(config: Path, capsys: pytest.CaptureFixture[str], number: str) -> None:
    assert ConfigError.exit_code == serve(config, free_port(), "--processes", number)
    assert "--processes" in capsys.readouterr().err


def test_an_address_in_use_is_refused_before_anything_is_started(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Also when whoever has it would share it: two installations must not divide the requests by accident."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert Refused.exit_code == serve(config, other.getsockname()[1], "--processes", "2")
    assert "cannot listen on 127.0.0.1" in capsys.readouterr().err


def test_several_processes_of_no_webhook_are_a_configuration_error(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config.write_text("kafka: {bootstrap: '127.0.0.1:1'}\n")
    assert ConfigError.exit_code == run(["--config", str(config), "ingest", "webhook", "--processes", "2"])
    assert "webhook" in capsys.readouterr().err
