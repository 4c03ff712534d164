"""A topic of another cluster, and for poison a topic that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ops.dev import stack as dev
from tests.faults.event import Event
from tests.faults.tally import Delivery
from tests.support import topics
from tests.support.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults.delivery.counterparts.base import Place


class Kafka:
    """A broker of its own, so that it can be away while the events' broker is there."""

    refuses = True
    batch = 1

    def __init__(self, place: Place) -> None:
        self._state = place.folder / "stack"
        bootstrap = dev.up(self._state, only=["kafka"], cache=place.cache, report=_silent)["kafka"].endpoint or ""
        self._answers = True
        self._taken: list[Delivery] = []
        topic = f"{place.prefix}-tick"
        topics.create(bootstrap, topic)
        self.settings: Mapping[str, Any] = {
            "type": "kafka",
            "topic": f"{place.prefix}-{{type}}",
            "kafka": {"bootstrap": bootstrap},
            "timeout": "10s",
        }
        self.environ: Mapping[str, str] = {}
        self._reader = Reader(bootstrap, topic)

    def start(self) -> None:
        """Have the broker go on, or be there again with its data."""
        dev.start(self._state, "kafka", report=_silent)
        self._answers = True

    def hang(self) -> None:
        """Let the broker stand still, its connections open."""
        self.taken()
        dev.pause(self._state, "kafka")
        self._answers = False

    def fall(self) -> None:
        """End it as a crash would; what it has not confirmed may be there all the same."""
        if self._answers:
            self.taken()
        dev.kill(self._state, "kafka")
        self._answers = False

    def taken(self) -> Sequence[Delivery]:
        """Every record; while the broker is away those that were read before."""
        if self._answers:
            self._taken = [_delivery(record.value(), record.timestamp()[1]) for record in self._reader.read()]
        return self._taken

    def close(self) -> None:
        """End reader and broker."""
        self._reader.close()
        dev.down(self._state, _silent)


def _delivery(value: bytes, milliseconds: int) -> Delivery:
    event = Event.of(value)
    return Delivery(event.seq, event.key, 0, "", milliseconds / 1000)


def _silent(_: str) -> None:
    """The stack's progress is nobody's business here."""
