"""The kill switch: the compacted topic ``control``, followed in a thread of its own, in memory."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from clients.kafka.followed import Followed
from clients.kafka.follower import Follower
from schemas import topics
from schemas.control import REMEDIATION, Pause, pause_of
from schemas.heartbeat import digest

if TYPE_CHECKING:
    from collections.abc import Callable

    from confluent_kafka import Message

    from schemas.config import KafkaConfig
    from schemas.heartbeat import Worker

BLIND: Final = 5.0
"""Seconds for which the last known state holds while the topic cannot be read."""

PROVE: Final = 1.0
"""Seconds between two proofs that it can be read."""

log = logging.getLogger(__name__)

State = dict[bytes, bytes]


class Switch(Followed):
    """Whether somebody has stopped all actions. ``start`` it, ask from any thread, ``close`` it.

    Before anything is decided or done, ``wait``. After a fault the topic is read again from its beginning; until that
    is done the last known state holds for ``BLIND`` seconds. Then actions stop until it is known again, since a pause
    may have been missed. A record that cannot be read stops them, too.

    Args:
        config: the ``kafka`` part of the configuration.
        group: the consumer group of who asks: in its name the topic is read, though not as a member.
        worker: who asks; None for somebody whom nobody waits for.
        changed: called, in the thread, when the record that counts is another one; ``paused`` and ``seen`` go by it
            already.
    """

    def __init__(
        self,
        config: KafkaConfig,
        *,
        group: str,
        worker: Worker | None = None,
        changed: Callable[[], object] = lambda: None,
    ) -> None:
        self._topic = topics.control(config.prefix)
        self._own = None if worker is None else worker.key
        self._changed = changed
        self._record: bytes | None = None
        self._pause: Pause | None = None
        self._echo: bytes | None = None
        what = "whether remediation is paused"
        super().__init__(
            Follower(config, self._topic, client_id=group, name="switch", what=what, memory=self, prove=PROVE)
        )

    def paused(self) -> Pause | None:
        """Who has stopped all actions, when and why; None while nobody has. Costs nothing.

        While nobody knows whether somebody has, the actor is empty.
        """
        pause, troubled = self._pause, self._follower.troubled
        if pause is None and troubled > BLIND:
            since = datetime.now(UTC) - timedelta(seconds=troubled)
            return Pause(actor="", reason="the switch cannot be read, the worker's log says why", since=since)
        return pause

    @property
    def seen(self) -> str:
        """Digest of the record that ``paused`` goes by."""
        return digest(self._record)

    @property
    def echo(self) -> bytes | None:
        """The last record of the worker's own that was read back: all before it has been read, and counts."""
        return self._echo

    def problems(self) -> list[str]:
        """What keeps this from knowing; empty when all is well. For ``Health``."""
        if trouble := self._follower.trouble:
            return [f"whether remediation is paused may be out of date: {trouble}"]
        return [] if self._follower.ready else ["whether remediation is paused has not been read yet"]

    def begin(self) -> State:
        """Nobody has stopped anything yet; for the follower, as the two below."""
        return {}

    def hear(self, state: State, message: Message) -> None:
        """One record of the topic."""
        key, value = message.key(), message.value()
        if key is None or key not in {REMEDIATION, self._own}:
            return
        if value is None:
            state.pop(key, None)
        else:
            state[key] = value

    def take(self, state: State, *, first: bool) -> None:
        """Go by what has been read from now on."""
        before, record = self._record, state.get(REMEDIATION)
        if first or before != record:
            self._pause = pause = pause_of(record)
            self._record = record
            log.warning("remediation: %s", "goes on" if pause is None else f"paused by {pause.actor}: {pause.reason}")
            self._changed()
        self._echo = None if self._own is None else state.get(self._own)
