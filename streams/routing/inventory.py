"""The inventory as the router has it: the compacted topic, followed in a thread of its own, in memory."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from time import time
from typing import TYPE_CHECKING, Final

from clients.kafka.compacted import Compacted
from schemas import inventory, topics
from schemas.errors import ReflexarcError
from streams.routing.register import Register

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.config import KafkaConfig
    from streams.filters.entity import Entity, Known
    from streams.filters.view import View
    from streams.routing.register import Ages

LOOK: Final = 0.5
"""Seconds between two looks whether to stop."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0

END: Final = 5.0
"""Seconds in which the thread must have ended."""

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
        self._config = config
        self._clock = clock
        self._register = Register()
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="inventory", daemon=True)
        self._trouble = ""

    def __len__(self) -> int:
        return len(self._register)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; what is known stays."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def wait(self, seconds: float) -> bool:
        """Whether all that the topic held has been read, at the latest after so long."""
        return self._ready.wait(seconds)

    def problems(self) -> list[str]:
        """What keeps conditions on the inventory from being answered."""
        if self._ready.is_set():
            return []
        return [self._trouble or "the inventory has not been read to its end yet"]

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

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            before = self._register
            try:
                self._follow()
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever Kafka does
                self._say(error)
                pause = FIRST_PAUSE if self._register is not before else min(2 * pause, LONGEST_PAUSE)
                self._stop.wait(pause)

    def _follow(self) -> None:
        register = Register()
        topic = topics.inventory(self._config.prefix)
        reader = Compacted(self._config, topic, client_id=topics.group(self._config.prefix, topics.ROUTER))
        with closing(reader):
            while not self._stop.is_set():
                for message in reader.read(LOOK):
                    register.hear(message.key(), message.value(), self._clock())
                if reader.complete and self._register is not register:
                    self._register = register
                    self._trouble = ""
                    self._ready.set()
                    log.info("%s: %d entities are known", topic, len(register))

    def _say(self, error: Exception) -> None:
        if str(error) == self._trouble:
            return
        self._trouble = str(error)
        if isinstance(error, ReflexarcError):
            log.warning("the inventory is read again: %s", error)
        else:
            log.error("the inventory is read again: unexpected %s", type(error).__name__, exc_info=error)
