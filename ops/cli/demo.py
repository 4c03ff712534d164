"""``reflexarc demo``: three stories on real parts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from ops.cli.output import emit, progress


def demo(
    state: Annotated[Path, typer.Option(help="Folder of the local stack.")] = Path(".reflexarc/dev"),
    strict: Annotated[bool, typer.Option(help="A missing part is a failure; implied by CI=true.")] = False,
    keep: Annotated[bool, typer.Option(help="Leave the stack running afterwards.")] = False,
    bootstrap: Annotated[str | None, typer.Option(help="Your own Kafka, HOST:PORT.")] = None,
    vcenter: Annotated[list[str] | None, typer.Option(help="URL of your own vCenter simulator; repeatable.")] = None,
    amqp: Annotated[str | None, typer.Option(help="URL of your own RabbitMQ.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome as JSON.")] = False,
) -> None:
    """See events travel from simulated vCenters and a webhook to functions, a queue and a remediation.

    Brings up the local stack, tells three stories, ends by itself, and stops what it has started: also when it is
    interrupted. What this machine cannot have is replaced or left out, each said in one line. Exit code 0 only if all
    that ran came true.
    """
    from ops.cli.output import console
    from ops.demo import report
    from ops.demo.play import play

    strict = strict or os.environ.get("CI") == "true"
    with progress("the demo runs", timed=True) as say:
        cast, stories, folder = play(
            state, keep=keep, report=say, bootstrap=bootstrap, vcenters=tuple(vcenter or ()), amqp=amqp
        )
    failures = report.verdict(cast, stories, strict=strict)
    if json:
        emit(report.as_json(cast, stories, folder, failures), json=True, table=str)
    else:
        report.render(console, cast, stories, folder, failures)
        console.print(report.last_line(stories))
    if failures:
        raise typer.Exit(1)
