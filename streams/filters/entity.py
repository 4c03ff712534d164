"""What the inventory knows of the entity that an event is about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One entity of one vCenter, small: there are some ten thousand of them in memory.

    Attributes:
        name: as vCenter shows it.
        folder: path of what holds it, from the root: ``/DC0/vm/web``; None where that cannot be told.
        cluster: name of its cluster, if it is in one.
        resource_pool: name of its resource pool, if it is in one.
        tags: category and tag by name, sorted.
        attributes: custom attributes, name and value, sorted.
        host_name: what the guest calls itself, if it is a virtual machine whose guest has said so.
    """

    name: str
    folder: str | None
    cluster: str | None
    resource_pool: str | None
    tags: tuple[tuple[str, str], ...]
    attributes: tuple[tuple[str, str], ...]
    host_name: str | None

    @property
    def folders(self) -> tuple[str, ...]:
        """Paths of everything that holds it, outermost first: ``/DC0``, ``/DC0/vm``, ``/DC0/vm/web``."""
        return _ways(self.folder) if self.folder else ()

    def tagged(self, category: str) -> tuple[str, ...]:
        """Names of its tags in one category."""
        return tuple(tag for of, tag in self.tags if of == category)

    def attribute(self, name: str) -> str | None:
        """Value of one custom attribute."""
        return next((value for of, value in self.attributes if of == name), None)


class Known(NamedTuple):
    """The answer to one question to the inventory.

    Attributes:
        key: ``<vcenter>/<moref>``, whom the event is about; None where it is about no entity.
        entity: what is known of it, or was until it was removed lately.
        age: seconds since all of its vCenter was known to be true; None where nothing ever was.
        tags_age: the same for tags.
    """

    key: str | None
    entity: Entity | None = None
    age: float | None = None
    tags_age: float | None = None


@lru_cache(maxsize=4096)
def _ways(path: str) -> tuple[str, ...]:
    levels = path.split("/")
    return tuple("/".join(levels[: end + 1]) for end in range(1, len(levels)))
