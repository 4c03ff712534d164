"""``reflexarc check``: is the configuration right, and what does it say?"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Group

from ops.cli.context import load_config, options
from ops.cli.output import emit, listing
from ops.routes.doubles import doubles
from ops.routes.overlap import overlaps
from schemas.config.units import format_duration, format_size
from schemas.errors import ConfigError
from schemas.topics import remedied, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from schemas.config import Config, RouteConfig, VcenterConfig, WebhookConfig
    from schemas.config.webhook import DoorConfig
    from schemas.topics import Topic


def check(
    ctx: typer.Context,
    connect: Annotated[
        bool, typer.Option("--connect", help="Ask Kafka, too, what is left of sinks that were removed.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Print the result, or every problem, as JSON.")] = False,
) -> None:
    """Validate the configuration; connects to nothing unless told.

    Prints what was understood: vCenters, routes, sinks, topics. Every problem is one line on stderr, and the exit
    code is then 2.
    """
    try:
        config = load_config(ctx)
        if any(vcenter.event_types for vcenter in config.vcenters.values()):
            from ingest.vcenter.feeds import eventtypes  # brings pyvmomi along

            eventtypes.check(config.vcenters)
        _refuse_doubles(config, str(options(ctx).config))
    except ConfigError as error:
        if json:
            told = [asdict(problem) for problem in error.problems]
            emit({"file": error.source, "ok": False, "problems": told}, json=True, table=Group)
        raise
    file, topics, notes = str(options(ctx).config), table(config), list(_notes(config))
    if connect:
        from ops.removed import leftovers  # brings a Kafka client along

        notes += map(str, leftovers(config))
    emit(_data(file, config, topics, notes), json=json, table=lambda: Group(*_lines(file, config, topics, notes)))


def _refuse_doubles(config: Config, file: str) -> None:
    if problems := list(doubles(config)):
        raise ConfigError(file, problems)


def _data(file: str, config: Config, topics: Sequence[Topic], notes: Sequence[str]) -> dict[str, Any]:
    return {
        "file": file,
        "ok": True,
        "problems": [],
        "notes": list(notes),
        "config": config.model_dump(mode="json"),
        "topics": [asdict(topic) for topic in topics],
    }


def _lines(file: str, config: Config, topics: Sequence[Topic], notes: Sequence[str]) -> Iterator[RenderableType]:
    for part in _tables(config, topics):
        if part.row_count:
            yield part
            yield ""
    yield from (f"note: {note}" for note in notes)
    yield f"{file}: ok"


def _tables(config: Config, topics: Sequence[Topic]) -> Iterator[Table]:
    yield listing(
        "vCenters",
        ("name", "url", "user", "start from", "certificate"),
        (
            (name, vcenter.url, vcenter.username or "-", _start(vcenter.start_from), _trust(vcenter))
            for name, vcenter in config.vcenters.items()
        ),
    )
    yield listing(
        "Webhook",
        ("endpoint", "listens on", "path", "type", "door", "largest body"),
        (
            (
                name,
                webhook.listen,
                webhook.path(name),
                endpoint.type,
                ", ".join(_shown(endpoint.door, webhook)),
                format_size(webhook.max_body),
            )
            for webhook in (config.webhook,)
            if webhook
            for name, endpoint in webhook.served.items()
        ),
    )
    yield listing(
        "Routes",
        ("name", "match", "to"),
        ((route.name, asked(route), ", ".join(route.to)) for route in config.routes),
    )
    yield listing(
        "Sinks",
        ("name", "type", "retry", "time-out"),
        ((name, sink.type, sink.retry, format_duration(sink.timeout)) for name, sink in config.sinks.items()),
    )
    yield listing(
        f"Topics on {config.kafka.bootstrap}",
        ("name", "partitions", "replication", "cleanup", "retention"),
        (
            (topic.name, topic.partitions, topic.replication, topic.cleanup, _kept(topic.retention_ms))
            for topic in topics
        ),
    )


def _notes(config: Config) -> Iterator[str]:
    """What is allowed, but seldom meant."""
    used = {sink for route in config.routes for sink in route.to}
    for name in config.sinks:
        if name not in used:
            yield f"no route leads to the sink {name}"
    for overlap in overlaps(config.routes):
        yield (
            f"routes {overlap.first} and {overlap.second} reshape events for {overlap.sink} differently; "
            f"an event that takes both comes there once, as {overlap.first} leaves it"
        )
    for name, vcenter in config.vcenters.items():
        if vcenter.insecure:
            yield f"the certificate of vCenter {name} is not verified"
    if remedied(config):
        from ops.remediation.notes import notes  # brings the actions along

        yield from notes(config)
    if not config.vcenters and not config.webhook:
        yield "nothing brings events in: there is neither a vCenter nor a webhook"


def asked(route: RouteConfig) -> str:
    """What a route asks of an event, in short: its subjects, and the names of everything else."""
    if not route.enabled:
        return "off"
    keys = [key for key in route.match.given() if key != "subject"]
    keys += [key for key in ("active_windows", "mute_windows") if getattr(route, key)]
    keys += ["sample"] if route.sample < 1 else []
    keys += ["throttle"] if route.throttle else []
    return ", ".join([*(route.match.subject or ()), *keys]) or "any"


def _shown(door: DoorConfig | None, webhook: WebhookConfig) -> tuple[str, ...]:
    """What a sender of an endpoint must show, by the keys of the configuration."""
    if door is None:
        return ("token",) if webhook.token else ("none",)
    keys = ("token", "username", "hmac", "path_token", "certificates", "allow", "open")
    return tuple(key for key in keys if getattr(door, key))


def _start(start_from: Any) -> str:
    if isinstance(start_from, float | int):
        return f"{format_duration(start_from)} back"
    return str(start_from)


def _trust(vcenter: VcenterConfig) -> str:
    if vcenter.insecure:
        return "not verified"
    if vcenter.thumbprint:
        return "pinned"
    return str(vcenter.ca_file) if vcenter.ca_file else "-" if vcenter.recording else "system authorities"


def _kept(retention_ms: int) -> str:
    return format_duration(retention_ms / 1000) if retention_ms >= 0 else "forever"
