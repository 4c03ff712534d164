"""What the router knows of entities, read when Prometheus asks."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import REGISTRY
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streams.routing.inventory import Inventory


class Inventories:
    """The inventory of this process, where it reads one."""

    def __init__(self) -> None:
        self._watched: list[Inventory] = []

    @contextmanager
    def watching(self, inventory: Inventory) -> Iterator[None]:
        """Export this one while the body runs."""
        self._watched.append(inventory)
        try:
            yield
        finally:
            self._watched.remove(inventory)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Prometheus asks."""
        ages = GaugeMetricFamily(
            "reflexarc_inventory_age_seconds",
            "Seconds since all that the router knows of the vCenter's entities was known to be true.",
            labels=["vcenter"],
        )
        tags = GaugeMetricFamily(
            "reflexarc_inventory_tags_age_seconds",
            "The same for their tags; absent while these cannot be read.",
            labels=["vcenter"],
        )
        entities = GaugeMetricFamily("reflexarc_inventory_entities", "Entities that the router knows.")
        for inventory in self._watched:
            entities.add_metric([], len(inventory))
            for vcenter, age in inventory.ages().items():
                ages.add_metric([vcenter], age.all)
                if age.tags is not None:
                    tags.add_metric([vcenter], age.tags)
        yield from (ages, tags, entities)


_INVENTORIES = Inventories()
REGISTRY.register(_INVENTORIES)
watching = _INVENTORIES.watching
