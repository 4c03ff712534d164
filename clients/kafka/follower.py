"""A compacted topic, kept in memory by a thread of its own."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from clients.kafka.compacted import Compacted
from schemas.errors import ReflexarcError, Refused

if TYPE_CHECKING:
    from confluent_kafka import Message

    from schemas.config import KafkaConfig

LOOK: Final = 0.2
"""Seconds between two looks whether to stop."""

PROOF: Final = 3.0
"""Seconds in which the leader of a partition must answer."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0

END: Final = 5.0
"""Seconds in which the thread must have ended."""

log = logging.getLogger(__name__)

State = TypeVar("State")


class Memory(Protocol[State]):
    """What a follower makes of the topic; every method is called in its thread."""

    def begin(self) -> State:
        """Nothing yet: the topic is read from its beginning, for the first time or again."""

    def hear(self, state: State, message: Message) -> None:
        """One record; a tombstone has no value. Must not raise because of what it holds."""

    def take(self, state: State, *, first: bool) -> None:
        """The state counts from now on; ``first``: for the first time since ``begin``, which all of the topic led to.

        Called again each time when something more may have been heard, at least every 0.2 s.
        """


class Follower(Generic[State]):
    """``start`` it, ask from any thread how it is, ``close`` it.

    After a fault, with pauses from 0.5 to 10 s, the topic is read again from its beginning; until that is done the
    last state that was taken holds. The same fault is logged once.

    Args:
        config: the ``kafka`` part of the configuration.
        topic: its name.
        client_id: as ``Compacted`` takes it.
        name: of the thread.
        what: is followed, in words that fit before "is read again".
        memory: what becomes of records.
        prove: seconds between two questions whether the topic can be read at all; None: never, and nobody is told of a
            broker that is away.
    """

    def __init__(
        self,
        config: KafkaConfig,
        topic: str,
        *,
        client_id: str,
        name: str,
        what: str,
        memory: Memory[State],
        prove: float | None = None,
    ) -> None:
        self._config = config
        self._topic = topic
        self._client_id = client_id
        self._what = what
        self._memory = memory
        self._prove = prove
        self._ready = threading.Event()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._error: Exception | None = None
        self._well = monotonic()

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """End the thread; what is known stays."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(END)

    def wait(self, seconds: float) -> bool:
        """Whether all that the topic held has been read once, at the latest after so long."""
        return self._ready.wait(seconds)

    @property
    def ready(self) -> bool:
        """Whether all that the topic held has been read once."""
        return self._ready.is_set()

    @property
    def trouble(self) -> str:
        """Why what is known may be out of date; empty when all is well, or nothing was heard yet."""
        return "" if self._error is None else str(self._error)

    @property
    def troubled(self) -> float:
        """Seconds since all was well for the last time, or since the beginning; 0 while there is no trouble."""
        return monotonic() - self._well if self._error is not None else 0.0

    @property
    def refusal(self) -> Refused | None:
        """The trouble, when waiting will not cure it."""
        return self._error if isinstance(self._error, Refused) else None

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._stop.is_set():
            try:
                self._follow()
            except Exception as error:  # noqa: BLE001 - the thread must outlive whatever Kafka does
                was_well = self.ready and self._error is None
                pause = FIRST_PAUSE if was_well else min(2 * pause, LONGEST_PAUSE)
                self._say(error)
                self._stop.wait(pause)

    def _follow(self) -> None:
        state, first = self._memory.begin(), True
        with closing(Compacted(self._config, self._topic, client_id=self._client_id)) as reader:
            while not self._stop.is_set():
                for message in reader.read(LOOK):
                    self._memory.hear(state, message)
                if reader.complete:
                    self._memory.take(state, first=first)
                    first = False
                    self._assure(reader)
                    self._ready.set()

    def _assure(self, reader: Compacted) -> None:
        """Note that all is well; where that has to be proven, as soon as it is due again."""
        if self._prove is not None and self._error is None and monotonic() - self._well < self._prove:
            return
        if self._prove is not None:
            reader.prove(PROOF)
        self._well = monotonic()
        self._error = None

    def _say(self, error: Exception) -> None:
        known, self._error = self.trouble, error
        if str(error) == known:
            return
        if isinstance(error, ReflexarcError):
            log.warning("%s is read again: %s", self._what, error)
        else:
            log.error("%s is read again: unexpected %s", self._what, type(error).__name__, exc_info=error)
