"""Names that the shell completes: sinks, routes and vCenters of the configuration.

They are read without validation, so that completion works while the file is being written and without access to
secrets; whatever is wrong gives no names instead of an error.
"""

from __future__ import annotations

from typing import Any

import typer  # noqa: TC002 - typer reads annotations

from ops.cli.context import options
from schemas.config.file import read
from schemas.topics import UNDECODABLE, UNROUTABLE


def sinks(ctx: typer.Context, incomplete: str) -> list[str]:
    """Configured sinks that start with ``incomplete``."""
    return _matching(_names(_data(ctx).get("sinks")), incomplete)


def dead_letters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Whose dead letters there are: sinks, ingest and the router, that start with ``incomplete``."""
    return _matching([*_names(_data(ctx).get("sinks")), UNDECODABLE, UNROUTABLE], incomplete)


def routes(ctx: typer.Context, incomplete: str) -> list[str]:
    """Configured routes that start with ``incomplete``."""
    return _matching(_names(_data(ctx).get("routes")), incomplete)


def vcenters(ctx: typer.Context, incomplete: str) -> list[str]:
    """Configured vCenters that start with ``incomplete``."""
    return _matching(_names(_data(ctx).get("vcenters")), incomplete)


def _data(ctx: typer.Context) -> dict[str, Any]:
    data = read(options(ctx).config).data
    return data if isinstance(data, dict) else {}


def _names(section: Any) -> list[str]:
    if isinstance(section, list):
        return [str(item["name"]) for item in section if isinstance(item, dict) and "name" in item]
    return list(section) if isinstance(section, dict) else []


def _matching(names: list[str], incomplete: str) -> list[str]:
    """Names that continue what was typed; in a comma list only the last one is completed."""
    done, comma, start = incomplete.rpartition(",")
    return [f"{done}{comma}{name}" for name in names if name.startswith(start)]
