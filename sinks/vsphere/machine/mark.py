"""What an action writes into a machine, to know later for which event it has acted."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple, Self

LONGEST = 200
"""Characters of an event's id in a mark; it is there for people."""

_NEVER = datetime.min.replace(tzinfo=UTC)


class Mark(NamedTuple):
    """The event that a change was made for.

    Attributes:
        moment: when it happened, UTC.
        event: its id.
    """

    moment: datetime
    event: str

    @classmethod
    def read(cls, text: str | None) -> Self:
        """The mark that ``str`` has written; without a readable one, that of an event before all others."""
        moment, _, event = (text or "").partition(" ")
        try:
            return cls(datetime.fromisoformat(moment).astimezone(UTC), event)
        except (ValueError, OverflowError):
            return cls(_NEVER, "")

    def covers(self, moment: datetime) -> bool:
        """Whether the change was made for an event of ``moment``, or a later one."""
        return moment <= self.moment

    def __str__(self) -> str:
        return f"{self.moment.isoformat()} {self.event[:LONGEST]}"
