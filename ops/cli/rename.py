"""``reflexarc vcenter rename``: the position of a vCenter under another name."""

from __future__ import annotations

from typing import Annotated

import typer

from ops.cli.context import load_config


def rename(
    ctx: typer.Context,
    old: Annotated[str, typer.Argument(help="The name so far.")],
    new: Annotated[str, typer.Argument(help="The name from now on.")],
) -> None:
    """Move the position of a vCenter to another name.

    Stop every `ingest vcenter`, change the name in the configuration, wait until its session has ended (10 s), run
    this, start again: nothing is read twice or left out. Ids and partition keys of its events begin with the new name
    from then on, so one entity's events may change their partition.
    """
    from ingest.vcenter.position.rename import rename

    moved = rename(load_config(ctx), old, new)
    typer.echo(f"{old} is {new} now; it goes on behind {moved.time.isoformat()}, key {moved.last_key}")
