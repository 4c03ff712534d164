"""A topic of the real broker, and for poison a topic that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.faults.event import Event
from tests.faults.tally import Delivery
from tests.support import topics
from tests.support.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults.delivery.counterparts.base import Place


class Kafka:
    """Away: the topic wants more copies of a record than there are brokers, so that none is confirmed."""

    refuses = True
    batch = 1

    def __init__(self, place: Place) -> None:
        self._bootstrap = place.scene.stack["kafka"].endpoint or ""
        self._topic = f"{place.prefix}-tick"
        self.settings: Mapping[str, Any] = {
            "type": "kafka",
            "topic": f"{place.prefix}-{{type}}",
            "kafka": {"bootstrap": self._bootstrap},
            "timeout": "10s",
        }
        self.environ: Mapping[str, str] = {}
        topics.create(self._bootstrap, self._topic)
        self._reader = Reader(self._bootstrap, self._topic)

    def start(self) -> None:
        """One copy is enough."""
        topics.configure(self._bootstrap, self._topic, min_insync_replicas="1")

    def hang(self) -> None:
        """Two copies are wanted."""
        topics.configure(self._bootstrap, self._topic, min_insync_replicas="2")

    def fall(self) -> None:
        """The same: after ``timeout`` of it the connector calls it away."""
        self.hang()

    def taken(self) -> Sequence[Delivery]:
        """Every record."""
        found = ((Event.of(record.value()), record.timestamp()[1] / 1000) for record in self._reader.read())
        return [Delivery(event.seq, event.key, 0, "", at) for event, at in found]

    def close(self) -> None:
        """End the reader; the topic goes with those of the experiment."""
        self._reader.close()
