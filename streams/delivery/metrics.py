"""What delivery exports about the state of each sink."""

from __future__ import annotations

from prometheus_client import Gauge

CIRCUIT = Gauge("reflexarc_circuit_open", "Whether the sink is taken to be away: 1 yes, 0 no.", ["sink"])
PAUSED = Gauge("reflexarc_sink_paused", "Whether an operator has paused the sink.", ["sink"])
OLDEST = Gauge("reflexarc_delivery_oldest_seconds", "Age of the oldest event that waits for the sink.", ["sink"])
RETENTION = Gauge(
    "reflexarc_delivery_retention_seconds", "How long an event may wait for the sink before Kafka deletes it.", ["sink"]
)
