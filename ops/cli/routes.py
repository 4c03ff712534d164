"""``reflexarc routes``: what there is, and whether it does what was expected."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from ops.cli.check import asked
from ops.cli.context import load_config
from ops.cli.output import console, emit, listing, printable
from schemas.errors import ReflexarcError

app = typer.Typer(help="Routes: list them, test them against expectations.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command("list")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """Show every route: what it asks of an event, and where it leads."""
    config = load_config(ctx)
    emit(
        [route.model_dump(mode="json", by_alias=True, exclude_defaults=True) for route in config.routes],
        json=json,
        table=lambda: listing(
            "Routes",
            ("name", "match", "to"),
            ((route.name, asked(route), ", ".join(route.to)) for route in config.routes),
        ),
    )


@app.command("test")
def compare(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="Expectations: events, and the sinks that each must reach.")],
    now: Annotated[
        datetime | None,
        typer.Option(help="Time of events that name none; windows are judged by it.", formats=["%Y-%m-%dT%H:%M:%S%z"]),
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the result as JUnit XML, too.")] = None,
    json: Json = False,
) -> None:
    """Route the events of a file, without a broker, and compare with what was expected.

    Exit code 1 when one goes elsewhere; each complaint names the route and what it saw.
    """
    from ops.routes.expectations import read_expectations
    from ops.routes.junit import document
    from ops.routes.verdict import judge
    from schemas.topics import largest

    config = load_config(ctx)
    moment = now or datetime.now(UTC)
    given = read_expectations(file, config)
    limit = largest(config)
    verdicts = [judge(each, config.routes, now=moment, limit=limit, rules=given.rules) for each in given.tests]
    failed = sum(bool(verdict.complaints) for verdict in verdicts)
    if json:
        emit(
            [{"name": v.name, "ok": not v.complaints, "complaints": v.complaints} for v in verdicts],
            json=True,
            table=str,
        )
    else:
        for verdict in verdicts:
            console.print(printable(f"{'FAIL' if verdict.complaints else 'ok  '} {verdict.name}"), markup=False)
            for complaint in verdict.complaints:
                console.print(printable(f"       {complaint}"), markup=False)
        console.print(f"{len(verdicts) - failed} as expected, {failed} not")
    if junit:
        _write(junit, document(str(file), verdicts))
    if failed:
        raise typer.Exit(1)


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        what = f"{path}: cannot be written: {(error.strerror or 'unknown').lower()}"
        raise ReflexarcError(what, cure="name a file in a folder that this user can write to") from None
