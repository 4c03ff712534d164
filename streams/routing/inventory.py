"""The inventory as the router has it: the compacted topic, followed in a thread of its own, in memory."""

from __future__ import annotations

import logging
from time import time
from typing import TYPE_CHECKING

from clients.kafka.follower import Follower
from schemas import inventory, topics
from streams.routing.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import Message

    from schemas.config import KafkaConfig
    from streams.filters.entity import Entity, Known
    from streams.filters.view import View
    from streams.routing.register import Ages

log = logging.getLogger(__name__)


class Inventory:
    """What is known of every entity. ``start`` it, ask from any thread, ``close`` it.

    After a fault the topic is read again from its beginning; until that is done what was known before is answered,
    and grows old.

    Args:
        config: the ``kafka`` part of the configuration.
        clock: seconds of the epoch.
    """

    def __init__(self, config: KafkaConfig, *, clock: Callable[[], float] = time) -> None:
        self._topic = topics.inventory(config.prefix)
        self._clock = clock
        self._register = Register()
        group, what = topics.group(config.prefix, topics.ROUTER), "the inventory"
        self._follower = Follower(config, self._topic, client_id=group, name="inventory", what=what, memory=self)

    def __len__(self) -> int:
        return len(self._register)

    def start(self) -> None:
        """Begin to read."""
        self._follower.start()

    def close(self) -> None:
        """End the thread; what is known stays."""
        self._follower.close()

    def wait(self, seconds: float) -> bool:
        """Whether all that the topic held has been read, at the latest after so long."""
        return self._follower.wait(seconds)

    def problems(self) -> list[str]:
        """What keeps conditions on the inventory from being answered."""
        if self._follower.ready:
            return []
        return [self._follower.trouble or "the inventory has not been read to its end yet"]

    def known(self, key: str | None) -> Known:
        """What is known of whom an event is about; ``key`` is its ``partitionkey``. Cost: two look-ups by hash."""
        return self._register.known(key, self._clock())

    def about(self, view: View) -> Known:
        """What is known of whom an event is about; only events of vCenters are about an entity."""
        about = view.attribute("partitionkey") if view.attribute("vcenter") is not None else None
        return self.known(about)

    def entity(self, key: str) -> Entity | None:
        """The entity ``<vcenter>/<moref>``, whatever the age of what is known."""
        place = inventory.split(key)
        return self._register.entity(place, self._clock()) if place else None

    def ages(self) -> dict[str, Ages]:
        """How old what is known is, by vCenter."""
        register, now = self._register, self._clock()
        found = {vcenter: register.ages(vcenter, now) for vcenter in register.vcenters()}
        return {vcenter: ages for vcenter, ages in found.items() if ages is not None}

    def begin(self) -> Register:
        """Nothing is known yet; for the follower, as the two below."""
        return Register()

    def hear(self, state: Register, message: Message) -> None:
        """One record of the topic."""
        state.hear(message.key(), message.value(), self._clock())

    def take(self, state: Register, *, first: bool) -> None:
        """Answer from this register; it goes on hearing what comes."""
        if first:
            self._register = state
            log.info("%s: %d entities are known", self._topic, len(state))
