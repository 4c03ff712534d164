"""``reflexarc ingest webhook``: the HTTP door, in one process or in several behind one address."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Annotated

import typer

from ops.cli.context import global_options, load_config

if TYPE_CHECKING:
    from schemas.config import Config

MOST = 64


def webhook(
    ctx: typer.Context,
    probe: Annotated[
        str | None,
        typer.Option(help="Serve /health, /ready and /metrics at HOST:PORT; further processes at the ports behind it."),
    ] = None,
    instance: Annotated[
        str | None,
        typer.Option(
            help="Name in the transactional ids, kept over restarts; of several processes with a number behind it; "
            "default: host and a number."
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, max=MOST, help="Serve with so many processes, and start again what dies.")
    ] = 1,
    share_port: Annotated[
        bool, typer.Option("--share-port", help="Share the address with other processes that say so, too.")
    ] = False,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
    number: Annotated[int, typer.Option(hidden=True)] = 0,
    among: Annotated[int, typer.Option(hidden=True)] = 1,
) -> None:
    """Serve the HTTP door of the configuration: adapters, tokens, CloudEvents.

    With --processes a supervisor starts so many, the kernel spreads connections over them, and each admits its share of
    every rate. SIGTERM closes the socket, answers what is in hand (up to 25 s) and leaves.
    """
    if parent is not None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)  # The supervisor passes it on; there is nothing to read again.
    config = load_config(ctx)
    if processes > 1:
        _supervise(config, _commands(ctx, processes, probe, instance), share_port=share_port)
    else:
        _serve(config, probe, instance, share_port=share_port, parent=parent, number=number, among=among)


def _serve(
    config: Config,
    probe: str | None,
    instance: str | None,
    *,
    share_port: bool,
    parent: int | None,
    number: int,
    among: int,
) -> None:
    import uuid

    import uvloop

    from ingest.webhook.service import run
    from ingest.webhook.siblings import Siblings
    from ops.instance import instance as named
    from ops.probe import Probe, unless
    from ops.signals import stop_event
    from schemas import topics

    ready = threading.Event()
    siblings = Siblings.of(probe, number=number, processes=among)

    async def serve(name: str) -> None:
        stop = stop_event(parent)
        await run(config, instance=name, stop=stop, ready=ready.set, share_port=share_port, siblings=siblings)

    with (
        named(topics.group(config.kafka.prefix, topics.INGEST_WEBHOOK)) as own,
        Probe.serving(probe, unless(ready.is_set)),
    ):
        uvloop.run(serve(instance or own or uuid.uuid4().hex))


def _commands(ctx: typer.Context, processes: int, probe: str | None, instance: str | None) -> dict[str, list[str]]:
    """The command of each process, by a name for the log.

    Raises:
        ConfigError: the probes do not fit.
    """
    from ingest.webhook.siblings import neighbour
    from schemas.config.fault import Fault
    from schemas.errors import ConfigError, Problem

    base = [sys.executable, "-m", "ops", *global_options(ctx), "ingest", "webhook", "--share-port"]
    base += ["--parent", str(os.getpid()), "--among", str(processes)]
    commands = {}
    try:
        for number in range(processes):
            own = ["--number", str(number)]
            own += [] if probe is None else ["--probe", neighbour(probe, number)]
            own += [] if instance is None else ["--instance", f"{instance}-{number}"]
            commands[f"webhook {number}"] = [*base, *own]
    except Fault as fault:
        raise ConfigError("command line", [Problem("--probe", fault.what, fault.cure)]) from None
    return commands


def _supervise(config: Config, commands: dict[str, list[str]], *, share_port: bool) -> None:
    import asyncio

    from ingest.webhook.listener import vacant
    from ingest.webhook.service import configured
    from ingest.webhook.slack.sockets import CONNECTIONS
    from ops.signals import stop_event
    from ops.supervisor import supervise
    from schemas.errors import ConfigError, Problem

    served = configured(config)
    if not served.port:
        what = "cannot share a port that the system chooses"
        raise ConfigError("command line", [Problem("--processes", what, "write a port in webhook.listen")])
    if len(commands) > CONNECTIONS and any(each.slack and each.slack.socket_mode for each in served.served.values()):
        what = f"are more than the {CONNECTIONS} connections that Slack allows an app in Socket Mode"
        raise ConfigError("command line", [Problem("--processes", what, f"use {CONNECTIONS} at most")])

    async def main() -> None:
        stop = stop_event()
        if not share_port:
            await vacant(served)
        await supervise(commands, stop)

    asyncio.run(main())
