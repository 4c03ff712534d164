"""Every metric of the transport. What a partition holds is read when Prometheus asks, not on the way of an event."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from streams.transport.held import Held
    from streams.transport.holdings import Holdings

CHUNKS = Histogram(
    "reflexarc_transport_chunk_records",
    "Records that the handler of a topic gets at once.",
    buckets=(1, 3, 10, 30, 100, 300, 1000, 3000),
)
COMMITS = Counter("reflexarc_transport_commits_total", "Commits of offsets by outcome: done, failed.", ["outcome"])
PAUSES = Counter("reflexarc_transport_pauses_total", "Partitions paused because too much of them was unfinished.")
REBALANCES = Counter(
    "reflexarc_transport_rebalances_total", "Changes of the assignment: assigned, revoked, lost.", ["change"]
)
DRAIN = Histogram(
    "reflexarc_transport_drain_seconds",
    "How long begun work took to finish when its partitions were revoked.",
    buckets=(0.01, 0.1, 0.5, 1, 2, 5, 10, 25),
)
CANCELLED_DRAINS = Counter("reflexarc_transport_drains_cancelled_total", "Revocations in which work was cancelled.")
LOST = Counter(
    "reflexarc_transport_lost_records_total",
    "Records deleted before they were delivered.",
    ["topic", "partition"],
)
RECOVERY = Histogram(
    "reflexarc_transport_recovery_seconds",
    "How long tables took to be rebuilt from their changelogs.",
    buckets=(0.1, 0.3, 1, 3, 10, 30, 100),
)

PARTITION: dict[str, tuple[str, Callable[[Held], float | None]]] = {
    "lag_records": ("Records behind the committed position.", lambda held: max(0, held.end - held.position)),
    "unfinished_records": ("Records delivered and not committable yet.", lambda held: held.unfinished),
    "oldest_unfinished_seconds": ("Age of the first unfinished record.", lambda held: held.age),
    "paused": ("Whether fetching is paused: too much is unfinished.", lambda held: held.paused),
    "stalled_offset": (
        "Offset of the event that holds up the partition; absent while all goes on.",
        lambda held: held.oldest if held.stalled else None,
    ),
}


class Partitions:
    """What each partition holds, of every reader in the process."""

    def __init__(self) -> None:
        self._watched: list[Holdings] = []

    @contextmanager
    def watching(self, holdings: Holdings) -> Iterator[None]:
        """Export these while the body runs."""
        self._watched.append(holdings)
        try:
            yield
        finally:
            self._watched.remove(holdings)

    def age(self, topic: str) -> float:
        """Seconds since Kafka got the first unfinished record of a topic, as far as it is read here."""
        held = (item for holdings in tuple(self._watched) for item in holdings.items())
        return max((one.age for tp, one in held if tp.topic == topic), default=0.0)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Prometheus asks."""
        held = [item for holdings in tuple(self._watched) for item in holdings.items()]
        for name, (meaning, read) in PARTITION.items():
            family = GaugeMetricFamily(f"reflexarc_transport_{name}", meaning, labels=["topic", "partition"])
            for tp, one in held:
                if (value := read(one)) is not None:
                    family.add_metric([tp.topic, str(tp.partition)], value)
            yield family


_PARTITIONS = Partitions()
REGISTRY.register(_PARTITIONS)
watching = _PARTITIONS.watching
age = _PARTITIONS.age
