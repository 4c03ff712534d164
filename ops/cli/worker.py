"""``reflexarc worker``: the stream roles, each its own process."""

from __future__ import annotations

import os
import sys
import threading
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ops.cli import completion
from ops.cli.context import global_options, options

if TYPE_CHECKING:
    from ops.sources import Files


def complete_roles(incomplete: str) -> list[str]:
    """Roles that begin with what was typed."""
    roles = ("router", "throttle", "deliver", "analytics", "decide", "execute", "command")
    return [role for role in roles if role.startswith(incomplete)]


def worker(
    ctx: typer.Context,
    role: Annotated[
        str | None,
        typer.Option(
            help="router, throttle, deliver, analytics, decide, execute or command; without it all, as processes.",
            autocompletion=complete_roles,
        ),
    ] = None,
    sinks: Annotated[
        str | None,
        typer.Option(
            help="Deliver only to these, comma-separated; one that reads from the events alone.",
            autocompletion=completion.sinks,
        ),
    ] = None,
    events: Annotated[
        str | None,
        typer.Option(help="Deliver to this sink, which reads from the events.", autocompletion=completion.sinks),
    ] = None,
    probe: Annotated[str | None, typer.Option(help="Serve /health, /ready and /metrics at HOST:PORT.")] = None,
    instance: Annotated[
        str | None, typer.Option(help="Name in the consumer group, kept over restarts; default: host and a number.")
    ] = None,
    parent: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Route events to sink topics and deliver them.

    Without --role one supervisor starts every role as a process of its own and starts again what dies; throttle only
    when a route has one, analytics only when a sink has counts, decide and execute only when a sink is of type
    remediation or people may give commands, command only in this case, and each sink that reads from the events apart.
    SIGTERM finishes what has begun (up to 5 s), commits and leaves.
    """
    from ops.sources import Files

    files = Files(options(ctx).config)
    if role is not None:
        _serve(files, role, tuple(filter(None, (sinks or "").split(","))), events, probe, instance, parent)
    elif sinks or events or probe or instance:
        raise typer.BadParameter("--sinks, --events, --probe and --instance go with --role")
    else:
        _supervise(ctx, files.load())


def _serve(
    files: Files,
    role: str,
    sinks: tuple[str, ...],
    events: str | None,
    address: str | None,
    name: str | None,
    parent: int | None,
) -> None:
    import uvloop

    from ops import garbage
    from ops.instance import instance
    from ops.probe import Probe
    from ops.signals import hangup_event, stop_event
    from schemas import topics
    from streams.app import ROLES, run
    from streams.transport.health import Health

    chosen = next((known for known in ROLES if known == role), None)
    if chosen is None:
        raise typer.BadParameter(f"{role!r} is no role; choose one of {', '.join(ROLES)}", param_hint="--role")
    if (sinks or events) and chosen != "deliver":
        raise typer.BadParameter("--sinks and --events go with --role deliver", param_hint="--role")
    if sinks and events:
        raise typer.BadParameter("goes without --sinks", param_hint="--events")
    config, ready, health = garbage.packed(files.load), threading.Event(), Health()

    def problems() -> list[str]:
        return health.problems() if ready.is_set() else ["has not joined its consumer group yet"]

    async def main(name: str | None) -> None:
        stop = stop_event(parent)
        await run(
            config,
            chosen,
            stop=stop,
            started=ready.set,
            sinks=sinks,
            chooser=events,
            instance=name,
            health=health,
            source=files,
            reread=hangup_event(),
        )

    prefix = config.kafka.prefix
    group = topics.deliver_group(prefix, events) if events else topics.group(prefix, chosen)
    garbage.settle()
    with Probe.serving(address, problems), instance(group) as own:
        uvloop.run(main(name or own))


def _supervise(ctx: typer.Context, config: Any) -> None:
    import asyncio

    from ops.signals import stop_event
    from ops.supervisor import supervise
    from schemas import topics
    from streams.app import roles

    base = [sys.executable, "-m", "ops", *global_options(ctx), "worker", "--parent", str(os.getpid()), "--role"]
    commands: dict[str, list[str]] = {role: [*base, role] for role in roles(config)}
    for name in topics.reading_events(config):
        commands[f"{topics.DELIVER} {name}"] = [*base, topics.DELIVER, "--events", name]

    async def main() -> None:
        await supervise(commands, stop_event())

    asyncio.run(main())
