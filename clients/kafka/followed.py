"""A topic that is kept in memory: the life that all who follow one have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clients.kafka.follower import Follower


class Followed:
    """``start`` it, ``wait``, ask from any thread, ``close`` it.

    Args:
        follower: reads the topic in a thread of its own.
    """

    def __init__(self, follower: Follower[Any]) -> None:
        self._follower = follower

    def start(self) -> None:
        """Begin to read."""
        self._follower.start()

    def close(self) -> None:
        """End the thread; what is known stays."""
        self._follower.close()

    def wait(self, seconds: float) -> bool:
        """Whether all that the topic held has been read, at the latest after so long.

        Raises:
            Refused: it has not, because we may not read it.
        """
        if not self._follower.wait(seconds) and (refusal := self._follower.refusal) is not None:
            raise refusal
        return self._follower.ready
