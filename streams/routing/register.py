"""What the router knows of entities: records of the inventory topic in, answers about one entity out."""

from __future__ import annotations

import logging
from collections import OrderedDict
from functools import lru_cache
from sys import intern
from typing import Final, NamedTuple

from schemas import inventory
from schemas.inventory import NOBODY, EntityRecord, Heartbeat, InvalidInventory
from streams.filters.entity import Entity, Known

MOST: Final = 1_000_000
"""Entities of all vCenters together; those beyond are not known."""

GRACE: Final = 600.0
"""Seconds for which an entity that was removed is still known: events about its end come behind its end."""

FAREWELLS: Final = 10_000
"""Removed entities that are still known at most."""

log = logging.getLogger(__name__)

Pairs = tuple[tuple[str, str], ...]


class Ages(NamedTuple):
    """How old what is known of one vCenter is, in seconds.

    Attributes:
        all: since everything was known to be true.
        tags: since all tags were; None where they cannot be read.
    """

    all: float
    tags: float | None


class Register:
    """Entities by key. One thread writes, any may ask. Instants are seconds of the epoch.

    Args:
        most: entities kept.
        grace: seconds for which a removed one is still known.
    """

    def __init__(self, *, most: int = MOST, grace: float = GRACE) -> None:
        self._most = most
        self._grace = grace
        self._entities: dict[str, Entity] = {}
        self._removed: OrderedDict[str, tuple[Entity, float]] = OrderedDict()
        self._heartbeats: dict[str, tuple[float, float | None]] = {}
        self._said: set[str] = set()
        self.turned_away = 0
        """Entities for which there was no room."""

    def __len__(self) -> int:
        return len(self._entities)

    def known(self, key: str | None, now: float) -> Known:
        """What is known of whom an event is about.

        Args:
            key: its ``partitionkey``; None, and that of a vCenter as a whole, is about no entity.
            now: the present.
        """
        place = inventory.split(key) if key else None
        if place is None or place[1] == NOBODY:
            return Known(None)
        ages = self.ages(place[0], now)
        age, tags_age = ages or (None, None)
        return Known(key, self.entity(place, now), age, tags_age)

    def entity(self, place: tuple[str, str], now: float) -> Entity | None:
        """The entity of a vCenter by its moref, also one that was removed lately."""
        key = inventory.key(*place)
        found = self._entities.get(key)
        if found is None and (farewell := self._removed.get(key)) is not None and now - farewell[1] <= self._grace:
            return farewell[0]
        return found

    def ages(self, vcenter: str, now: float) -> Ages | None:
        """How old what is known of the vCenter is; None where nothing is."""
        instants = self._heartbeats.get(vcenter)
        if instants is None:
            return None
        complete, tags = instants
        return Ages(max(0.0, now - complete), None if tags is None else max(0.0, now - tags))

    def vcenters(self) -> tuple[str, ...]:
        """Those of which something is known."""
        return tuple(self._heartbeats)

    def hear(self, key: bytes | None, value: bytes | None, now: float) -> None:
        """Take one record of the topic; what is none is said once for each vCenter, and its entity is not known."""
        text = (key or b"").decode(errors="backslashreplace")
        place = inventory.split(text)
        if place is None:
            self._say("", f"a record of the inventory has the key {text[:200]!r}, which is none of ours")
            return
        vcenter, moref = place
        try:
            if moref == NOBODY:
                self._beat(intern(vcenter), value)
            elif value is None:
                self._remove(text, now)
            else:
                self._keep(text, _entity(EntityRecord.decode(value)))
        except InvalidInventory as error:
            self._entities.pop(text, None)
            self._say(vcenter, f"the inventory's record of {text[:200]} {error.message}; it counts as unknown")

    def _beat(self, vcenter: str, value: bytes | None) -> None:
        if value is None:
            self._heartbeats.pop(vcenter, None)
            return
        heartbeat = Heartbeat.decode(value)
        tags = heartbeat.tags_as_of
        self._heartbeats[vcenter] = heartbeat.complete_as_of.timestamp(), None if tags is None else tags.timestamp()

    def _keep(self, key: str, entity: Entity) -> None:
        if key not in self._entities and len(self._entities) >= self._most:
            self.turned_away += 1
            self._say("room", f"the inventory has more than {self._most} entities; those beyond count as unknown")
            return
        self._removed.pop(key, None)
        self._entities[key] = entity

    def _remove(self, key: str, now: float) -> None:
        while self._removed and (
            len(self._removed) >= FAREWELLS or now - next(iter(self._removed.values()))[1] > self._grace
        ):
            self._removed.popitem(last=False)
        if (entity := self._entities.pop(key, None)) is not None:
            self._removed[key] = entity, now

    def _say(self, about: str, sentence: str) -> None:
        if about not in self._said:
            self._said.add(about)
            log.warning("%s", sentence)


def _entity(record: EntityRecord) -> Entity:
    return Entity(
        name=record.name,
        folder=_interned(record.folder),
        cluster=_interned(record.cluster),
        resource_pool=_interned(record.resource_pool),
        tags=_shared(_pairs(record.tags)),
        attributes=_shared(_pairs(record.attributes)),
        host_name=record.host_name,
    )


def _interned(text: str | None) -> str | None:
    return None if text is None else intern(text)


def _pairs(pairs: Pairs) -> Pairs:
    return tuple((intern(name), intern(value)) for name, value in pairs)


@lru_cache(maxsize=4096)
def _shared(pairs: Pairs) -> Pairs:
    """The same pairs as one object: most machines are tagged like others."""
    return pairs
