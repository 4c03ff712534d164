"""Shared options behave as if they stood in the command itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from ops.cli.spread import spread

SEEN: list[object] = []


@dataclass(frozen=True, kw_only=True)
class Size:
    """Two options, one of which must be given."""

    width: Annotated[int, typer.Option(min=1, help="How wide.")]
    tall: Annotated[bool, typer.Option("--tall", help="Whether it is tall.")] = False


@spread
def draw(
    ctx: typer.Context, what: Annotated[str, typer.Argument(help="What.")], size: Size, colour: str = "red"
) -> None:
    """Draw something."""
    SEEN.append((ctx.info_name, what, size, colour))


app = typer.Typer()
app.command()(draw)


def test_a_command_gets_its_options_together() -> None:
    """As the dataclass, beside what is its own; what is not typed has its default."""
    SEEN.clear()
    for line in (["tree", "--width", "3", "--tall"], ["--width", "4", "tree", "--colour", "blue"]):
        assert 0 == CliRunner().invoke(app, line).exit_code
    assert [("draw", "tree", Size(width=3, tall=True), "red"), ("draw", "tree", Size(width=4), "blue")] == SEEN


def test_what_must_be_given_is_asked_for_and_what_is_wrong_is_refused() -> None:
    """By the name of the option."""
    for line in (["tree"], ["tree", "--width", "0"]):
        outcome = CliRunner().invoke(app, line)
        assert (2, True) == (outcome.exit_code, "--width" in outcome.output)


def test_help_lists_them_in_the_place_of_the_dataclass() -> None:
    """Nobody sees that they are declared elsewhere."""
    text = CliRunner().invoke(app, ["--help"]).output
    assert -1 < text.index("--width") < text.index("--tall") < text.index("--colour")
    assert "Draw something." in text
