"""Every metric that delivery exports, in one place; the only label is the sink."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from prometheus_client import Counter, Gauge, Histogram

if TYPE_CHECKING:
    from collections.abc import Callable

DELIVERED = Counter("reflexarc_delivered_total", "Events that the sink accepted.", ["sink"])
ATTEMPTS = Histogram(
    "reflexarc_delivery_attempt_seconds",
    "How long attempts to deliver took, whatever came of them.",
    ["sink"],
    buckets=(0.005, 0.02, 0.1, 0.5, 2, 10, 60),
)
REPEATED = Counter("reflexarc_delivery_repeated_total", "Records of the router that had been here before.", ["sink"])
IN_FLIGHT = Gauge("reflexarc_delivery_in_flight", "Events that are being delivered.", ["sink"])
DEAD_LETTERS = Counter("reflexarc_dead_letters_total", "Events stored in the sink's dead-letter topic.", ["sink"])
REPLIES_DROPPED = Counter(
    "reflexarc_replies_dropped_total", "Events that a sink answered with and no record can hold.", ["sink"]
)
CIRCUIT = Gauge("reflexarc_circuit_open", "Whether the sink is taken to be away: 1 yes, 0 no.", ["sink"])
STATUS = Gauge(
    "reflexarc_circuit_status",
    "1 while the sink is taken to be away; the status is what it answered then, or none.",
    ["sink", "status"],
)
SINK_UP = Gauge("reflexarc_sink_up", "Whether the sink answered last: 1 yes, 0 away.", ["sink"])
OLDEST = Gauge("reflexarc_delivery_oldest_seconds", "Age of the oldest event that waits for the sink.", ["sink"])
RETENTION = Gauge(
    "reflexarc_delivery_retention_seconds", "How long an event may wait for the sink before Kafka deletes it.", ["sink"]
)
PAUSED = Gauge("reflexarc_sink_paused", "Whether an operator has paused the sink.", ["sink"])


class SinkMetrics:
    """Those of one sink.

    Args:
        name: the sink's.
        busy: asked for the number of events that are being delivered.
    """

    def __init__(self, name: str, *, busy: Callable[[], int]) -> None:
        self._name = name
        self.delivered = DELIVERED.labels(name)
        self.repeated = REPEATED.labels(name)
        self.paused = PAUSED.labels(name)
        self._attempts = ATTEMPTS.labels(name)
        IN_FLIGHT.labels(name).set_function(busy)
        self._status: str | None = None
        self.up(up=True)

    def attempted(self, began: float) -> None:
        """Count an attempt that began then, by ``time.monotonic()``, and has ended."""
        self._attempts.observe(monotonic() - began)

    def up(self, *, up: bool, status: str | None = None) -> None:
        """Say whether the sink is there, and if not, what it has answered."""
        CIRCUIT.labels(self._name).set(not up)
        SINK_UP.labels(self._name).set(up)
        self._away_with(None if up else status or "none")

    def _away_with(self, status: str | None) -> None:
        if self._status is not None:
            with suppress(KeyError):
                STATUS.remove(self._name, self._status)
        self._status = status
        if status is not None:
            STATUS.labels(self._name, status).set(1)

    def close(self) -> None:
        """Ask for no number any more, and say nothing more of an outage."""
        self._away_with(None)
        with suppress(KeyError):
            IN_FLIGHT.remove(self._name)


def expiring(name: str, *, age: Callable[[], float], retention: float) -> None:
    """Tell how old the oldest event is that waits for a sink, and how old it may become.

    Args:
        name: the sink's.
        age: asked for the age, in seconds.
        retention: seconds that its topic is kept.
    """
    OLDEST.labels(name).set_function(age)
    RETENTION.labels(name).set(retention)
