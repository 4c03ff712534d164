"""The command line: ``reflexarc``."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.main import get_command

from ops.cli.commands import COMMANDS, LazyGroup
from ops.cli.context import LogFormat  # noqa: TC001 - typer reads annotations

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["app", "main", "run"]


@dataclass(slots=True)
class Invocation:
    """What is known of a command line when it fails."""

    verbose: bool = False


app = typer.Typer(name="reflexarc", cls=LazyGroup, invoke_without_command=True)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"reflexarc {metadata.version('reflexarc')}")
        raise typer.Exit


@app.callback()
def root(
    ctx: typer.Context,
    config: Annotated[  # noqa: ARG001 - read through ops.cli.context
        Path, typer.Option("--config", "-c", envvar="REFLEXARC_CONFIG", help="Configuration file.")
    ] = Path("reflexarc.yaml"),
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show debug log and tracebacks.")] = False,
    log_format: Annotated[
        LogFormat, typer.Option("--log-format", envvar="REFLEXARC_LOG_FORMAT", help="Log as text or JSON lines.")
    ] = "text",
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """The reflexes of a datacenter: events of vCenters and webhooks through Kafka to whoever must act."""
    ctx.ensure_object(Invocation).verbose = verbose
    if ctx.invoked_subcommand is None:
        typer.echo(ctx.get_help())
        return
    from ops.cli import logs

    service = COMMANDS[ctx.invoked_subcommand].service
    logs.install(log_format, level=logging.DEBUG if verbose else logging.INFO if service else logging.WARNING)
    if not verbose:
        logs.quiet(service=service)


def run(arguments: Sequence[str]) -> int:
    """Run one command line; the exit code. Failures are lines on stderr, tracebacks only with ``-v``."""
    invocation = Invocation()
    try:
        code = get_command(app).main(arguments, prog_name="reflexarc", standalone_mode=False, obj=invocation)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has left; the interpreter must not complain about it while it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:  # noqa: BLE001 - the outermost frame: nothing may pass it
        from ops.cli.failures import report

        return report(error, verbose=invocation.verbose)
    return code if isinstance(code, int) else 0


def main() -> NoReturn:
    """Entry point of the ``reflexarc`` script."""
    sys.exit(run(sys.argv[1:]))
