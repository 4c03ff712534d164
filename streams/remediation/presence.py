"""A worker says that it lives, and which record of the kill switch it goes by: whoever pauses waits for that word."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Final

from schemas import topics
from schemas.errors import ReflexarcError, Unreachable
from schemas.heartbeat import EVERY, Heartbeat
from streams.remediation.switch import Switch

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.kafka.publisher import Publisher
    from schemas.config import KafkaConfig
    from schemas.heartbeat import Worker

LOOK: Final = 0.05
"""Seconds between two looks whether the first word can be read."""

ECHO: Final = 5.0
"""Seconds after which the first word is said again."""

AGAIN: Final = 1.0

log = logging.getLogger(__name__)


class Presence:
    """The kill switch, and the worker's word about it. For one event loop.

    ``enter`` before anything is decided or done, keep ``run`` going, ``leave`` at the end.

    Args:
        config: the ``kafka`` part of the configuration.
        worker: who it is.
        group: its consumer group.
        publisher: has started.

    Attributes:
        switch: to ask; it has not started.
    """

    def __init__(self, config: KafkaConfig, worker: Worker, *, group: str, publisher: Publisher) -> None:
        self._topic = topics.control(config.prefix)
        self._worker = worker
        self._publisher = publisher
        self._loop = asyncio.get_running_loop()
        self._news = asyncio.Event()
        self._trouble = ""
        self.switch = Switch(config, group=group, worker=worker, changed=self._hear)

    async def enter(self, stopped: Callable[[], bool]) -> None:
        """Say the first word, and wait until it is read back, or ``stopped``.

        Whoever pauses either knows this worker from then on, or has written before it: then the pause has been read.

        Raises:
            Refused: the topic may not be written.
        """
        while not stopped():
            try:
                word = await self._say()
            except Unreachable as error:
                log.warning("nobody can be told that this worker lives: %s", error)
                await asyncio.sleep(AGAIN)
            else:
                if await self._is_read_back(word):
                    break
        self._news.clear()

    async def run(self) -> None:
        """Say it again whenever the switch has changed, and every ten seconds, until cancelled."""
        while True:
            pause = AGAIN if self._trouble else EVERY
            try:
                await asyncio.wait_for(self._news.wait(), pause)
            except TimeoutError:
                log.debug("nothing has changed for %.0f s", pause)
            self._news.clear()
            try:
                await self._say()
            except ReflexarcError as error:
                if str(error) != self._trouble:
                    log.warning("nobody can be told that this worker lives: %s", error)
                self._trouble = str(error)
            else:
                self._trouble = ""

    async def leave(self) -> None:
        """Have nobody wait for this worker any more."""
        try:
            await self._publisher.publish(self._topic, value=None, key=self._worker.key)
        except ReflexarcError as error:
            log.warning("this worker counts as live for a while: %s", error)

    def problems(self) -> list[str]:
        """What keeps others from knowing that this worker lives; for ``Health``."""
        return [f"who pauses remediation does not hear of this worker: {self._trouble}"] if self._trouble else []

    async def _is_read_back(self, word: bytes) -> bool:
        """False when it is not for so long that somebody else, such as a former owner of the name, may have spoken."""
        until = monotonic() + ECHO
        while monotonic() < until:
            if self.switch.echo == word:
                return True
            await asyncio.sleep(LOOK)
        return False

    def _hear(self) -> None:
        self._loop.call_soon_threadsafe(self._news.set)

    async def _say(self) -> bytes:
        word = Heartbeat(seen=self.switch.seen, at=datetime.now(UTC)).encode()
        await self._publisher.publish(self._topic, value=word, key=self._worker.key)
        return word
