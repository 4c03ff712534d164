"""The options that say which events are replayed, for whom, and how."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads annotations
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError

from ops.cli import completion

if TYPE_CHECKING:
    from collections.abc import Callable

    from ops.replay.request import Request
    from schemas.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The options as they were typed; a command takes them by ``spread``."""

    begin: Annotated[
        str | None,
        typer.Option("--from", help="Events that happened then or later: 24h (ago), 2026-01-31T06:00:00Z."),
    ] = None
    end: Annotated[
        str | None, typer.Option("--to", help="Events that happened before; default: all that are there now.")
    ] = None
    from_offset: Annotated[
        str | None, typer.Option(help="Begin there instead: partition:offset, as tap shows it; several with commas.")
    ] = None
    late: Annotated[
        str | None, typer.Option(help="With --to: stop at what arrived so much later; default: read to the end.")
    ] = None
    match: Annotated[
        list[str] | None,
        typer.Option(
            help="Conditions as in a route: '{data: {Vm.Name: web-1}}', subject=Vm*; each that is given holds."
        ),
    ] = None
    sink: Annotated[
        list[str] | None, typer.Option(help="Write for this sink; may be repeated.", autocompletion=completion.sinks)
    ] = None
    every: Annotated[bool, typer.Option("--all", help="Write for every sink.")] = False
    routes: Annotated[Path | None, typer.Option(help="Decide by the routes of this file, like one in routes.d.")] = None
    rate: Annotated[float | None, typer.Option(min=0.001, help="Events written per second, at most.")] = None
    allow_side_effects: Annotated[
        bool, typer.Option("--allow-side-effects", help="Also for sinks that act on what they get.")
    ] = False

    @property
    def typed(self) -> list[str]:
        """The options that were given, by their names."""
        values = {
            "--from": self.begin,
            "--to": self.end,
            "--from-offset": self.from_offset,
            "--late": self.late,
            "--match": self.match,
            "--sink": self.sink,
            "--all": self.every,
            "--routes": self.routes,
            "--rate": self.rate,
            "--allow-side-effects": self.allow_side_effects,
        }
        return [name for name, value in values.items() if value]

    def request(self, config: Config) -> Request:
        """What they ask for.

        Raises:
            BadParameter: one of them has no meaning, or they do not go together.
        """
        from ops.replay.moment import moment
        from ops.replay.request import Request, offsets
        from schemas.config.fault import Fault
        from schemas.config.units import parse_duration

        if bool(self.sink) == self.every:
            raise typer.BadParameter("name whom to write for, or give --all; one of the two", param_hint="--sink")
        now = datetime.now(UTC)
        fields = {
            "begin": _read("--from", self.begin, lambda text: moment(text, now)),
            "end": _read("--to", self.end, lambda text: moment(text, now)),
            "offsets": _read("--from-offset", self.from_offset, offsets),
            "late": _read("--late", self.late, parse_duration),
            "match": self.match or (),
            "sinks": tuple(config.sinks) if self.every else self.sink,
            "routes": self.routes and self.routes.absolute(),
            "rate": self.rate,
            "allow_side_effects": self.allow_side_effects,
        }
        try:
            return Request.model_validate(fields)
        except ValidationError as error:
            first = error.errors()[0]
            fault = first.get("ctx", {}).get("error")
            raise typer.BadParameter(
                f"{fault.what} — {fault.cure}" if isinstance(fault, Fault) else first["msg"], param_hint="--from"
            ) from None


def _read(option: str, text: str | None, how: Callable[[str], Any]) -> Any:
    from schemas.config.fault import Fault

    try:
        return None if text is None else how(text)
    except Fault as fault:
        raise typer.BadParameter(f"{fault.what} — {fault.cure}", param_hint=option) from None
