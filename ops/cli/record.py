"""``reflexarc record``: the answers of a vCenter, kept as they come."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated

import typer

from ops.cli import completion
from ops.cli.context import load_config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from schemas.config import Config, VcenterConfig

app = typer.Typer(no_args_is_help=True)


@app.callback()
def record() -> None:
    """Keep what a vCenter sends, page by page."""


@app.command()
def vcenter(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="Name of a configured vCenter.", autocompletion=completion.vcenters)],
    to: Annotated[Path, typer.Option(help="The new file; only you may read it.")],
    start_from: Annotated[
        str, typer.Option(help="Where to begin in its log: now, a time back (24h), or a timestamp.")
    ] = "now",
    length: Annotated[str | None, typer.Option("--for", help="How long, such as 5m; default: until Ctrl-C.")] = None,
    pages: Annotated[int | None, typer.Option(min=1, help="Most pages to keep; default: as many as come.")] = None,
) -> None:
    """Record the pages of events that a vCenter sends, for `reflexarc ingest play`.

    Uses a session of its own and touches neither Kafka nor the position of `ingest vcenter`. Ends after --for, after
    --pages or by Ctrl-C, and prints what was kept. The file holds whatever the events say: names of users, machines
    and addresses; but no password, and no answer to a log-in.
    """
    from clients.vsphere.logins import Logins
    from ingest.vcenter.recording.capture import Capture
    from ingest.vcenter.recording.pages import Writer
    from ops.signals import stop_of_threads

    config, seconds = _chosen(load_config(ctx), name, start_from), _seconds(length)
    stop = stop_of_threads()
    with Writer(to) as writer, _set_after(seconds, stop):
        capture = Capture(config, Logins(), writer, limit=pages)
        capture.run(stop)
    typer.echo(f"{to}: {capture.pages} pages, {capture.events} events of {name}")


@contextmanager
def _set_after(seconds: float | None, stop: threading.Event) -> Iterator[None]:
    """Set ``stop`` when the body has taken so long; None never does."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, stop.set)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _chosen(config: Config, name: str, start_from: str) -> VcenterConfig:
    from pydantic import TypeAdapter, ValidationError

    from schemas.config.vcenter import StartFrom

    chosen = config.vcenters.get(name)
    if chosen is None or chosen.recording:
        servers = [known for known, vcenter in config.vcenters.items() if not vcenter.recording]
        known = ", ".join(servers) or "none"
        raise typer.BadParameter(f"{name} is no configured server; known: {known}", param_hint="NAME")
    try:
        return chosen.model_copy(update={"start_from": TypeAdapter(StartFrom).validate_python(start_from)})
    except ValidationError as error:
        fault = error.errors()[0]["ctx"]["error"]
        raise typer.BadParameter(str(fault), param_hint="--start-from") from error


def _seconds(length: str | None) -> float | None:
    from schemas.config.fault import Fault
    from schemas.config.units import parse_duration

    try:
        return None if length is None else parse_duration(length)
    except Fault as fault:
        raise typer.BadParameter(str(fault), param_hint="--for") from fault
