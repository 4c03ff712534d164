"""``reflexarc ingest``: the outside world into Kafka."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from ops.cli import completion
from ops.cli.context import load_config

if TYPE_CHECKING:
    from types import FrameType

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
    from schemas import topics

    config, chosen = load_config(ctx), tuple(filter(None, (only or "").split(",")))
    stop = _stop_on_signals()
    with named(topics.group(config.kafka.prefix, topics.INGEST_VCENTER)) as own:
        service = Service(config, only=chosen, instance=instance or own, stop=stop)
        garbage.settle()
        with Probe.serving(probe, service.problems):
            service.run()


@app.command()
def webhook(ctx: typer.Context, probe: ProbeOption = None) -> None:
    """Serve the HTTP door of the configuration: adapters, tokens, CloudEvents."""
    import uvloop

    from ingest.webhook.service import run
    from ops.probe import Probe, unless
    from ops.signals import stop_event

    config = load_config(ctx)
    ready = threading.Event()

    async def serve() -> None:
        await run(config, stop=stop_event(), ready=ready.set)

    with Probe.serving(probe, unless(ready.is_set)):
        uvloop.run(serve())


def _stop_on_signals() -> threading.Event:
    """An event that SIGTERM and SIGINT set; a second signal ends the process at once."""
    stop = threading.Event()

    def ask(number: int, _frame: FrameType | None) -> None:
        stop.set()
        signal.signal(number, signal.SIG_DFL)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop
