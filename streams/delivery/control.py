"""Which sinks are paused: the compacted topic ``control``, followed in a thread of its own, in memory."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from typing import TYPE_CHECKING, Final

from clients.kafka.compacted import Compacted
from schemas import topics
from schemas.control import UNREADABLE, pause_of, sink_of
from schemas.errors import ReflexarcError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from schemas.config import KafkaConfig
    from schemas.control import Pause

LOOK: Final = 0.2
"""Seconds between two looks whether to stop."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0

END: Final = 5.0
"""Seconds in which the thread must have ended."""

log = logging.getLogger(__name__)


class Control:
    """What operators have switched off. ``start`` it, ask from any thread, ``close`` it.

    Before anything is delivered, ``wait``: until all that the topic held has been read no sink is known to be paused.
    After a fault the topic is read again from its beginning; until that is done the last known state holds. A record
    that cannot be read counts as a pause: the sink's topic is the buffer, and nothing is lost by waiting.

    Args:
        config: the ``kafka`` part of the configuration.
        group: the consumer group of who asks: in its name the topic is read, though not as a member.
        changed: called, in the thread, with the name of each sink that was paused or resumed since; the answer of
            ``paused`` is the new one by then. On an event loop pass
            ``partial(loop.call_soon_threadsafe, on_change)``. What was known to be paused before is told again only
            when it is different.
    """

    def __init__(self, config: KafkaConfig, *, group: str, changed: Callable[[str], object] | None = None) -> None:
        self._config = config
        self._group = group
        self._changed = changed or (lambda _: None)
        self._pauses: dict[str, Pause] = {}
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="control", daemon=True)
        self._trouble = ""
        self._refusal: Refused | None = None

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; what is known stays."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def wait(self, seconds: float) -> bool:
        """Whether all that the topic held has been read, at the latest after so long.

        Raises:
            Refused: it has not, because we may not read it.
        """
        if not self._ready.wait(seconds) and self._refusal is not None:
            raise self._refusal
        return self._ready.is_set()

    def paused(self, sink: str) -> bool:
        """Whether the sink must not be served. Cost: one look-up by hash."""
        return sink in self._pauses

    def pauses(self) -> Mapping[str, Pause]:
        """Every paused sink by its name, also of sinks that this process does not serve; a copy."""
        return dict(self._pauses)

    def problems(self) -> list[str]:
        """What keeps this from knowing which sinks are paused; empty when all is well. For ``Health``."""
        if self._trouble:
            return [f"which sinks are paused may be out of date: {self._trouble}"]
        return [] if self._ready.is_set() else ["which sinks are paused has not been read yet"]

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                self._follow()
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever Kafka does
                pause = FIRST_PAUSE if self._well() else min(2 * pause, LONGEST_PAUSE)
                self._refusal = error if isinstance(error, Refused) else None
                self._say(error)
                self._stop.wait(pause)

    def _follow(self) -> None:
        pauses: dict[str, Pause] = {}
        topic = topics.control(self._config.prefix)
        with closing(Compacted(self._config, topic, client_id=self._group)) as reader:
            while not self._stop.is_set():
                for message in reader.read(LOOK):
                    sink = sink_of(message.key())
                    if sink is not None:
                        _hear(pauses, sink, message.value())
                if reader.complete:
                    self._take(pauses)

    def _take(self, pauses: Mapping[str, Pause]) -> None:
        """Go by what has been read from now on, and tell what is different."""
        if self._trouble or not self._ready.is_set():
            self._trouble = ""
            log.info("%s: %s", topics.control(self._config.prefix), _listed(pauses))
        before, self._pauses = self._pauses, dict(pauses)
        self._ready.set()
        for sink in sorted(before.keys() ^ pauses.keys()):
            log.warning("sink %s is %s", sink, _told(pauses.get(sink)))
            self._changed(sink)

    def _well(self) -> bool:
        """Whether all was well until now."""
        return self._ready.is_set() and not self._trouble

    def _say(self, error: Exception) -> None:
        if str(error) == self._trouble:
            return
        self._trouble = str(error)
        if isinstance(error, ReflexarcError):
            log.warning("which sinks are paused is read again: %s", error)
        else:
            log.error("which sinks are paused is read again: unexpected %s", type(error).__name__, exc_info=error)


def _hear(pauses: dict[str, Pause], sink: str, value: bytes | None) -> None:
    pause = pause_of(value)
    if pause is None:
        pauses.pop(sink, None)
    else:
        pauses[sink] = pause


def _told(pause: Pause | None) -> str:
    if pause is None:
        return "served again"
    if pause is UNREADABLE:
        return f"paused: {pause.reason}"
    return f"paused by {pause.actor}: {pause.reason}" if pause.reason else f"paused by {pause.actor}"


def _listed(pauses: Mapping[str, Pause]) -> str:
    return f"paused: {', '.join(sorted(pauses))}" if pauses else "no sink is paused"
