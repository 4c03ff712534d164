"""``reflexarc demo``: three stories on real parts; ``reflexarc demo crisis``: those that end in actions."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ops.cli.output import emit, progress

if TYPE_CHECKING:
    from collections.abc import Sequence


def demo(
    what: Annotated[
        Literal["events", "crisis"], typer.Argument(help="events: how they travel; crisis: how they end in actions.")
    ] = "events",
    state: Annotated[Path, typer.Option(help="Folder of the local stack.")] = Path(".reflexarc/dev"),
    strict: Annotated[bool, typer.Option(help="A missing part is a failure; implied by CI=true.")] = False,
    keep: Annotated[bool, typer.Option(help="Leave the stack running afterwards.")] = False,
    bootstrap: Annotated[str | None, typer.Option(help="Your own Kafka, HOST:PORT.")] = None,
    vcenter: Annotated[
        list[str] | None, typer.Option(help="URL of your own vCenter simulator; repeatable; not for crisis.")
    ] = None,
    amqp: Annotated[str | None, typer.Option(help="URL of your own RabbitMQ.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """See events travel from simulated vCenters and a webhook to functions, a queue and a remediation.

    Brings up the local stack, tells three stories, ends by itself, and stops what it has started: also when it is
    interrupted. What this machine cannot have is replaced or left out, each said in one line. Exit code 0 only if all
    that ran came true.

    `demo crisis` tells of alarms and log lines that end in actions inside limits, on simulators of its own.
    """
    strict = strict or os.environ.get("CI") == "true"
    if what == "crisis":
        if vcenter:
            raise typer.BadParameter("the crisis has simulators of its own", param_hint="--vcenter")
        _crisis(state, strict=strict, keep=keep, bootstrap=bootstrap, amqp=amqp, json=json)
    else:
        _events(state, strict=strict, keep=keep, bootstrap=bootstrap, vcenters=vcenter or (), amqp=amqp, json=json)


def _events(
    state: Path,
    *,
    strict: bool,
    keep: bool,
    bootstrap: str | None,
    vcenters: Sequence[str],
    amqp: str | None,
    json: bool,
) -> None:
    from ops.cli.output import console
    from ops.demo import report
    from ops.demo.play import play

    with progress("the demo runs", timed=True) as say:
        cast, stories, folder = play(
            state, keep=keep, report=say, bootstrap=bootstrap, vcenters=tuple(vcenters), amqp=amqp
        )
    failures = report.verdict(cast, stories, strict=strict)
    if json:
        emit(report.as_json(cast, stories, folder, failures), json=True, table=str)
    else:
        report.render(console, cast, stories, folder, failures)
        console.print(report.last_line(stories))
    if failures:
        raise typer.Exit(1)


def _crisis(state: Path, *, strict: bool, keep: bool, bootstrap: str | None, amqp: str | None, json: bool) -> None:
    from ops.cli.output import console
    from ops.demo.crisis import report
    from ops.demo.crisis.play import play
    from ops.demo.report import verdict

    with progress("the crisis runs", timed=True) as say:
        cast, tales, folder = play(state, keep=keep, report=say, bootstrap=bootstrap, amqp=amqp)
    failures = verdict(cast, tales, strict=strict)
    if json:
        emit(report.as_json(tales, folder, failures), json=True, table=str)
    else:
        report.render(console, tales, folder, failures)
        console.print(report.last_line(tales))
    if failures:
        raise typer.Exit(1)
