from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import pytest
import typer
from typer.testing import CliRunner

from ops.cli import app, completion

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TEXT = """
kafka: {}
vcenters: {vc1: {password: hunter2}, vc2: }
routes: [{name: power}, {name: alarms}, {}, 5]
sinks: {functions: {type: openfaas}, files: {}}
"""


def names(
    sink: Annotated[str, typer.Option(autocompletion=completion.sinks)] = "",
    route: Annotated[str, typer.Option(autocompletion=completion.routes)] = "",
    vcenter: Annotated[str, typer.Option(autocompletion=completion.vcenters)] = "",
    letters: Annotated[str, typer.Option(autocompletion=completion.dead_letters)] = "",
) -> None:
    """Take names."""


def complete(*words: str) -> list[str]:
    """What bash offers after these words."""
    environment = {
        "_REFLEXARC_COMPLETE": "complete_bash",
        "COMP_WORDS": " ".join(("reflexarc", *words)),
        "COMP_CWORD": str(len(words)),
    }
    return CliRunner().invoke(app, prog_name="reflexarc", env=environment).output.split()


@pytest.fixture
def _names(monkeypatch: pytest.MonkeyPatch) -> None:
    """``reflexarc check`` takes names."""
    monkeypatch.setattr("ops.cli.check.check", names)


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize(
    ("kind", "typed", "offered"),
    [
        ("sink", "f", ["functions", "files"]),
        ("sink", "fu", ["functions"]),
        ("sink", "functions,fi", ["functions,files"]),
        ("sink", "x", []),
        ("route", "p", ["power"]),
        ("vcenter", "vc", ["vc1", "vc2"]),
        ("letters", "", ["functions", "files", "ingest", "router"]),
        ("letters", "r", ["router"]),
    ],
)
def test_names_of_the_configuration_are_offered_though_it_is_not_right_yet(
    kind: str, typed: str, offered: list[str], write: Callable[[str], Path]
) -> None:
    write(TEXT)
    assert offered == complete("check", f"--{kind}", typed)


@pytest.mark.usefixtures("_names")
def test_names_come_from_the_file_named_in_front(write: Callable[[str], Path]) -> None:
    write(TEXT).rename("other.yaml")
    assert ["functions"] == complete("--config", "other.yaml", "check", "--sink", "fu")


@pytest.mark.usefixtures("_names")
@pytest.mark.parametrize("text", ["", "- a", "sinks: [", "sinks: 5"])
def test_a_broken_configuration_offers_nothing(text: str, write: Callable[[str], Path]) -> None:
    write(text)
    assert [] == complete("check", "--sink", "")


@pytest.mark.usefixtures("_names")
def test_no_configuration_offers_nothing() -> None:
    assert [] == complete("check", "--sink", "")


def test_commands_are_offered() -> None:
    assert ["check"] == complete("che")


def test_the_commands_of_a_group_are_offered() -> None:
    assert ["schema"] == complete("config", "s")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        (("po",), ["poweron", "poweroff"]),
        (("clone", "web01", ""), ["small", "large"]),
        (("clonetemplate", "web01", "golden", "s"), ["small"]),
        (("transform", "web01", ""), ["huge"]),
        (("invoke", ""), ["list", "show", "alarms", "events"]),
        (("invoke", "alarms", ""), []),
        (("help", "nu"), ["nuke"]),
        (("approve", ""), []),
    ],
)
def test_words_of_commands_are_offered(
    typed: tuple[str, ...], offered: list[str], write: Callable[[str], Path]
) -> None:
    write(TEXT + "commands: {presets: {small: {}, large: }, sizes: {huge: }}")
    assert offered == complete("vm", *typed)


@pytest.mark.parametrize("typed", [("poweron", "vc"), ("nuke", "web01", "vc"), ("invoke", "show", "vc")])
def test_vcenters_are_offered_in_front_of_machines(typed: tuple[str, ...], write: Callable[[str], Path]) -> None:
    write(TEXT)
    assert ["vc1:", "vc2:"] == complete("vm", *typed)
