"""Our own sessions in a vCenter: each log-in and log-out of ours is an event there, and nobody wants to hear of it."""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Final

import orjson

if TYPE_CHECKING:
    from ingest.vcenter.event import VcenterEvent

REMEMBERED: Final = 1000
"""Sessions; the oldest is forgotten first. A process whose every session dies at once needs hours for so many."""

_MARK: Final = b'"SessionId":"'
"""What an event must contain to be about a session: nearly none does, and so nearly none is parsed again."""


class OwnSessions:
    """The sessions that this process had and has in one vCenter. For any thread.

    The log-out of a session is read after its tail has ended, by the next one.
    """

    def __init__(self) -> None:
        self._keys: deque[str] = deque(maxlen=REMEMBERED)
        self._lock = Lock()

    def add(self, key: str) -> None:
        """A session is ours; to be told before its log-in can be read. An empty key is none."""
        if key:
            with self._lock:
                self._keys.append(key)

    def own(self, event: VcenterEvent) -> bool:
        """Whether the event is about one of them."""
        if _MARK not in event.data:
            return False
        key = orjson.loads(event.data).get("SessionId")
        with self._lock:
            return key in self._keys
