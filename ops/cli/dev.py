"""``reflexarc dev``: the local stack."""

from __future__ import annotations

import sys
import time
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
import yaml

from ops.cli.output import emit, listing, progress
from ops.dev import environment, stack
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from rich.table import Table

    from ops.dev.component import Component, Status

app = typer.Typer(help="The local stack: Kafka and simulators on this machine.", no_args_is_help=True)

State = Annotated[Path, typer.Option(help="Folder of the stack; several stacks live in several folders.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

BROKERS = "Nodes of Kafka, 1 or 3; by default as many as the stack was made with, at first 1."
DEFAULT_STATE = Path(".reflexarc/dev")
FOLLOW_PAUSE = 0.2


@app.command()
def up(
    state: State = DEFAULT_STATE,
    bootstrap: Annotated[str | None, typer.Option(help="Your own Kafka, HOST:PORT.")] = None,
    vcenter: Annotated[list[str] | None, typer.Option(help="URL of your own vCenter; repeatable.")] = None,
    amqp: Annotated[str | None, typer.Option(help="URL of your own RabbitMQ.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="kafka, vcsim or rabbitmq; repeatable.")] = None,
    secure: Annotated[bool, typer.Option("--secure", help="Kafka with TLS, SCRAM-SHA-512 and ACLs.")] = False,
    brokers: Annotated[int | None, typer.Option(help=BROKERS)] = None,
    json: AsJson = False,
) -> None:
    """Start what does not run.

    The first time fetches Kafka, builds the simulators and, as root on Debian, installs RabbitMQ. What cannot be had
    is replaced by a stand-in or left out, each said in one line. A cluster of 3 brokers serves on while one is away:
    kill one by its pid to see its partitions move, and run this again to bring it back.
    """
    with progress("bringing up the local stack") as report:
        status = stack.up(
            state,
            bootstrap=bootstrap,
            vcenters=tuple(vcenter or ()),
            amqp=amqp,
            only=only or None,
            secure=secure,
            brokers=brokers,
            report=report,
        )
    _show(status, json=json)


@app.command()
def down(state: State = DEFAULT_STATE) -> None:
    """Stop what this stack started, nothing else. Data, logs and ports stay for the next time."""
    with progress("stopping") as report:
        stack.down(state, report)


@app.command(name="status")
def show_status(state: State = DEFAULT_STATE, json: AsJson = False) -> None:
    """Show what the stack consists of; exit code 1 when a part, or a node of Kafka, is stopped or does not answer."""
    status = stack.status(state)
    _show(status, json=json)
    if not status.components or any(part.state == "stopped" or not part.answers for part in status.components):
        raise typer.Exit(1)


@app.command()
def logs(
    name: Annotated[str, typer.Argument(help="kafka, vc1, vc2 or rabbitmq.")],
    state: State = DEFAULT_STATE,
    process: Annotated[str | None, typer.Option(help="One node of a cluster: broker-1, broker-2 or broker-3.")] = None,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 50,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until interrupted.")] = False,
) -> None:
    """Print the end of a component's log."""
    log = stack.status(state)[name].log
    if log and process:
        log = log.parent / f"{process}.log"
    if log is None or not log.exists():
        what = f"{process} of {name}" if process else name
        raise ReflexarcError(f"{what} has no log", cure="only what this stack runs has one; see reflexarc dev status")
    with log.open(errors="replace") as file:
        sys.stdout.writelines(deque(file, maxlen=lines))
        while follow:
            sys.stdout.writelines(file)
            sys.stdout.flush()
            time.sleep(FOLLOW_PAUSE)


@app.command()
def env(
    state: State = DEFAULT_STATE,
    export: Annotated[bool, typer.Option("--export", help="Lines for a shell instead of YAML.")] = False,
) -> None:
    """Print the configuration of this stack, to begin a reflexarc.yaml with."""
    status = stack.status(state)
    if not status.components:
        raise ReflexarcError("there is no stack here", cure=f"run reflexarc dev up --state {state}")
    if export:
        sys.stdout.writelines(f"{line}\n" for line in environment.exports(status))
    else:
        sys.stdout.write(yaml.safe_dump(environment.configuration(status), sort_keys=False))


def _show(status: Status, *, json: bool) -> None:
    emit([part.as_json() for part in status.components], json=json, table=lambda: _table(status))


def _table(status: Status) -> Table:
    return listing("", ("name", "state", "endpoint", "pid", "note"), (_row(part) for part in status.components))


def _row(part: Component) -> tuple[str, ...]:
    state = part.state if part.real or part.state == "absent" else f"{part.state} (stand-in)"
    pids = " ".join(str(pid or "-") for pid in part.processes.values())
    return part.name, state, part.endpoint or "-", pids or "-", part.note
