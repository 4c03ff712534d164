"""``reflexarc topics``: create what is missing in Kafka, show what is there."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from clients.kafka import admin
from clients.kafka.drift import compare
from ops import handover
from ops.cli.context import load_config
from ops.cli.output import emit, listing
from schemas.config.units import format_duration
from schemas.topics import FOREVER, table

if TYPE_CHECKING:
    from clients.kafka.drift import TopicState
    from schemas.config import Config

app = typer.Typer(help="Kafka topics: create, list, print for an administrator.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def create(
    ctx: typer.Context,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for a broker that is away.")] = False,
    show: Annotated[
        bool, typer.Option("--print", help="Connect to nothing; print the commands for a Kafka administrator.")
    ] = False,
    json: Json = False,
) -> None:
    """Create the topics that are missing; running it again changes nothing.

    A topic that differs from what this installation needs is never altered: it is named with its cure, nothing is
    created, and the exit code is 4. With --print: topics, consumer groups, transactional ids and ACLs per component.
    """
    config = load_config(ctx)
    if show:
        _print(config, json=json)
        return
    if wait:
        admin.wait_for_broker(config.kafka, report=_progress)
    done = admin.create(config.kafka, table(config), report=_progress)
    emit(done._asdict(), json=json, table=lambda: f"{len(done.created)} created, {len(done.existing)} existing")


@app.command("list")
def list_(ctx: typer.Context, json: Json = False) -> None:
    """Show every topic of this installation: size, content, and where it differs from what is needed."""
    config = load_config(ctx)
    states = admin.describe(config.kafka, table(config))
    emit(
        [_data(state) for state in states],
        json=json,
        table=lambda: listing(
            f"Topics on {config.kafka.bootstrap}",
            ("name", "partitions", "replication", "retention", "records", "drift"),
            map(_row, states),
        ),
    )


def _print(config: Config, *, json: bool) -> None:
    if json:
        emit(handover.plan(config), json=True, table=str)
    else:
        typer.echo("\n".join(handover.script(config)))  # not through a table: a command is one line, however long


def _progress(line: str) -> None:
    typer.echo(line, err=True)


def _data(state: TopicState) -> dict[str, Any]:
    return {
        "name": state.topic.name,
        "partitions": state.partitions,
        "replication": state.replication,
        "retention_ms": int(state.settings["retention.ms"]) if state.partitions else None,
        "records": state.records,
        "holds": state.topic.holds,
        "drift": [asdict(drift) for drift in compare(state)],
    }


def _row(state: TopicState) -> tuple[object, ...]:
    drift = "; ".join(f"{found.what} — {found.cure}" for found in compare(state)) or "-"
    if not state.partitions:
        return (state.topic.name, "-", "-", "-", "-", drift)
    records = "unknown" if state.records is None else state.records
    return (state.topic.name, state.partitions, state.replication, _retention(state), records, drift)


def _retention(state: TopicState) -> str:
    if state.settings["cleanup.policy"] == "compact":
        return "compacted"
    retention_ms = int(state.settings["retention.ms"])
    return "forever" if retention_ms == FOREVER else format_duration(retention_ms / 1000)
