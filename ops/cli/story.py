"""``reflexarc remediation show``: the whole story of one action."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson
import typer
from rich.console import Group
from rich.text import Text

from ops.cli.audit import instant
from ops.cli.context import load_config
from ops.cli.output import emit, printable, progress
from ops.cli.switch import Json  # noqa: TC001 - typer reads annotations
from schemas.epoch import written
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from schemas.config import Config
    from streams.trail.entry import Entry

MOST: Final = 10_000
"""Records of one action, and ids that begin alike; the newest."""

SHOWN: Final = 10

_OF_ALL: Final = ("action", "actionId", "sink", "requester", "parameters", "entity", "cause")
"""What every record of one action says alike."""


def show(
    ctx: typer.Context,
    action: Annotated[str, typer.Argument(metavar="ID", help="Id of an action, or how it begins.")],
    since: Annotated[str, typer.Option(help="Look so far back: 24h, 30d, a timestamp.")] = "7d",
    json: Json = False,
) -> None:
    """Show what was asked for, decided and done under one id, step by step, from the audit.

    Reads the audit topic from --since on.
    """
    config = load_config(ctx)
    found = steps(config, action, since)
    emit(
        _data(found),
        json=json,
        table=lambda: Group(*(Text(printable(text)) for text in (_title(found[0]), *_lines(found)))),
    )


def steps(config: Config, action: str, since: str) -> Sequence[Entry]:
    """Every record of the one action.

    Raises:
        ReflexarcError: there is none, or there are several actions whose ids begin so.
    """
    from ops.trail.newest import newest
    from ops.trail.wanted import Wanted
    from streams.trail.reader import Trail

    wanted = Wanted(action_id=action, since=instant(since, "--since"))
    with progress("reading the audit"), Trail(config.kafka, wanted.since) as trail:
        _, found = newest(filter(wanted.takes, trail.present()), MOST)
    ids = sorted({entry.action_id for entry in found})
    if action in ids:
        ids = [action]
    if not ids:
        raise ReflexarcError(
            f"the audit knows no action {action} since {since}",
            cure="look further back with --since, or for it with `reflexarc audit`",
        )
    if len(ids) > 1:
        raise ReflexarcError(f"several actions begin with {action}", cure=f"write more of it: {', '.join(ids[:SHOWN])}")
    return [entry for entry in found if entry.action_id == ids[0]]


def _title(first: Entry) -> str:
    cause = first.data.get("cause")
    by = (
        f", for {cause.get('type', '')} {cause.get('source', '')} {cause.get('id', '')}"
        if isinstance(cause, dict)
        else ""
    )
    return f"{first.action_id}: {first.action} {' '.join(first.entity)}, asked for by {first.text('requester')}{by}"


def _lines(steps: Sequence[Entry]) -> Iterator[str]:
    parameters = steps[0].data.get("parameters")
    if parameters:
        yield f"parameters: {_shown(parameters)}"
    for entry in steps:
        yield f"{written(entry.time, 'milliseconds')}  {entry.step}"
        for name, value in _more(entry).items():
            yield f"    {name}: {_shown(value)}"


def _more(entry: Entry) -> dict[str, Any]:
    """What a record says beside what all of them say."""
    return {name: value for name, value in entry.details() if name not in _OF_ALL}


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _data(steps: Sequence[Entry]) -> dict[str, Any]:
    return {
        **{name: steps[0].data.get(name) for name in _OF_ALL},
        "steps": [{"step": entry.step, "time": written(entry.time), **_more(entry)} for entry in steps],
    }
