"""``reflexarc ingest``: the outside world into Kafka."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import Annotated

import typer

from ops.cli import completion
from ops.cli.context import load_config
from ops.cli.webhook import webhook

app = typer.Typer(no_args_is_help=True)

ProbeOption = Annotated[str | None, typer.Option(help="Serve /health, /ready and /metrics at HOST:PORT.")]


@app.callback()
def ingest() -> None:
    """Bring events of vCenters and webhooks into Kafka."""


@app.command()
def vcenter(
    ctx: typer.Context,
    only: Annotated[
        str | None,
        typer.Option(help="Follow only these vCenters, comma-separated.", autocompletion=completion.vcenters),
    ] = None,
    accept_identity: Annotated[
        str | None,
        typer.Option(
            help="After a planned change: these vCenters, comma-separated, may be other servers than before.",
            autocompletion=completion.vcenters,
        ),
    ] = None,
    probe: ProbeOption = None,
    instance: Annotated[
        str | None, typer.Option(help="Name in the consumer group, kept over restarts; default: host and a number.")
    ] = None,
) -> None:
    """Follow the configured vCenters, exactly once into Kafka.

    Any number of processes share them. SIGTERM commits what has been read (up to 10 s) and leaves.
    """
    from ingest.vcenter.service import Service
    from ops import garbage
    from ops.instance import instance as named
    from ops.probe import Probe
    from ops.signals import stop_of_threads
    from schemas import topics

    config, stop = load_config(ctx), stop_of_threads()
    with named(topics.group(config.kafka.prefix, topics.INGEST_VCENTER)) as own:
        service = Service(
            config,
            only=_names(only),
            accept_identity=_names(accept_identity),
            instance=instance or own,
            stop=stop,
        )
        garbage.settle()
        with Probe.serving(probe, service.problems):
            service.run()


app.command()(webhook)


@app.command()
def inventory(
    ctx: typer.Context,
    only: Annotated[
        str | None,
        typer.Option(help="Follow only these vCenters, comma-separated.", autocompletion=completion.vcenters),
    ] = None,
    probe: ProbeOption = None,
) -> None:
    """Keep what filters know of the vCenters' entities current: paths, clusters, tags, custom attributes.

    One process is enough. SIGTERM writes what has been read (up to 10 s) and leaves.
    """
    import uvloop

    from ingest.inventory.service import Service
    from ops import garbage
    from ops.probe import Probe
    from ops.signals import stop_event

    service = Service(load_config(ctx), only=_names(only))

    async def serve() -> None:
        await service.run(stop_event())

    garbage.settle()
    with Probe.serving(probe, service.problems):
        uvloop.run(serve())


@app.command()
def play(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(help="A recording, or a folder of *.gz.")],
    name: Annotated[
        str | None, typer.Option("--as", help="Name of the vCenter in the events; default: what the recording says.")
    ] = None,
    rate: Annotated[float | None, typer.Option(min=0.01, help="Most events per second; default: no limit.")] = None,
    again: Annotated[
        bool, typer.Option(help="Publish once more what has been published before, with the same ids.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """Play a recording into Kafka, exactly once, as if it were a vCenter.

    Ends when all of it is committed. Played twice, nothing is published twice: the position is kept under the name.
    A vCenter that is followed cannot be played over: choose another name.
    """
    from ingest.vcenter.recording.pages import header
    from ingest.vcenter.recording.played import Played
    from ingest.vcenter.recording.player import Player
    from ops import garbage
    from ops.cli.output import emit, listing
    from ops.signals import stop_of_threads

    config = load_config(ctx)
    name = name or header(file).vcenter
    if not name:
        raise typer.BadParameter(f"{file} does not say which vCenter it is of; give it a name", param_hint="--as")
    player = Player(config, file, name=name, again=again, rate=rate, stop=stop_of_threads())
    garbage.settle()
    player.run()
    played = Played.under(name)
    emit(
        {"vcenter": name, **played._asdict()},
        json=json,
        table=lambda: listing(f"Played as {name}", ("what", "number"), played.rows()),
    )


def _names(given: str | None) -> tuple[str, ...]:
    return tuple(filter(None, (given or "").split(",")))
