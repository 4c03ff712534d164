"""What the inventory knows of one entity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity of one vCenter.

    Attributes:
        name: its name in vSphere.
        folder: path of the folder that holds it, from the root: ``/DC0/vm/web``.
        cluster: name of its cluster, if it is in one.
        resource_pool: name of its resource pool, if it is in one.
        tags: names of the tags it carries, by name of their category.
        attributes: custom attributes by name.
        seen: when this was known to be true, in seconds of the epoch.
    """

    name: str
    folder: str
    cluster: str | None
    resource_pool: str | None
    tags: Mapping[str, tuple[str, ...]]
    attributes: Mapping[str, str]
    seen: float
