"""``reflexarc remediation undo``: take an action back."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.actor import Reason, word
from ops.cli.context import load_config
from ops.cli.output import printable
from ops.cli.story import steps
from ops.cli.switch import Within  # noqa: TC001 - typer reads annotations
from schemas.errors import ReflexarcError, Unreachable


def undo(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="ID", help="Id of an action, or how it begins.")],
    since: Annotated[str, typer.Option(help="Look so far back: 24h, 30d, a timestamp.")] = "7d",
    reason: Reason = "",
    within: Within = 60.0,
) -> None:
    """Take an action back: bring the object into the state that the action had found.

    What somebody else has changed since is left alone; a machine that was put away is brought back. It is decided on
    as every action is, but for the alarm of its event; says what became of it. Exit code 1 when it was not done, 3 when
    its end has not come in time.
    """
    from ops.actor import person
    from ops.remediation import undoing

    config = load_config(ctx)
    said = word(person(), reason)
    done = undoing.undo(config, steps(config, action, since), person=said.actor, reason=said.reason, within=within)
    if done.doubt:
        typer.echo(printable(f"note: {done.doubt}"), err=True)
    if done.step not in {*undoing.FINAL, "parked"}:
        raise Unreachable(
            f"action {done.id} has not ended within {within:.0f} s; it is {done.step or 'not decided'}",
            cure=f"look again: reflexarc remediation show {done.id}",
        )
    if done.step not in {"succeeded", "planned", "parked"}:
        raise ReflexarcError(f"action {done.id}: {done.step}: {done.reason}")
    typer.echo(printable(f"action {done.id}: {done.step}{f': {done.reason}' if done.reason else ''}"))
