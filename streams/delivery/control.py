"""Which sinks are paused: the compacted topic ``control``, followed in a thread of its own, in memory."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from clients.kafka.followed import Followed
from clients.kafka.follower import Follower
from schemas import topics
from schemas.control import UNREADABLE, note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from confluent_kafka import Message

    from schemas.config import KafkaConfig
    from schemas.control import Pause

log = logging.getLogger(__name__)


class Control(Followed):
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
        self._topic = topics.control(config.prefix)
        self._changed = changed or (lambda _: None)
        self._pauses: dict[str, Pause] = {}
        what = "which sinks are paused"
        super().__init__(Follower(config, self._topic, client_id=group, name="control", what=what, memory=self))

    def paused(self, sink: str) -> bool:
        """Whether the sink must not be served. Cost: one look-up by hash."""
        return sink in self._pauses

    def pauses(self) -> Mapping[str, Pause]:
        """Every paused sink by its name, also of sinks that this process does not serve; a copy."""
        return dict(self._pauses)

    def problems(self) -> list[str]:
        """What keeps this from knowing which sinks are paused; empty when all is well. For ``Health``."""
        if trouble := self._follower.trouble:
            return [f"which sinks are paused may be out of date: {trouble}"]
        return [] if self._follower.ready else ["which sinks are paused has not been read yet"]

    def begin(self) -> dict[str, Pause]:
        """No sink is paused yet; for the follower, as the two below."""
        return {}

    def hear(self, state: dict[str, Pause], message: Message) -> None:
        """One record of the topic."""
        note(state, message.key(), message.value())

    def take(self, state: dict[str, Pause], *, first: bool) -> None:
        """Go by what has been read from now on, and tell what is different."""
        if first:
            log.info("%s: %s", self._topic, _listed(state))
        before, self._pauses = self._pauses, dict(state)
        for sink in sorted(before.keys() ^ state.keys()):
            log.warning("sink %s is %s", sink, _told(state.get(sink)))
            self._changed(sink)


def _told(pause: Pause | None) -> str:
    if pause is None:
        return "served again"
    if pause is UNREADABLE:
        return f"paused: {pause.reason}"
    return f"paused by {pause.actor}: {pause.reason}" if pause.reason else f"paused by {pause.actor}"


def _listed(pauses: Mapping[str, Pause]) -> str:
    return f"paused: {', '.join(sorted(pauses))}" if pauses else "no sink is paused"
