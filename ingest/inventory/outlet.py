"""From the threads that follow vCenters to the one producer of the process."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    import threading
    from collections.abc import Sequence

    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing

PAUSE: Final = 1.0
REFUSED: Final = 30.0
"""Seconds until records are written again after nobody, or a no, has answered."""

log = logging.getLogger(__name__)


class OutletClosedError(Exception):
    """The process ends; what was not written is found missing at its next start."""


class Outlet:
    """Writes records, for any thread but that of the loop.

    Args:
        publisher: a started one.
        loop: where it lives; it runs until every writer has ended.
        stop: set it to end every ``write`` that waits for Kafka.

    Attributes:
        failure: why no record will ever be written any more; None while there is hope.
    """

    def __init__(self, publisher: Publisher, loop: asyncio.AbstractEventLoop, stop: threading.Event) -> None:
        self.failure: ReflexarcError | None = None
        self._publisher = publisher
        self._loop = loop
        self._stop = stop
        self._said = ""

    def write(self, records: Sequence[Outgoing]) -> None:
        """Return when all of them are stored, in their order; while Kafka is away that takes as long.

        Raises:
            OutletClosedError: asked to stop meanwhile, or nothing will ever be written any more.
            PublishRejected: Kafka will never take one of them.
        """
        while records:
            writing = asyncio.run_coroutine_threadsafe(self._publisher.publish_many(records), self._loop)
            try:
                outcomes = writing.result()
            except (Unreachable, Refused) as error:
                self._wait(error)
                continue
            except ReflexarcError as error:
                self.failure = error
                raise OutletClosedError from error
            self._said = ""
            for outcome in outcomes:
                if isinstance(outcome, PublishRejected):
                    raise outcome
            return

    def _wait(self, error: Refused | Unreachable) -> None:
        if str(error) != self._said:
            self._said = str(error)
            log.log(logging.ERROR if isinstance(error, Refused) else logging.WARNING, "%s", error)
        if self._stop.wait(REFUSED if isinstance(error, Refused) else PAUSE):
            raise OutletClosedError from error
