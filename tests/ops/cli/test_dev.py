from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from ops.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    Dev = Callable[..., int]

EXTERNAL = ("--bootstrap", "kafka:9092", "--vcenter", "https://u:hush@vc/sdk", "--amqp", "amqp://rabbit/")


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def dev(state: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Dev]:
    """Runs ``reflexarc dev`` on a stack of its own, on a machine without any tool, and stops it in the end."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "200")

    def call(command: str, *arguments: str) -> int:
        return run(["dev", command, "--state", str(state), *arguments])

    yield call
    run(["dev", "down", "--state", str(state)])


def test_status_of_the_users_own_parts_is_listed_as_json(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    assert 0 == dev("up", *EXTERNAL, "--json")

    parts = json.loads(capsys.readouterr().out)
    assert [("kafka", "external"), ("rabbitmq", "external"), ("vc1", "external")] == [
        (part["name"], part["state"]) for part in parts
    ]


def test_a_password_in_an_address_is_never_shown(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("up", *EXTERNAL), ("status",), ("env",), ("env", "--export")):
        dev(*command)

    captured = capsys.readouterr()
    assert "hush" not in captured.out + captured.err


def test_env_prints_the_beginning_of_a_configuration(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    dev("up", *EXTERNAL, "--json")
    capsys.readouterr()

    assert 0 == dev("env")

    sections = yaml.safe_load(capsys.readouterr().out)
    assert "kafka:9092" == sections["kafka"]["bootstrap"]
    assert "https://vc/sdk" == sections["vcenters"]["vc1"]["url"]


def test_env_prints_lines_for_a_shell(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    dev("up", *EXTERNAL)
    capsys.readouterr()

    assert 0 == dev("env", "--export")

    assert "export REFLEXARC_KAFKA_ENDPOINT=kafka:9092" in capsys.readouterr().out.splitlines()


def test_env_without_a_stack_fails_with_the_cure(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == dev("env")

    assert "run reflexarc dev up" in capsys.readouterr().err


def test_status_is_1_when_nothing_runs(dev: Dev) -> None:
    assert 1 == dev("status")


def test_an_unknown_kind_is_refused(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == dev("up", "--only", "redis")

    assert "no such component: redis" in capsys.readouterr().err


def test_what_takes_the_place_of_a_missing_part_is_said_in_one_line(
    dev: Dev, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 0 == dev("up")

    captured = capsys.readouterr()
    for name, reason in (("kafka", "no java"), ("vc1", "no go"), ("vc2", "no go")):
        assert 1 == sum(f"{name}: {reason} on this machine; instead" in line for line in captured.err.splitlines())
    assert "running (stand-in)" in captured.out
    assert 0 == dev("status")


def test_a_stopped_stack_has_status_1_and_keeps_its_logs(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    dev("up", "--only", "kafka")
    assert 0 == dev("down")
    assert 1 == dev("status")
    capsys.readouterr()

    assert 0 == dev("logs", "kafka")


def test_the_last_lines_of_a_log_are_printed(dev: Dev, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dev("up", "--only", "kafka")
    (state / "kafka" / "broker.log").write_text("one\ntwo\nthree\n")
    capsys.readouterr()

    assert 0 == dev("logs", "kafka", "--lines", "2")

    assert "two\nthree\n" == capsys.readouterr().out


@pytest.mark.parametrize(("name", "why"), [("vc1", "vc1 has no log"), ("vc7", "the local stack has no 'vc7'")])
def test_a_log_that_does_not_exist_is_an_error(
    dev: Dev, capsys: pytest.CaptureFixture[str], name: str, why: str
) -> None:
    dev("up", *EXTERNAL)

    assert 1 == dev("logs", name)

    assert why in capsys.readouterr().err


def test_the_log_of_one_process_is_printed(dev: Dev, state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dev("up", "--only", "kafka")
    (state / "kafka" / "broker-2.log").write_text("two\n")
    capsys.readouterr()

    assert 0 == dev("logs", "kafka", "--process", "broker-2")
    assert "two\n" == capsys.readouterr().out

    assert 1 == dev("logs", "kafka", "--process", "broker-7")
    assert "broker-7 of kafka has no log" in capsys.readouterr().err


def test_a_number_of_brokers_that_cannot_be_run_is_refused(dev: Dev, capsys: pytest.CaptureFixture[str]) -> None:
    assert 1 == dev("up", "--brokers", "2")

    assert "choose 1 or 3" in capsys.readouterr().err
