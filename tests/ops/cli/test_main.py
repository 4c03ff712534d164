from __future__ import annotations

import subprocess
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Any

import pytest
import typer

from ops import cli
from ops.cli.commands import COMMANDS, Command, load
from schemas import errors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

SECRET = "hunter2-of-vc1"

HEAVY = {"pydantic", "confluent_kafka", "faust", "pycurl", "pyVmomi", "aiohttp", "ops.cli.check"}

FAILURES: dict[type[BaseException], tuple[BaseException, int, str]] = {
    type(error): (error, code, line)
    for error, code, line in (
        (errors.ReflexarcError("it broke", cure="mend it"), 1, "reflexarc: it broke — mend it"),
        (errors.ReflexarcError("it\nbroke"), 1, "reflexarc: it broke"),
        (
            errors.ConfigError("f.yaml", [errors.Problem("a.b", "is odd", "even it", 3)]),
            2,
            "f.yaml:3 a.b: is odd — even it",
        ),
        (errors.Unreachable("nobody at kafka:9092", cure="wait"), 3, "reflexarc: nobody at kafka:9092 — wait"),
        (errors.Refused("kafka said no"), 4, "reflexarc: kafka said no"),
        (errors.Reject("never"), 1, "reflexarc: never"),
        (ValueError("odd"), 1, "reflexarc: ValueError: odd — run again with -v in front of the command"),
        (typer.Abort(), 1, "reflexarc: aborted"),
    )
}


def commands(command: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*path, name))


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Makes ``reflexarc check`` raise."""

    def fail(error: BaseException) -> None:
        def check() -> None:
            """Fail."""
            raise error

        monkeypatch.setitem(COMMANDS, "check", Command("ops.cli.check:check", "Fail."))
        monkeypatch.setattr("ops.cli.check.check", check)

    return fail


def test_without_a_command_it_prints_its_help(reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc()
    assert (0, "") == (outcome.code, outcome.err)
    assert all(name in outcome.out for name in COMMANDS)


def test_help_imports_no_command_and_no_heavy_library() -> None:
    script = f"import sys; from ops.cli import run; run(['--help']); print({HEAVY} & set(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert "set()" == done.stderr.strip()


def test_it_says_its_version(reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc("--version")
    assert (0, f"reflexarc {metadata.version('reflexarc')}\n") == (outcome.code, outcome.out)


@pytest.mark.parametrize("path", [(name, *rest) for name in COMMANDS for rest in commands(load(name))], ids=" ".join)
def test_every_command_has_a_help_text(path: tuple[str, ...], reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc(*path, "--help")
    assert (0, "") == (outcome.code, outcome.err)
    command = load(path[0])
    for name in path[1:]:
        command = command.commands[name]
    assert command.help
    assert [] == [part.name for part in command.params if not part.help and not part.hidden]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says_of_itself(name: str) -> None:
    assert COMMANDS[name].help == load(name).help.splitlines()[0]


@pytest.mark.parametrize("kind", FAILURES)
def test_an_error_is_one_line_and_the_exit_code_of_its_class(
    kind: type[BaseException], failing: Callable[[BaseException], None], reflexarc: Callable[..., Any]
) -> None:
    error, code, line = FAILURES[kind]
    failing(error)
    outcome = reflexarc("check")
    assert (code, "", f"{line}\n") == (outcome.code, outcome.out, outcome.err)


@pytest.mark.parametrize("kind", FAILURES)
def test_verbose_shows_the_traceback_above_the_line(
    kind: type[BaseException], failing: Callable[[BaseException], None], reflexarc: Callable[..., Any]
) -> None:
    error, code, line = FAILURES[kind]
    failing(error)
    outcome = reflexarc("-v", "check")
    assert (code, line) == (outcome.code, outcome.err.splitlines()[-1])
    assert outcome.err.startswith("Traceback (most recent call last):")


def test_an_interrupt_is_silent_and_exit_code_130(
    failing: Callable[[BaseException], None], reflexarc: Callable[..., Any]
) -> None:
    failing(KeyboardInterrupt())
    outcome = reflexarc("check")
    assert (130, "", "") == (outcome.code, outcome.out, outcome.err)


def test_a_traceback_shows_no_secret(
    failing: Callable[[BaseException], None], configuration: Path, reflexarc: Callable[..., Any]
) -> None:
    reflexarc("check")
    failing(ValueError(f"login with {SECRET}"))
    outcome = reflexarc("-v", "check")
    assert "login with **********" in outcome.err
    assert SECRET not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["chekc"], "reflexarc: No such command 'chekc'. Did you mean 'check'? — see `reflexarc --help`"),
        (["--confg", "x"], "reflexarc: No such option: --confg (Possible options: --config) — see `reflexarc --help`"),
        (["check", "extra"], "reflexarc: Got unexpected extra argument(s) (extra) — see `reflexarc check --help`"),
        (
            ["check", "--config", "x"],
            "reflexarc: No such option: --config — write it in front of the command: reflexarc --config … check",
        ),
        (
            ["--log-format", "xml", "check"],
            (
                "reflexarc: Invalid value for '--log-format' (env var: 'REFLEXARC_LOG_FORMAT'): Value error, 'xml' is"
                " not one of 'text', 'json' — see `reflexarc --help`"
            ),
        ),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(
    arguments: list[str], line: str, reflexarc: Callable[..., Any]
) -> None:
    outcome = reflexarc(*arguments)
    assert (2, "", f"{line}\n") == (outcome.code, outcome.out, outcome.err)


def test_a_group_without_a_command_prints_its_help(reflexarc: Callable[..., Any]) -> None:
    outcome = reflexarc("config")
    assert (2, "") == (outcome.code, outcome.err)
    assert "example" in outcome.out


def test_a_reader_that_leaves_early_gets_no_complaint() -> None:
    command = f"{sys.executable} -c 'from ops.cli import main; main()' config schema | head -c 1"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True, timeout=60)
    assert ("{", "") == (done.stdout, done.stderr)


def test_the_script_is_installed_under_its_name() -> None:
    (script,) = metadata.entry_points(group="console_scripts", name="reflexarc")
    assert cli.main == script.load()
