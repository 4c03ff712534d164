"""The one table of commands, and the group that imports a command when it is used."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group


@dataclass(frozen=True, slots=True)
class Command:
    """One command of ``reflexarc``.

    Attributes:
        target: ``module:name`` of a ``typer.Typer`` (a group) or a function (a single command).
        help: the line that ``reflexarc --help`` shows, known without importing the target.
        service: runs until it is stopped, so its log is shown from INFO up.
    """

    target: str
    help: str
    service: bool = False


COMMANDS: Final = {
    "check": Command("ops.cli.check:check", "Validate the configuration; connects to nothing unless told."),
    "config": Command("ops.cli.config:app", "Schema and example of the configuration file."),
    "import": Command("ops.cli.imports:app", "Read another event router's configuration as ours."),
    "topics": Command("ops.cli.topics:app", "Kafka topics: create, list, print for an administrator."),
    "vcenter": Command("ops.cli.vcenter:app", "vCenters: can they be read, how far, under which name?"),
    "ingest": Command("ops.cli.ingest:app", "Bring events of vCenters and webhooks into Kafka.", service=True),
    "record": Command("ops.cli.record:app", "Keep what a vCenter sends, page by page.", service=True),
    "worker": Command("ops.cli.worker:worker", "Route events to sink topics and deliver them.", service=True),
    "routes": Command("ops.cli.routes:app", "Routes: list them, test them against expectations."),
    "explain": Command("ops.cli.explain:explain", "Say why an event takes a route, or does not."),
    "tap": Command("ops.cli.tap:tap", "Follow events live, those that match."),
    "replay": Command("ops.cli.replay:replay", "Read events again, and write them once more for some sinks."),
    "dlq": Command("ops.cli.dlq:app", "Dead letters: list them, look at them, send them again, drop them."),
    "sink": Command("ops.cli.sink:app", "Sinks: what waits for them; pause them, resume them."),
    "remediation": Command(
        "ops.cli.remediation:app", "Remediation: stop it, see what it does, answer what waits for a person."
    ),
    "vm": Command("ops.cli.vm:app", "Machines: ask for them, and for something to be done to them, as in a chat."),
    "audit": Command("ops.cli.audit:audit", "Show who did what, and what was decided; also for a SIEM."),
    "dev": Command("ops.cli.dev:app", "The local stack: Kafka and simulators on this machine."),
    "demo": Command(
        "ops.cli.demo:demo",
        "See events travel from simulated vCenters and a webhook to functions, a queue and a remediation.",
    ),
}


class LazyGroup(TyperGroup):
    """Lists commands from the table; imports only the one that is used."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name=name, help=entry.help) for name, entry in COMMANDS.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The real command in place of its entry in the list."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, load(name) if name in COMMANDS else command, rest


def load(name: str) -> Any:
    """The command called ``name``, ready to be run by typer."""
    module, _, attribute = COMMANDS[name].target.partition(":")
    target = getattr(import_module(module), attribute)
    parent = typer.Typer(add_completion=False)
    if isinstance(target, typer.Typer):
        parent.add_typer(target, name=name)
    else:
        parent.command(name)(target)
    return get_group(parent).commands[name]
