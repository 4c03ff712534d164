"""Tags of an entity that could not be read when it was looked at, as the inventory knows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from schemas.remediation.entity import Entity
    from streams.routing.inventory import Inventory

OLDEST: Final = 600.0
"""Seconds; older knowledge counts as unknown."""


def known(inventory: Inventory, entity: Entity) -> Entity:
    """The entity with its tags; those stay unknown where the inventory does not know them or is out of date."""
    if entity.tags is not None:
        return entity
    found = inventory.known(entity.key)
    if found.entity is None or found.tags_age is None or found.tags_age > OLDEST:
        return entity
    return entity.model_copy(update={"tags": tuple(f"{category}/{tag}" for category, tag in found.entity.tags)})
