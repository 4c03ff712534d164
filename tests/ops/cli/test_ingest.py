from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import pytest

from ops.cli import run
from schemas.errors import ConfigError, Refused

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def config(tmp_path: Path) -> Path:
    (tmp_path / "password").write_text("a-secret-password")
    path = tmp_path / "reflexarc.yaml"
    path.write_text(
        "kafka: {bootstrap: '127.0.0.1:1'}\n"
        "vcenters: {vc1: {url: 'https://127.0.0.1:1', username: u, password_file: password}}\n"
    )
    return path


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--only", "vc9"], "has no vc9, which --only names — known: vc1"),
        (["--accept-identity", "vc9"], "has no vc9, which --accept-identity names — known: vc1"),
        (["--probe", "nowhere"], "--probe: is not host:port"),
    ],
)
def test_a_wrong_option_is_told_before_anything_connects(
    config: Path, capsys: pytest.CaptureFixture[str], options: list[str], words: str
) -> None:
    assert ConfigError.exit_code == run(["--config", str(config), "ingest", "vcenter", *options])
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["vcenter", "inventory"])
def test_no_vcenter_at_all_is_a_configuration_error(
    config: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    config.write_text("kafka: {bootstrap: '127.0.0.1:1'}\n")
    assert ConfigError.exit_code == run(["--config", str(config), "ingest", kind])
    assert "add a vCenter to follow" in capsys.readouterr().err


def test_a_webhook_that_is_not_configured_is_a_configuration_error(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ConfigError.exit_code == run(["--config", str(config), "ingest", "webhook"])
    assert "webhook" in capsys.readouterr().err


def test_a_recording_of_nobody_needs_a_name(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "page.xml.gz").write_bytes(gzip.compress(b"<page/>"))
    assert ConfigError.exit_code == run(["--config", str(config), "ingest", "play", str(tmp_path / "page.xml.gz")])
    assert "--as" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "words"), [(None, "cannot be read"), (b"no gzip", "cannot be read")])
def test_what_is_no_recording_is_refused(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
) -> None:
    if content:
        (tmp_path / "file").write_bytes(content)
    assert Refused.exit_code == run(["--config", str(config), "ingest", "play", str(tmp_path / "file")])
    assert words in capsys.readouterr().err


def test_a_followed_vcenter_is_not_played_over(
    config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "page.xml.gz").write_bytes(gzip.compress(b"<page/>"))
    arguments = ["ingest", "play", str(tmp_path / "page.xml.gz"), "--as", "vc1"]
    assert Refused.exit_code == run(["--config", str(config), *arguments])
    assert "vc1 is a vCenter that is followed" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["vcenter", "webhook"])
def test_help_says_what_it_does(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == run(["ingest", command, "--help"])
    assert "--probe" in capsys.readouterr().out
