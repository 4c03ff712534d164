"""Errors become lines on stderr and an exit code; a traceback is shown only on request.

0 ok · 1 failed · 2 wrong configuration or usage · 3 nobody answered · 4 refused
"""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

import typer

from ops.cli.output import failure
from schemas.config import Redactor
from schemas.errors import ConfigError, ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.errors import Problem


def report(error: Exception, *, verbose: bool) -> int:
    """Print what the operator needs to know about ``error`` on stderr; the exit code."""
    if verbose and not isinstance(error, typer.TyperException):
        sys.stderr.write(Redactor().redact("".join(traceback.format_exception(error))))
    for line in _lines(error):
        sys.stderr.write(line + "\n")
    return error.exit_code if isinstance(error, ReflexarcError | typer.TyperException) else 1


def problem_line(source: str, problem: Problem) -> str:
    """``file:line path: what — cure``; parts that are not known are left out."""
    file = problem.file or source
    place = f"{file}:{problem.line}" if problem.line else file
    return (
        f"{place} {problem.where}: {problem.what} — {problem.cure}"
        if problem.where
        else (f"{place}: {problem.what} — {problem.cure}")
    )


def _lines(error: Exception) -> Iterator[str]:
    match error:
        case ConfigError():
            yield from (problem_line(error.source, problem) for problem in error.problems)
        case ReflexarcError():
            yield failure(error.message, error.cure)
        case typer.TyperException():
            yield from _usage(error)
        case typer.Abort():
            yield failure("aborted")
        case _:
            yield failure(f"{type(error).__name__}: {error}", "run again with -v in front of the command")


def _usage(error: typer.TyperException) -> Iterator[str]:
    message = error.format_message().strip().rstrip(".")
    if not message:  # a group without a command has printed its help
        return
    option = getattr(error, "option_name", None)
    context = getattr(error, "ctx", None)
    if context is None:
        yield failure(message)
    elif context.parent is not None and option in {o for p in context.find_root().command.params for o in p.opts}:
        yield failure(message, f"write it in front of the command: reflexarc {option} … {context.info_name}")
    else:
        yield failure(message, f"see `{context.command_path} --help`")
