"""The options that say which dead letters are meant."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ops.cli import completion
from ops.cli.explain import unread
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ops.deadletters.letter import State
    from ops.deadletters.selection import Selection
    from schemas.config import Config
    from streams.routing.route import Route

Sink = Annotated[
    str, typer.Option(help="Whose letters: a sink, ingest or router.", autocompletion=completion.dead_letters)
]
OptionalSink = Annotated[
    str | None,
    typer.Option("--sink", help="Whose letters; default: how many each has.", autocompletion=completion.dead_letters),
]
Where = Annotated[
    list[str] | None,
    typer.Option(help="Conditions as in a route: '{data: {Vm.Name: web-1}}', subject=Vm*; each that is given holds."),
]
Since = Annotated[str | None, typer.Option(help="Given up then or later: 24h (ago), 2026-01-31T06:00:00Z.")]
Until = Annotated[str | None, typer.Option(help="Given up before.")]
Status = Annotated[
    list[str] | None, typer.Option(help="What the sink answered: 400, '5*'; one of those that are given.")
]
Error = Annotated[str | None, typer.Option(help="Part of the reason, or a regular expression (RE2).")]
Id = Annotated[
    list[str] | None, typer.Option("--id", help="Id of the event, or partition/offset of the letter; may be repeated.")
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options as they were typed; a command takes them by ``spread``."""

    where: Where = None
    since: Since = None
    until: Until = None
    status: Status = None
    error: Error = None
    id_: Id = None

    @contextmanager
    def selection(self, config: Config, states: tuple[State, ...]) -> Iterator[Selection]:
        """What they mean; the inventory is read when a condition asks it.

        Raises:
            BadParameter: one of them has no meaning.
        """
        from ops.deadletters.selection import Selection, spoken_of
        from ops.events.inventory import inventory_for

        now, conditions = datetime.now(UTC), tuple(map(_condition, self.where or ()))
        since, until = _moment(self.since, now, "--since"), _moment(self.until, now, "--until")
        with inventory_for(conditions, config.kafka, missing=unread) as inventory:
            yield Selection(
                states=states,
                where=conditions,
                since=since,
                until=until,
                statuses=tuple(self.status or ()),
                error=None if self.error is None else spoken_of(self.error),
                names=frozenset(self.id_ or ()),
                inventory=inventory,
            )


def _condition(spelled: str) -> Route:
    from ops.events.condition import condition

    try:
        return condition(spelled)
    except ReflexarcError as error:
        raise typer.BadParameter(f"{error.message} — {error.cure}", param_hint="--where") from None


def _moment(spelled: str | None, now: datetime, hint: str) -> datetime | None:
    from ops.replay.moment import moment
    from schemas.config.fault import Fault

    try:
        return None if spelled is None else moment(spelled, now)
    except Fault as fault:
        raise typer.BadParameter(f"{fault.what} — {fault.cure}", param_hint=hint) from None
