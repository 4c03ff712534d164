"""Names that the shell completes: sinks, routes and vCenters of the configuration, and words of commands.

They are read without validation, so that completion works while the file is being written and without access to
secrets; whatever is wrong gives no names instead of an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer  # noqa: TC002 - typer reads annotations

from ops.cli.context import options
from schemas.config.file import read
from schemas.topics import UNDECODABLE, UNROUTABLE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from streams.commands.form import Form


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


def words(ctx: typer.Context, incomplete: str) -> list[str]:
    """What may stand at this place of a command to ``reflexarc vm``, and starts with ``incomplete``.

    Whole names are known of presets, sizes, verbs and questions; of machines the vCenters that may stand before them.
    """
    from streams.commands.verbs import VERBS

    before, verb, data = list(ctx.params.get("words") or ()), VERBS.get(ctx.info_name or ""), _data(ctx)
    commands = data.get("commands")
    section = commands if isinstance(commands, dict) else {}
    known = {
        "vm": [f"{name}:" for name in _names(data.get("vcenters"))],
        "preset": _names(section.get("presets")),
        "size": _names(section.get("sizes")),
        "verb": list(VERBS),
    }
    offered = (name for form in (verb.forms if verb else ()) for name in _next(form, before, known))
    return [name for name in dict.fromkeys(offered) if name.startswith(incomplete)]


def _next(form: Form, before: Sequence[str], known: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """What may follow in one form of a verb."""
    if form.first and not before:
        return (form.first,)
    rest = form.rest(before)
    if rest is None or len(rest) >= len(form.arguments):
        return ()
    return known.get(form.arguments[len(rest)].name, ())


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
