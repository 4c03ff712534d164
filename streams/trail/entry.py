"""One line of the audit: a CloudEvent of the audit topic, and what people look for in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

import orjson

from schemas.cloudevents import kafka
from schemas.config import Redactor
from schemas.epoch import moment
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from clients.kafka.place import Place, Stored
    from schemas.cloudevents import CloudEvent

OURS: Final = "com.reflexarc."
"""How the types of our own events begin."""

UNREADABLE: Final = f"{OURS}audit.unreadable"
"""Stands for the type of a record that is no CloudEvent: nobody of ours has written it."""


class Entry(NamedTuple):
    """One record.

    Attributes:
        place: where it lies.
        arrived: when Kafka got it, milliseconds since 1970.
        event: the CloudEvent; None for a record that is none.
        data: what it says; empty where that is no JSON object.
        fault: why it cannot be read.
    """

    place: Place
    arrived: int
    event: CloudEvent | None
    data: dict[str, Any]
    fault: str = ""

    @classmethod
    def of(cls, place: Place, stored: Stored) -> Self:
        """What a record holds, without any known secret; raises nothing."""
        try:
            headers = [(name, _blank(value)) for name, value in stored.headers]
            event = kafka.from_message(headers, _blank(stored.value))
        except InvalidEvent as error:
            return cls(place, stored.timestamp, None, {}, str(error))
        return cls(place, stored.timestamp, event, _object(event.data))

    @property
    def type(self) -> str:
        """The CloudEvents type."""
        return UNREADABLE if self.event is None else self.event.type

    @property
    def kind(self) -> str:
        """The same without what all of ours begin with."""
        return self.type.removeprefix(OURS)

    @property
    def step(self) -> str:
        """Its last part: ``approved``, ``started``."""
        return self.type.rpartition(".")[2]

    @property
    def time(self) -> datetime:
        """When it happened; when it arrived, where it does not say."""
        if self.event is not None and self.event.time is not None:
            try:
                return datetime.fromisoformat(self.event.time).astimezone(UTC)
            except (ValueError, OverflowError):
                return moment(self.arrived)
        return moment(self.arrived)

    @property
    def subject(self) -> str:
        """What it is about; where it lies, when it does not say."""
        return (self.event.subject or "" if self.event else "") or str(self.place)

    @property
    def id(self) -> str:
        """The id of the event; where it lies, for a record without one."""
        return str(self.place) if self.event is None else self.event.id

    @property
    def action(self) -> str:
        """What is done to vSphere; empty for everything else."""
        return self.text("action")

    @property
    def action_id(self) -> str:
        """The id of that action."""
        return self.text("actionId")

    @property
    def entity(self) -> tuple[str, ...]:
        """The names of what it is about: its name and its key, or its subject."""
        given = self.data.get("entity")
        if not isinstance(given, dict):
            return (self.subject,)
        key = "/".join(str(given.get(part, "")) for part in ("vcenter", "moref"))
        return tuple(name for name in (str(given.get("name", "")), key) if name)

    @property
    def actors(self) -> tuple[str, ...]:
        """Everybody who has to do with it, whoever did it in front."""
        found = (self.text(name) for name in ("actor", "approver", "requester"))
        return tuple(dict.fromkeys(name for name in found if name))

    @property
    def reason(self) -> str:
        """Why, in words."""
        return self.fault or self.text("reason")

    def text(self, name: str) -> str:
        """A member of the data, as text; empty when it is none."""
        value = self.data.get(name)
        return value if isinstance(value, str) else ""

    def details(self) -> Iterator[tuple[str, Any]]:
        """The members of the data that say something."""
        return ((name, value) for name, value in self.data.items() if value not in (None, "", [], {}))


def _blank(value: bytes | None) -> bytes | None:
    if value is None:
        return None
    return Redactor().redact(value.decode(errors="surrogateescape")).encode(errors="surrogateescape")


def _object(data: bytes | None) -> dict[str, Any]:
    try:
        found = orjson.loads(data or b"")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
