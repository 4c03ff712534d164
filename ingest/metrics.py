"""What the vCenter ingest counts, in Prometheus' default registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prometheus_client import REGISTRY, Counter, Gauge, Histogram
from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from ingest.vcenter.decoding.unknowns import UNKNOWNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import Metric

EVENTS = Counter("reflexarc_ingest_events", "Events committed to Kafka.", ["vcenter"])
DEAD_LETTERS = Counter("reflexarc_ingest_dead_letters", "Events that went to the dead letters instead.", ["vcenter"])
MISSING = Counter(
    "reflexarc_ingest_missing_events", "Keys that the vCenter's log had already dropped when we came.", ["vcenter"]
)
LAG = Gauge(
    "reflexarc_ingest_lag_seconds",
    "Age of the newest event when it was committed, by the vCenter's own clock.",
    ["vcenter"],
)
PAGES = Counter("reflexarc_ingest_pages", "Answers of the vCenter that held events.", ["vcenter"])
DUPLICATES = Counter("reflexarc_ingest_duplicates", "Events that were read again, and left out.", ["vcenter"])
LAST_READ = Gauge(
    "reflexarc_ingest_last_read_timestamp_seconds",
    "When the vCenter last answered a read, in Unix time; absent where nobody follows it.",
    ["vcenter"],
)
CLOCK_OFFSET = Gauge(
    "reflexarc_ingest_clock_offset_seconds", "How far the vCenter's clock is ahead of ours.", ["vcenter"]
)
CANARIES = Counter(
    "reflexarc_ingest_canaries",
    "Canaries by outcome: ok, failed (not posted), late (not in Kafka when the next one was due).",
    ["vcenter", "outcome"],
)
CANARY_SECONDS = Histogram(
    "reflexarc_ingest_canary_seconds",
    "From the posting of a canary in the vCenter until its event was committed to Kafka.",
    ["vcenter"],
    buckets=(0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
CANARY_INTERVAL = Gauge("reflexarc_ingest_canary_interval_seconds", "Pause between two canaries.", ["vcenter"])
CANARY_SUCCESS = Gauge(
    "reflexarc_ingest_canary_success_timestamp_seconds",
    "When a canary last came into Kafka, or else the first was due, in Unix time; absent where there is none.",
    ["vcenter"],
)
NOTICES = Counter(
    "reflexarc_ingest_notices",
    "Events com.reflexarc.ingest.* about a vCenter's log, by kind: gap, purge, stall, incarnation, rewind.",
    ["vcenter", "kind"],
)
OWN_SESSIONS = Counter(
    "reflexarc_ingest_own_session_events", "Events left out because they are about sessions of ours.", ["vcenter"]
)
LOGINS = Counter("reflexarc_ingest_logins", "Log-ins by outcome: ok, failed.", ["vcenter", "outcome"])
UP = Gauge("reflexarc_ingest_up", "Whether the vCenter is being followed: 1 yes, 0 no.", ["vcenter"])
CERTIFICATE_EXPIRY = Gauge(
    "reflexarc_ingest_certificate_expiry_timestamp_seconds", "End of the vCenter's certificate, Unix time.", ["vcenter"]
)
PASSWORD_EXPIRY = Gauge(
    "reflexarc_ingest_password_expiry_timestamp_seconds",
    "End of the password that password_expires names, Unix time.",
    ["vcenter"],
)
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
