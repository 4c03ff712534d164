"""``reflexarc remediation``: the operator's room of remediation."""

from __future__ import annotations

import typer

from ops.cli.approve import approve, pending, refuse
from ops.cli.story import show
from ops.cli.switch import pause, resume, status
from ops.cli.undo import undo

app = typer.Typer(help="Remediation: stop it, see what it does, answer what waits for a person.", no_args_is_help=True)

for command in (pause, resume, status, pending, approve, refuse, show, undo):
    app.command()(command)
