"""Our own command line, asked only whether it understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from typer.main import get_command

from ops.cli import Invocation, app

if TYPE_CHECKING:
    from collections.abc import Sequence


def understood(arguments: Sequence[str]) -> list[str]:
    """The names of the commands in ``arguments``, parsed with every option, nothing run.

    Raises:
        typer.TyperException: the command line is wrong.
    """
    command: Any = get_command(app)
    context = command.make_context("reflexarc", list(arguments), obj=Invocation())
    names = []
    while hasattr(command, "resolve_command"):
        rest = [*context._protected_args, *context.args]
        name, command, rest = command.resolve_command(context, rest)
        names.append(name)
        context = command.make_context(name, rest, parent=context)
    return names
