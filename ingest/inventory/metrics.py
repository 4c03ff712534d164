"""What the inventory ingest counts, in Prometheus' default registry."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

ENTITIES = Gauge("reflexarc_ingest_inventory_entities", "Entities that the vCenter has.", ["vcenter"])
UP = Gauge(
    "reflexarc_ingest_inventory_up", "Whether the vCenter's inventory is being followed: 1 yes, 0 no.", ["vcenter"]
)
COMPLETE = Gauge(
    "reflexarc_ingest_inventory_complete_timestamp_seconds",
    "As of when everything in Kafka about the vCenter's entities is true, Unix time; absent until it is.",
    ["vcenter"],
)
TAGS = Gauge(
    "reflexarc_ingest_inventory_tags_timestamp_seconds",
    "The same for their tags; absent while these cannot be read.",
    ["vcenter"],
)
UPDATES = Counter(
    "reflexarc_ingest_inventory_updates", "Objects that the vCenter reported as new, changed or gone.", ["vcenter"]
)
PUBLISHED = Counter(
    "reflexarc_ingest_inventory_published", "Records written, by kind: entity, tombstone.", ["vcenter", "kind"]
)
FULL_READS = Counter("reflexarc_ingest_inventory_full_reads", "Readings of everything that were finished.", ["vcenter"])
