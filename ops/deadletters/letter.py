"""One dead letter, as it lies in its topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Self

from schemas import deadletters
from schemas.epoch import moment
from schemas.errors import InvalidEvent
from streams.filters import View

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.place import Place, Stored

State = Literal["open", "redriven", "dropped", "otherwise"]
"""``otherwise``: settled by a newer release, in a way that this one does not know."""


@dataclass(frozen=True)
class Letter:
    """The record, and what it says of itself; every part of it may be missing or forged.

    Attributes:
        timestamp: when it arrived, in milliseconds of the epoch.
        state: as of when its topic was read.
    """

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: Sequence[tuple[str, bytes | None]]
    state: State = "open"

    @classmethod
    def of(cls, place: Place, stored: Stored, state: State) -> Self:
        """The letter that lies at a place of a dead-letter topic."""
        return cls(*place, stored.timestamp, stored.key, stored.value, stored.headers, state)

    @property
    def place(self) -> str:
        """``partition/offset`` in its topic: how an operator names it."""
        return f"{self.partition}/{self.offset}"

    @property
    def position(self) -> str:
        """``topic/partition/offset``."""
        return f"{self.topic}/{self.place}"

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        headers = sum(len(name) + len(value or b"") for name, value in self.headers)
        return len(self.key or b"") + len(self.value or b"") + headers

    @property
    def error(self) -> str:
        """Why it is here; empty when it does not say."""
        return self.header(deadletters.ERROR)

    @property
    def status(self) -> str:
        """What the other side answered; empty when it was not asked."""
        return self.header(deadletters.STATUS)

    @property
    def attempts(self) -> str:
        """How often it was tried."""
        return self.header(deadletters.ATTEMPTS)

    @cached_property
    def failed_at(self) -> datetime:
        """When it was given up; when it arrived, where it does not say."""
        try:
            said = datetime.fromisoformat(self.header(deadletters.FAILED_AT))
        except ValueError:
            said = None
        if said is None or said.tzinfo is None:
            return moment(self.timestamp)
        return said

    @cached_property
    def view(self) -> View | None:
        """The event as conditions see it; None when it is no CloudEvent."""
        try:
            return View.of_record(self.headers, self.value)
        except InvalidEvent:
            return None

    def attribute(self, name: str) -> str:
        """An attribute of the event; empty when there is none."""
        return (self.view.attributes.get(name) if self.view else None) or ""

    def header(self, name: str) -> str:
        """The last header of that name, as text; empty when there is none."""
        value = next((value for known, value in reversed(self.headers) if known == name), None)
        return (value or b"").decode(errors="replace")
