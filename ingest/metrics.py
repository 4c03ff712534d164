"""What the vCenter ingest counts, in Prometheus' default registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from ingest.vcenter.unknowns import UNKNOWNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

EVENTS = Counter("reflexarc_ingest_events", "Events committed to Kafka.", ["vcenter"])
DEAD_LETTERS = Counter("reflexarc_ingest_dead_letters", "Events that went to the dead letters instead.", ["vcenter"])
MISSING = Counter(
    "reflexarc_ingest_missing_events", "Keys that the vCenter's log had already dropped when we came.", ["vcenter"]
)
LAG = Gauge("reflexarc_ingest_lag_seconds", "Age of the newest event when it was committed.", ["vcenter"])
LOGINS = Counter("reflexarc_ingest_logins", "Log-ins by outcome: ok, failed.", ["vcenter", "outcome"])
OWNER = Gauge("reflexarc_ingest_owner", "1 where this process follows the vCenter, 0 elsewhere.", ["vcenter"])
TRANSACTIONS = Counter(
    "reflexarc_ingest_transactions", "Kafka transactions by outcome: committed, aborted, fenced, unknown.", ["outcome"]
)
TRANSACTION_SECONDS = Histogram(
    "reflexarc_ingest_transaction_seconds",
    "From the beginning of a Kafka transaction to its commit.",
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0),
)


class _Unknowns(Collector):
    """The decoder's own count, read when asked for."""

    def collect(self) -> Iterator[Metric]:
        """One counter, by kind: event, type, fault, property, enum, moref, value."""
        family = CounterMetricFamily(
            "reflexarc_ingest_unknown", "What a vCenter sent that the decoder does not know.", labels=["kind"]
        )
        for kind, count in UNKNOWNS.totals().items():
            family.add_metric([kind], count)
        yield family


REGISTRY.register(_Unknowns())
