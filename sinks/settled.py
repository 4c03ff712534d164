"""What the parts of an event have answered so far, while others are still to be asked again."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent

LIMIT: Final = 10_000  # events

Answer = TypeVar("Answer")


class Settled(Generic[Answer]):
    """Answers by part for the unfinished events touched last; older ones are forgotten, and their parts asked again."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._events: OrderedDict[tuple[str, str], dict[str, Answer]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._events)

    def of(self, event: CloudEvent) -> dict[str, Answer]:
        """The answers of the event's parts; the caller adds to them."""
        key = (event.source, event.id)
        answers = self._events.setdefault(key, {})
        self._events.move_to_end(key)
        if len(self._events) > self._limit:
            self._events.popitem(last=False)
        return answers

    def forget(self, event: CloudEvent) -> None:
        """Drop an event that is finished."""
        self._events.pop((event.source, event.id), None)
