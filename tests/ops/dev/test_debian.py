from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from ops.dev import debian
from ops.dev.service import Unobtainable

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ops.dev.services import Quiet


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH of our own: what apt-get would do is written down instead."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def script(file: Path, text: str) -> None:
    file.write_text(f"#!/bin/sh\n{text}\n")
    file.chmod(0o755)


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(debian, "_POLICY", tmp_path / "policy-rc.d")
    return tmp_path / "policy-rc.d"


@pytest.fixture
def as_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)


def test_without_apt_the_package_is_named(programs: Path, as_root: None, quiet: Quiet) -> None:
    with pytest.raises(Unobtainable, match="needs rabbitmq-server"):
        debian.install("rabbitmq-server", quiet)


def test_another_user_than_root_is_told_what_to_install(
    programs: Path, monkeypatch: pytest.MonkeyPatch, quiet: Quiet
) -> None:
    script(programs / "apt-get", "exit 1")
    monkeypatch.setattr("os.geteuid", lambda: 1000)

    with pytest.raises(Unobtainable, match="needs rabbitmq-server: install it, or run as root"):
        debian.install("rabbitmq-server", quiet)


def test_the_lists_are_updated_then_the_package_is_installed_without_recommendations(
    programs: Path, as_root: None, policy: Path, tmp_path: Path, quiet: Quiet
) -> None:
    script(programs / "apt-get", f'echo "$@" >> {tmp_path}/calls')

    debian.install("rabbitmq-server", quiet)

    update, install = (tmp_path / "calls").read_text().splitlines()
    assert update.endswith("-y update")
    assert install.endswith("-y install --no-install-recommends rabbitmq-server")


def test_services_stay_stopped_during_the_installation_only(
    programs: Path, as_root: None, policy: Path, tmp_path: Path, quiet: Quiet
) -> None:
    script(programs / "apt-get", f"{policy}; echo $? >> {tmp_path}/verdicts")

    debian.install("rabbitmq-server", quiet)

    assert ["101", "101"] == (tmp_path / "verdicts").read_text().split()
    assert not policy.exists()


def test_an_operators_own_policy_stays(programs: Path, as_root: None, policy: Path, quiet: Quiet) -> None:
    script(policy, "exit 42")
    script(programs / "apt-get", "exit 0")

    debian.install("rabbitmq-server", quiet)

    assert 42 == subprocess.run([policy], check=False).returncode


def test_a_failed_installation_is_said_in_one_line_and_leaves_no_policy_behind(
    programs: Path, as_root: None, policy: Path, quiet: Quiet
) -> None:
    script(programs / "apt-get", "echo 'E: Unable to fetch some archives'; exit 100")

    with pytest.raises(Unobtainable, match=r"^apt-get failed: E: Unable to fetch some archives$"):
        debian.install("rabbitmq-server", quiet)

    assert not policy.exists()
