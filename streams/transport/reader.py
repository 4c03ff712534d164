"""The thread that reads for an app: one membership after the other, until it is stopped."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from clients.kafka.errors import Fenced
from schemas.errors import ReflexarcError
from streams.transport.member import Member

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from streams.transport.explain import Explain
    from streams.transport.health import Health
    from streams.transport.listener import Listener

log = logging.getLogger(__name__)

FENCED_ONCE_IN: Final = 60.0
"""Seconds in which a member may be fenced once and join again; twice means that somebody else has its name."""


class Reader(threading.Thread):
    """Reads the subscribed topics as a member of a consumer group until ``stop``; see ``Member`` for the arguments."""

    def __init__(
        self,
        options: Mapping[str, Any],
        partitions: Mapping[str, int],
        *,
        loop: asyncio.AbstractEventLoop,
        listener: Listener,
        drain: float,
        explain: Explain,
        health: Health,
    ) -> None:
        super().__init__(name="kafka-reader", daemon=True)
        self._options = options
        self._partitions = dict(partitions)
        self._loop = loop
        self._listener = listener
        self._drain = drain
        self._explain = explain
        self._health = health
        self._stopping = threading.Event()
        self._fenced = -FENCED_ONCE_IN
        self._member = self._join()

    def stop(self) -> None:
        """Drain, commit, leave the group, end; safe from any thread, returns at once."""
        self._stopping.set()

    def run(self) -> None:
        """Serve until stopped; any other end is told to the listener: the process must not live on without it."""
        failure: BaseException | None = ReflexarcError("the reader has ended", cure="start the process again")
        try:
            self._serve()
            while not self._stopping.is_set():
                self._member = self._join()
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
            with suppress(ReflexarcError):  # The broker has given this member up already.
                self._member.leave()
            # Also what becomes of a commit that was on its way when the broker, or the session, went away.
            if monotonic() - self._fenced < FENCED_ONCE_IN:
                raise
            self._fenced = monotonic()
            log.warning("fenced, joining again: %s", error.message)
        except BaseException:
            with suppress(ReflexarcError):  # Only its consequence.
                self._member.leave()
            raise
        else:
            self._member.leave()

    def _join(self) -> Member:
        return Member(
            self._options,
            self._partitions,
            loop=self._loop,
            listener=self._listener,
            drain=self._drain,
            explain=self._explain,
            health=self._health,
            stopping=self._stopping.is_set,
        )
