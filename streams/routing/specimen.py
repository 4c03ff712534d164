"""One event that somebody asks about, as the router would read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from schemas.cloudevents import kafka
from streams.filters.view import View
from streams.routing.index import RouteIndex

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent


class Specimen(NamedTuple):
    """An event as a record, and the view of it that conditions ask.

    Attributes:
        view: of the same record.
        headers: of the record, which is in either mode.
        value: of the record.
    """

    view: View
    headers: Sequence[tuple[str, bytes | None]]
    value: bytes | None

    @property
    def key(self) -> bytes | None:
        """Of the record, as the ingest would write it."""
        found = self.view.attribute("partitionkey")
        return None if found is None else found.encode()

    @classmethod
    def of_record(cls, headers: Sequence[tuple[str, bytes | None]], value: bytes | None) -> Specimen:
        """A record of the events topic.

        Raises:
            InvalidEvent: the router cannot route it, and makes it a dead letter.
        """
        view = View.of_record(headers, value)
        RouteIndex(()).match(view)  # refuses what no index can look up
        return cls(view, headers, value)

    @classmethod
    def of_event(cls, event: CloudEvent) -> Specimen:
        """An event, in the record that the ingest would make of it.

        Raises:
            InvalidEvent: its data is declared as a CloudEvent.
        """
        message = kafka.to_binary(event)
        return cls.of_record(message.headers, message.value)
