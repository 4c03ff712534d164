"""The connector of ``type: smtp``."""

from __future__ import annotations

import asyncio
import smtplib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from schemas.errors import Refused, Unavailable
from sinks.eventtype import rename
from sinks.smtp.config import SmtpConfig
from sinks.smtp.connection import alive, connect, hand_over
from sinks.smtp.mail import Letterhead

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

CONNECTIONS: Final = 8  # at most; mail servers count those of one client

Value = TypeVar("Value")


class SmtpSink:
    """Sends one mail per event, over a few connections that are kept, each used by one thread at a time."""

    Config = SmtpConfig

    def __init__(self, config: SmtpConfig, _: SinkContext) -> None:
        self._config = config
        self._letterhead = Letterhead(config)
        self._idle: deque[smtplib.SMTP] = deque()
        workers = min(config.in_flight, CONNECTIONS)
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix=f"smtp-{config.name}")

    async def open(self) -> None:
        """Connect and log in."""
        await self._in_thread(self._prove)

    async def send(self, event: CloudEvent) -> None:
        """Send one mail; a cancelled call waits for a mail that is on its way.

        Raises:
            Reject: the server refuses it for good, or a template does not fit the event.
            Retry: not now, or no answer.
            Unavailable: no server that takes mail from us, or for the addresses of the configuration.
        """
        await self._in_thread(lambda: self._send(event))

    async def close(self) -> None:
        """Finish what has begun and hang up."""
        await asyncio.to_thread(self._executor.shutdown)
        while self._idle:
            await asyncio.to_thread(_hang_up, self._idle.pop())

    def _prove(self) -> None:
        self._idle.append(self._connection())

    def _send(self, event: CloudEvent) -> None:
        mail = self._letterhead.write(rename(event, self._config.type_format))
        try:
            connection = self._connection()
        except Refused as error:
            raise Unavailable(str(error)) from None
        failure = hand_over(connection, self._config, mail)
        if connection.sock is not None:
            self._idle.append(connection)
        if failure is not None:
            raise failure

    def _connection(self) -> smtplib.SMTP:
        while True:
            try:
                connection = self._idle.pop()
            except IndexError:
                return connect(self._config)
            if alive(connection):
                return connection

    async def _in_thread(self, work: Callable[[], Value]) -> Value:
        job = self._executor.submit(work)
        outcome = asyncio.wrap_future(job)
        try:
            return await asyncio.shield(outcome)
        except asyncio.CancelledError:
            job.cancel()  # unless a thread has taken it up
            while not outcome.done():
                with suppress(asyncio.CancelledError):
                    await asyncio.wait((outcome,))
            if not outcome.cancelled():
                outcome.exception()  # seen; nobody else will look
            raise


def _hang_up(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()
