"""``reflexarc vcenter``: what is done to a vCenter's position."""

from __future__ import annotations

import typer

from ops.cli.rename import rename

app = typer.Typer(no_args_is_help=True)

app.command()(rename)


@app.callback()
def vcenter() -> None:
    """Look after the vCenters that are followed."""
