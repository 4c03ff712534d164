"""The thread that reads for an app: one membership after the other, until it is stopped."""

from __future__ import annotations

import logging
import threading
from collections import deque
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final, Protocol

from clients.kafka.errors import Fenced
from schemas.errors import ReflexarcError
from streams.transport.drain import Hangs
from streams.transport.member import Forfeited

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from streams.transport.listener import Listener
    from streams.transport.member import Member

log = logging.getLogger(__name__)

WITHIN: Final = 60.0
"""Seconds in which so many ends of a membership are followed by another one."""

FENCED: Final = 1
"""Also what becomes of a commit that was on its way when the broker, or the session, went away; the second time
somebody else has our name."""

FORFEITED: Final = 4
"""Also what becomes of a transaction that a broker without a quorum has let time out, and that may come again soon.
Each takes ten seconds to be noticed."""


class Join(Protocol):
    """Makes a member of the group."""

    def __call__(self, *, stopping: Callable[[], bool]) -> Member:
        """One that has not joined yet; ``stopping`` is asked while it serves."""


class Allowance:
    """How often something may happen within ``WITHIN``."""

    def __init__(self, times: int) -> None:
        self._spent: deque[float] = deque(maxlen=times)

    def spend(self) -> bool:
        """Note that it has happened; whether it might."""
        now = monotonic()
        exhausted = len(self._spent) == self._spent.maxlen and now - self._spent[0] < WITHIN
        self._spent.append(now)
        return not exhausted


class Reader(threading.Thread):
    """Is a member of a consumer group until ``stop``.

    Args:
        join: makes a ``Member``; called again when one was fenced.
        loop: where ``listener`` lives.
        listener: told when the thread has ended and cannot go on.
    """

    def __init__(self, join: Join, *, loop: asyncio.AbstractEventLoop, listener: Listener) -> None:
        super().__init__(name="kafka-reader", daemon=True)
        self._join = join
        self._loop = loop
        self._listener = listener
        self._stopping = threading.Event()
        self._fenced = Allowance(FENCED)
        self._forfeited = Allowance(FORFEITED)
        self._member = join(stopping=self._stopping.is_set)

    def stop(self) -> None:
        """Drain, commit, leave the group, end; safe from any thread, returns at once."""
        self._stopping.set()

    def run(self) -> None:
        """Serve until stopped; any other end is told to the listener: the process must not live on without it."""
        failure: BaseException | None = ReflexarcError("the reader has ended", cure="start the process again")
        try:
            self._serve()
            while not self._stopping.is_set():
                self._member = self._join(stopping=self._stopping.is_set)
                self._serve()
            failure = None
        except BaseException as error:  # noqa: BLE001 - told below
            failure = error
        finally:
            if failure is not None and not self._loop.is_closed():
                self._loop.call_soon_threadsafe(self._listener.on_failure, failure)

    def _serve(self) -> None:
        try:
            self._member.serve()
        except Fenced as error:
            self._leave_fenced()
            if not (self._forfeited if isinstance(error, Forfeited) else self._fenced).spend():
                raise
            log.warning("fenced, joining again: %s", error.message)
        except BaseException:
            with suppress(ReflexarcError):  # Only its consequence.
                self._member.leave()
            raise
        else:
            self._member.leave()

    def _leave_fenced(self) -> None:
        try:
            self._member.leave()
        except Hangs:
            raise
        except ReflexarcError as error:  # The broker has given this member up already.
            log.debug("%s", error)
