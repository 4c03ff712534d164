"""The options in front of the command, and the configuration they name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import typer

    from schemas.config import Config

LogFormat = Literal["text", "json"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The global options of one invocation."""

    config: Path = Path("reflexarc.yaml")
    verbose: bool = False
    log_format: LogFormat = "text"


def options(ctx: typer.Context) -> Options:
    """The global options, also while a shell asks for completions and no command runs."""
    given = ctx.find_root().params
    return Options(config=Path(given["config"]), verbose=bool(given["verbose"]), log_format=given["log_format"])


def global_options(ctx: typer.Context) -> list[str]:
    """The same options as arguments, for a process that this one starts."""
    chosen = options(ctx)
    verbose = ["--verbose"] if chosen.verbose else []
    return ["--config", str(chosen.config.absolute()), "--log-format", chosen.log_format, *verbose]


def load_config(ctx: typer.Context) -> Config:
    """The validated configuration that ``--config`` names.

    Raises:
        ConfigError: with every problem of the file; ``main`` prints them and exits with 2.
    """
    # Imported here so that help and completion do not wait for pydantic.
    from ops.sources import Files

    return Files(options(ctx).config).load()
