"""The help of every command, as Markdown."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from typer.main import get_command

from ops.cli import app
from ops.cli.commands import COMMANDS, load
from tests.docs.table import code, table

if TYPE_CHECKING:
    from collections.abc import Iterator


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command that can be run, with the words that name it; the first is ``reflexarc`` itself."""
    yield (), get_command(app)
    for name in COMMANDS:
        yield from _leaves((name,), load(name))


def parse(words: list[str]) -> None:
    """Read a command line as ``reflexarc`` does, and run nothing, not even what an option does by itself.

    Raises:
        typer.TyperException: it is wrong.
    """
    command: Any = get_command(app)
    name, context = "reflexarc", None
    while True:
        for param in command.params:
            param.callback = None  # --install-completion would do it
        context = command.make_context(name, words, parent=context)
        rest = [*context._protected_args, *context.args]
        if not hasattr(command, "commands") or not rest:
            return
        name, command, words = command.resolve_command(context, rest)


def render() -> str:
    """A section per command."""
    return "\n\n".join(_section(path, command) for path, command in commands())


def _leaves(path: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
    inner = getattr(command, "commands", None)
    if inner is None:
        yield path, command
    for name, one in (inner or {}).items():
        yield from _leaves((*path, name), one)


def _section(path: tuple[str, ...], command: Any) -> str:
    shown = [param for param in command.params if not getattr(param, "hidden", False)]
    usage = " ".join(["reflexarc", *path, *filter(None, map(_usage, shown)), *(["COMMAND"] if not path else [])])
    parts = [f"### {' '.join(('reflexarc', *path))}", inspect.cleandoc(command.help or ""), f"```text\n{usage}\n```"]
    if shown:
        parts.append(table(("option", "meaning", "default"), map(_row, shown)))
    return "\n\n".join(parts)


def _usage(param: Any) -> str:
    """How a parameter stands in the usage; empty for one that may be left out as an option."""
    name = str(param.name).upper()
    if param.param_type_name == "argument":
        return name if param.required else param.metavar or f"[{name}]..."
    return f"{param.opts[0]} {name}" if param.required else ""


def _row(param: Any) -> tuple[str, str, str]:
    if param.param_type_name == "argument":
        return code(str(param.name).upper()), param.help, "required" if param.required else "-"
    names = ", ".join(code(name) for name in (*param.opts, *param.secondary_opts))
    variable = f" Environment: `{param.envvar}`." if param.envvar else ""
    absent = param.default is None or param.default is False or param.is_flag
    if param.required:
        return names, f"{param.help}{variable}", "required"
    return names, f"{param.help}{variable}", "-" if absent else code(param.default)
