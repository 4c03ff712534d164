"""``reflexarc audit``: who did what, and what was decided; also for a SIEM."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated, Final, Literal

import typer

from ops.cli.context import load_config
from ops.cli.output import console, printable, progress
from schemas.epoch import written

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.trail.syslog import Collector, Syslog
    from ops.trail.wanted import Wanted
    from streams.trail.entry import Entry

Format = Literal["text", "json", "cef", "rfc5424"]

MOST: Final = 100_000


def audit(
    ctx: typer.Context,
    *,
    entity: Annotated[str | None, typer.Option(help="Name, vcenter/moref or subject; with * and ?.")] = None,
    action_id: Annotated[str | None, typer.Option(help="Id of an action, or how it begins.")] = None,
    actor: Annotated[str | None, typer.Option(help="Who did, approved or requested it; with * and ?.")] = None,
    type_: Annotated[
        str | None, typer.Option("--type", help="Type, also without com.reflexarc.: 'remediation.*'.")
    ] = None,
    since: Annotated[str, typer.Option(help="Begin there: 1h, 24h ago, a timestamp.")] = "24h",
    until: Annotated[str | None, typer.Option(help="End there, likewise; default: now.")] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on with what comes, until stopped.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=MOST, help="Of what is there, only so many, the newest.")] = 1000,
    json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    format_: Annotated[
        Format, typer.Option("--format", help="text, a CloudEvent in JSON per line, CEF, or syslog of RFC 5424.")
    ] = "text",
    syslog: Annotated[
        str | None,
        typer.Option(help="Send it there instead: HOST:PORT (TCP), udp://…, tcp://…, tls://…; rfc5424 or cef."),
    ] = None,
    syslog_ca: Annotated[
        Path | None, typer.Option(help="Authorities of the collector's certificate (PEM).", exists=True, dir_okay=False)
    ] = None,
) -> None:
    """Show who did what, and what was decided; also for a SIEM.

    One line per record, the newest last. Reads the audit topic from --since on, in no group. With --syslog every record
    is a syslog message of RFC 5424, with --format cef one that carries CEF; TCP and TLS count octets (RFC 6587, RFC
    5425).
    """
    from ops.signals import stop_of_threads
    from ops.trail.newest import newest
    from streams.trail.reader import Trail

    config = load_config(ctx)
    wanted = _wanted(entity, action_id, actor, type_, since, until, follow=follow)
    form = _form("json" if json else format_, syslog)
    stop = stop_of_threads() if follow else None
    with _sender(syslog, syslog_ca) as sender, Trail(config.kafka, wanted.since) as trail:
        tell = _teller(form, sender)
        with progress("reading the audit") if sys.stderr.isatty() else nullcontext():
            matching, found = newest(filter(wanted.takes, trail.present()), limit)
        for entry in found:
            tell(entry)
        if matching > len(found):
            sys.stderr.write(f"reflexarc: {matching - len(found)} older records left out — raise --limit\n")
        if stop is not None:
            for entry in filter(wanted.takes, trail.follow(stop.is_set)):
                tell(entry)


def _wanted(
    entity: str | None,
    action_id: str | None,
    actor: str | None,
    type_: str | None,
    since: str,
    until: str | None,
    *,
    follow: bool,
) -> Wanted:
    from ops.trail.wanted import Wanted

    begin = instant(since, "--since")
    end = None if until is None else instant(until, "--until")
    if end is not None and follow:
        raise typer.BadParameter("goes without --follow", param_hint="--until")
    if end is not None and end <= begin:
        raise typer.BadParameter("is before --since", param_hint="--until")
    return Wanted(entity, action_id, actor, type_, begin, end)


def instant(spelled: str, option: str) -> datetime:
    """The time that an option names.

    Raises:
        typer.BadParameter: it is none.
    """
    from ops.replay.moment import moment
    from schemas.config.fault import Fault

    try:
        return moment(spelled, datetime.now(UTC))
    except Fault as fault:
        raise typer.BadParameter(f"{fault.what}; {fault.cure}", param_hint=option) from None


def _form(given: Format, syslog: str | None) -> Format:
    if syslog is None:
        return given
    if given == "json":
        raise typer.BadParameter("goes with --format rfc5424 or cef", param_hint="--syslog")
    return "rfc5424" if given == "text" else given


def _sender(syslog: str | None, authorities: Path | None) -> Syslog | nullcontext[None]:
    from ops.trail.syslog import Syslog, collector
    from schemas.config.fault import Fault

    if syslog is None:
        return nullcontext()
    try:
        to: Collector = collector(syslog)
    except Fault as fault:
        raise typer.BadParameter(f"{fault.what}; {fault.cure}", param_hint="--syslog") from None
    return Syslog(to, ca_file=authorities)


def _teller(form: Format, sender: Syslog | None) -> Callable[[Entry], None]:
    """What becomes of an entry."""
    from ops.trail import cef, rfc5424

    if form == "text":
        return lambda entry: console.print(line(entry), markup=False, soft_wrap=True)
    if form == "json":
        return lambda entry: _print(_json(entry))
    if sender is None:
        made = cef.line if form == "cef" else rfc5424.message
        return lambda entry: _print(made(entry))
    if form == "cef":
        return lambda entry: sender.send(rfc5424.header(entry, "-", cef.line(entry)))
    return lambda entry: sender.send(rfc5424.message(entry))


def line(entry: Entry) -> str:
    """An entry for people: when, what, about whom, by whom, which action, why."""
    parts = (
        written(entry.time, "milliseconds"),
        entry.kind,
        " ".join(filter(None, (entry.action, entry.action_id))),
        " ".join(entry.entity),
        f"by {', '.join(entry.actors)}" if entry.actors else "",
        "dry run" if entry.data.get("dryRun") is True else "",
        entry.reason,
    )
    return printable("  ".join(filter(None, parts)))


def _json(entry: Entry) -> str:
    import orjson

    from schemas.cloudevents import json as event_format

    if entry.event is None:
        return orjson.dumps({"type": entry.type, "subject": entry.subject, "reason": entry.fault}).decode()
    return event_format.dumps(entry.event).decode()


def _print(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
