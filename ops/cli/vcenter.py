"""``reflexarc vcenter``: look at a vCenter, and at how far it has been read."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer
from rich.console import Group
from rich.text import Text

from ops.cli import completion
from ops.cli.context import load_config
from ops.cli.output import emit, listing
from ops.cli.rename import rename
from ops.vcenter.finding import MARKS
from schemas.config.names import suggestion
from schemas.config.units import format_duration
from schemas.errors import ConfigError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ingest.vcenter.position.checkpoint import Checkpoint
    from ops.vcenter.finding import Finding
    from ops.vcenter.standing import Standing
    from schemas.config import Config

app = typer.Typer(help="vCenters: can they be read, how far, under which name?", no_args_is_help=True)

app.command()(rename)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]

KAFKA_WITHIN: Final = 10.0
"""Seconds for Kafka to answer at all."""


@app.command()
def check(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="A configured vCenter.", autocompletion=completion.vcenters)],
    json: Json = False,
) -> None:
    """Look at one vCenter step by step: way, certificate, identity, log-in, clock, events, privileges.

    Says what each configured action lacks, for the account that acts there. Changes nothing, but logs in once per
    account, and needs no Kafka. The first step that fails is the last; its cure stands below it, and its kind is the
    exit code: 3 nobody answered, 4 refused.
    """
    from clients.vsphere.session import Session
    from ops.vcenter.checkup import examine
    from ops.vcenter.wanted import wanted

    config = load_config(ctx)
    (vcenter,) = (config.vcenters[each] for each in _chosen(config, [name]))
    findings = list(examine(Session(vcenter), lambda: _checkpoints(config).get(name), wanted(config, name)))
    emit([each._asdict() for each in findings], json=json, table=lambda: Group(*_lines(findings)))
    if code := next((each.exit_code for each in findings if each.outcome == "failed"), 0):
        raise typer.Exit(code)


@app.command()
def status(
    ctx: typer.Context,
    names: Annotated[
        list[str] | None, typer.Argument(help="vCenters; default: all.", autocompletion=completion.vcenters)
    ] = None,
    probe: Annotated[
        list[str] | None, typer.Option(help="HOST:PORT of a running ingest's --probe, to ask it, too; repeatable.")
    ] = None,
    json: Json = False,
) -> None:
    """Show how far each vCenter has been read, by what is stored in Kafka; no vCenter is asked.

    With --probe also whether it is being followed at this moment. Exit code 1 when one is not, or has never been.
    """
    from ops.vcenter.live import followed
    from ops.vcenter.owners import owners
    from ops.vcenter.standing import standing

    config, now = load_config(ctx), datetime.now(UTC)
    chosen, checkpoints = _chosen(config, names or []), _checkpoints(config)
    held = owners(config.kafka, chosen)
    live = {name for address in probe for name in followed(address)} if probe else None
    found = [standing(each, checkpoints.get(each), now=now, owners=held, followed=live) for each in chosen]
    emit([asdict(each) for each in found], json=json, table=lambda: _table(found))
    if not all(each.is_well for each in found):
        raise typer.Exit(1)


def _chosen(config: Config, names: Sequence[str]) -> list[str]:
    problems = [
        Problem("vcenters", f"no vCenter is called {name}", suggestion(name, config.vcenters, none="add it there"))
        for name in names
        if name not in config.vcenters
    ]
    if problems:
        raise ConfigError("command line", problems)
    return list(names) or list(config.vcenters)


def _checkpoints(config: Config) -> dict[str, Checkpoint]:
    from clients.kafka import admin
    from ingest.vcenter.position.restore import restore

    admin.wait_for_broker(config.kafka, report=lambda _: None, timeout=KAFKA_WITHIN)
    return restore(config.kafka)


def _lines(findings: Iterable[Finding]) -> Iterator[Text]:
    for finding in findings:
        yield Text(f"{MARKS[finding.outcome]} {finding.step:<12} {finding.what}")
        if finding.cure:
            yield Text(f"  {'':<12} {finding.cure}")


def _table(found: Iterable[Standing]) -> Any:
    columns = ("name", "followed", "owner", "last event", "age", "key", "incarnation")
    return listing("vCenters", columns, (_row(each) for each in found))


def _row(each: Standing) -> tuple[object, ...]:
    live = {None: "-", True: "yes", False: "no"}[each.followed]
    if each.time is None or each.age is None:
        return (each.vcenter, live, each.owner or "-", "never followed", "-", "-", "-")
    age = format_duration(max(0, round(each.age)))
    key = "-" if each.last_key is None else each.last_key
    return (each.vcenter, live, each.owner or "-", f"{each.time:%Y-%m-%dT%H:%M:%SZ}", age, key, each.incarnation)
