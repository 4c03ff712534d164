"""An EventHistoryCollector: a filter, and how far it has been read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Self

from tests.support.canned.history import MICROSECONDS, text
from tests.support.canned.soap import Fault, invalid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.canned.history import Event, History
    from tests.support.canned.soap import Call

MOST: Final = 1000
"""Events of a page, and of one answer."""

_FILTER: Final = frozenset({"time", "disableFullMessage", "eventTypeId", "maxCount"})


@dataclass
class Collector:
    """Lives with its session.

    Attributes:
        begin: microseconds; what was created before does not pass.
        names: classes and event type ids that pass; every one when empty. No class stands for those below it.
        page: most events of ``latestPage``.
        messages: whether events come with their full message.
        at: index of the next event to read.
    """

    begin: int
    names: frozenset[str]
    page: int
    messages: bool
    at: int = 0

    @classmethod
    def of(cls, call: Call) -> Self:
        """The collector that CreateCollectorForEvents asks for.

        Raises:
            Fault: InvalidArgument, or the filter has something that is not canned.
        """
        beyond = set(call.names("filter")) - _FILTER or set(call.names("filter/time")) - {"beginTime"}
        if beyond:
            raise Fault("NotSupported", f"not canned: {', '.join(sorted(beyond))}")
        page = call.number("filter/maxCount", 10)
        if not 0 < page <= MOST:
            raise invalid("filter.maxCount")
        return cls(
            begin=_instant(call.text("filter/time/beginTime")),
            names=frozenset(call.texts("filter/eventTypeId")),
            page=page,
            # Left out, it means true.
            messages=call.text("filter/disableFullMessage") in {"false", "0"},
        )

    def next(self, history: History, limit: int) -> Iterator[bytes]:
        """The elements of the next events, oldest first.

        Raises:
            Fault: InvalidArgument.
        """
        if not 0 < limit <= MOST:
            raise invalid("maxCount")
        self.at = max(self.at, history.since(self.begin))
        while limit and self.at < len(history):
            event = history[self.at]
            self.at += 1
            if self._passes(event):
                limit -= 1
                yield self._render(event)
        history.served = max(history.served, self.at)

    def latest(self, history: History) -> Iterator[bytes]:
        """The elements of the newest page."""
        left = self.page
        for index in range(len(history) - 1, history.held - 1, -1):
            event = history[index]
            if left and self._passes(event):
                left -= 1
                yield self._render(event, b"Event")
            if not left:
                return

    def _passes(self, event: Event) -> bool:
        return event.created >= self.begin and (not self.names or event.template.name in self.names)

    def _render(self, event: Event, tag: bytes = b"returnval") -> bytes:
        template = event.template if self.messages else event.template.without_message()
        return template.render(event.key, text(event.created), tag)


def _instant(given: str) -> int:
    try:
        return int(datetime.fromisoformat(given).timestamp() * MICROSECONDS) if given else 0
    except ValueError:
        raise invalid("filter.time.beginTime") from None
