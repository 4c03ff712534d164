"""The actions of the last day, from the audit, followed by a thread of its own: for who asks how something stands."""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from schemas.errors import ReflexarcError
from streams.commanding.begun import Begun
from streams.commanding.known import Known
from streams.trail.reader import Trail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.config import KafkaConfig
    from schemas.keys import Key

BACK: Final = timedelta(days=2)
"""How far back it begins; what waits for an answer expires within a day."""

MOST: Final = 20_000
"""Actions that are known at once; the oldest are forgotten first."""

MOST_BEGUN: Final = 2_000
"""Actions that can be taken back from here."""

LOOK: Final = 0.2
PAUSE: Final = 2.0
END: Final = 5.0
"""Seconds: between two looks whether to stop, after a fault, and until the thread must have ended."""

log = logging.getLogger(__name__)


class Watch:
    """``start`` it, ask from any thread, ``close`` it.

    Args:
        config: the ``kafka`` part of the configuration.
        group: in whose name it reads; it joins none.
        ring: keys that what was begun is signed with; without any nothing can be taken back.
    """

    def __init__(self, config: KafkaConfig, *, group: str, ring: Callable[[], Sequence[Key]] = tuple) -> None:
        self._config = config
        self._ring = ring
        self._group = group
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._asked: dict[str, str] = {}
        self._begun: OrderedDict[str, Begun] = OrderedDict()
        self._turn = threading.Lock()
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; what is known stays."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    @property
    def ready(self) -> bool:
        """Whether what the audit held at the beginning has been read."""
        return self._ready.is_set()

    def wait(self, seconds: float) -> bool:
        """Whether that has been read, if need be after some time; blocks."""
        return self._thread.is_alive() and self._ready.wait(seconds)

    def get(self, id: str) -> Known | None:  # noqa: A002 - the attribute
        """What is known of the action with this id, or of the one that the command with this id has asked for."""
        with self._turn:
            return self._known.get(id) or self._known.get(self._asked.get(id, ""))

    def begun(self, id: str) -> Begun | None:  # noqa: A002 - the attribute
        """What an undo of that action has to know; None where it is not known, or cannot be taken back."""
        with self._turn:
            return self._begun.get(id)

    def latest(self, wanted: Callable[[Known], bool], most: int) -> list[Known]:
        """The newest that are wanted, the newest first. O(n)."""
        with self._turn:
            known = [each for each in reversed(self._known.values()) if wanted(each)]
        return known[:most]

    def hear(self, known: Known) -> None:
        """Take in a step; one that comes again, and one before the last, change nothing."""
        with self._turn:
            before = self._known.pop(known.id, None)
            later = before is not None and (not before.goes_on or before.at > known.at)
            self._known[known.id] = before if before is not None and later else known
            if known.command and known.command != known.id:
                self._asked[known.command] = known.id
            while len(self._known) > MOST:
                _, forgotten = self._known.popitem(last=False)
                self._asked.pop(forgotten.command, None)

    def keep(self, begun: Begun) -> None:
        """Take in what an undo has to know."""
        with self._turn:
            self._begun[begun.id] = begun
            while len(self._begun) > MOST_BEGUN:
                self._begun.popitem(last=False)

    def _run(self) -> None:
        said = ""
        while not self._stop.is_set():
            try:
                self._follow()
            except ReflexarcError as error:
                if str(error) != said:
                    log.warning("the audit is read again: %s", error)
                said = str(error)
            except Exception:
                log.exception("the audit is read again")
            self._stop.wait(PAUSE)

    def _follow(self) -> None:
        with Trail(self._config, datetime.now(UTC) - BACK, group=self._group) as trail:
            while not self._stop.is_set():
                ring = self._ring()
                for entry in trail.read(LOOK):
                    if (known := Known.of(entry)) is not None:
                        self.hear(known)
                    if (begun := Begun.of(entry, ring)) is not None:
                        self.keep(begun)
                if trail.complete:
                    self._ready.set()
