"""What a replay was asked for, with every time resolved: what is kept for going on is decided once."""

from __future__ import annotations

from datetime import datetime  # noqa: TC003 - pydantic reads annotations
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, Field, model_validator

from schemas.config.fault import Fault
from schemas.config.model import Model

Offset = Annotated[int, Field(ge=0, lt=2**63)]


class Request(Model):
    """Which events, for which sinks, by which routes."""

    begin: AwareDatetime | None = Field(None, description="Events that happened then or later.")
    end: AwareDatetime | None = Field(None, description="Events that happened before; default: all there are.")
    offsets: dict[Annotated[int, Field(ge=0, lt=2**31)], Offset] | None = Field(
        None, description="Where to begin, by partition, instead of a time; other partitions are not read."
    )
    late: float | None = Field(
        None, ge=0, description="Reading ends so many seconds of arrival after `end`; default: at the end of the topic."
    )
    match: tuple[str, ...] = Field((), description="Conditions that must all hold, as they were written.")
    sinks: tuple[str, ...] = Field(min_length=1, description="Whom to write for.")
    routes: Path | None = Field(None, description="File of the routes; default: those of the configuration.")
    rate: float | None = Field(None, gt=0, description="Events written per second, at most.")
    allow_side_effects: bool = Field(default=False, description="Also for sinks that act on what they get.")

    @model_validator(mode="after")
    def _asks_for_something(self) -> Request:
        if (self.begin is None) == (self.offsets is None):
            raise Fault("needs a beginning", "give --from or --from-offset, one of the two")
        if self.begin is not None and self.end is not None and self.end <= self.begin:
            raise Fault("asks for no time at all", "give a --to that is later than --from")
        if self.late is not None and self.end is None:
            raise Fault("has no end that anything could come late for", "give --to, or leave --late out")
        return self

    def holds(self, happened: datetime) -> bool:
        """Whether an event of this time is asked for; the end is not in it."""
        return (self.begin is None or self.begin <= happened) and (self.end is None or happened < self.end)


def offsets(spelled: str) -> dict[int, int]:
    """Offsets by partition of ``0:1200,3:1187``.

    Raises:
        Fault: it is something else.
    """
    found: dict[int, int] = {}
    for item in spelled.split(","):
        partition, colon, offset = item.strip().partition(":")
        numbers = partition, offset
        if not colon or not all(part.isascii() and part.isdecimal() and len(part) < 20 for part in numbers):
            raise Fault("names no offsets", "write partition:offset, each as tap shows it: 0:1200,3:1187")
        if int(partition) in found:
            raise Fault(f"names partition {int(partition)} twice", "name each once")
        found[int(partition)] = int(offset)
    return found
