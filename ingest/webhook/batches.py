"""Requests with several events: each in Kafka as a whole or not at all."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING, Final, NamedTuple

from clients.kafka.errors import PublishRejected
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing
    from ingest.webhook.writer import Writer

TOGETHER: Final = 32
"""Requests in one transaction at most: what waits shares a commit."""

_OPENING: Final = 10.0  # seconds for the first contact of a writer; what it could not do it does with its first batch

_log = logging.getLogger(__name__)


class _Job(NamedTuple):
    records: Sequence[Outgoing]
    until: float
    done: asyncio.Future[None]


class Batches:
    """A few writers that share what comes.

    Args:
        writers: each with a transactional id of its own, used by one thread at a time.
    """

    def __init__(self, writers: Sequence[Writer]) -> None:
        self._writers = writers
        self._waiting: asyncio.Queue[_Job | None] = asyncio.Queue()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Have the writers undo, beside everything else, what former owners of their names have left open."""
        self._tasks = [asyncio.create_task(self._serve(writer)) for writer in self._writers]

    async def write(self, records: Sequence[Outgoing], *, patience: float) -> None:
        """Store all of ``records``, in their order, or none; returns when it is certain.

        Raises:
            TimeoutError: not known within ``patience`` seconds; what has not begun by then never will.
            PublishRejected: one of them will never be accepted; none is stored.
            Unreachable: given up; all may be stored, or none.
            Refused: an ACL or the topic is missing; none is stored.
        """
        job = _Job(records, monotonic() + patience, asyncio.get_running_loop().create_future())
        self._waiting.put_nowait(job)
        async with asyncio.timeout(patience):
            await job.done

    async def close(self) -> None:
        """Finish what waits, give up on openings, and disconnect."""
        for writer in self._writers:
            writer.give_up()
        for _ in self._tasks:
            self._waiting.put_nowait(None)
        await asyncio.gather(*self._tasks)
        self._tasks = []

    async def _serve(self, writer: Writer) -> None:
        await self._open(writer)
        while (job := await self._waiting.get()) is not None:
            jobs = [job]
            while len(jobs) < TOGETHER and (job := self._next()) is not None:
                jobs.append(job)
            await self._write(writer, [job for job in jobs if not job.done.done()])
        await asyncio.to_thread(writer.close)

    def _next(self) -> _Job | None:
        """One more that waits; the word to end stays for whoever waits for it."""
        if self._waiting.empty():
            return None
        job = self._waiting.get_nowait()
        if job is None:
            self._waiting.put_nowait(None)
        return job

    async def _open(self, writer: Writer) -> None:
        try:
            await asyncio.to_thread(writer.open, until=monotonic() + _OPENING)
        except ReflexarcError as error:
            _log.warning("requests with several events may have to wait: %s", error)

    async def _write(self, writer: Writer, jobs: Sequence[_Job]) -> None:
        if not jobs:
            return
        records = [record for job in jobs for record in job.records]
        try:
            await asyncio.to_thread(writer.write, records, until=max(job.until for job in jobs))
        except PublishRejected as error:
            if len(jobs) == 1:
                _settle(jobs, error)
            else:  # one of them is to blame, and no neighbour of it
                for job in jobs:
                    await self._write(writer, [job])
        except Exception as error:  # noqa: BLE001 - whatever it is, whoever waits must hear it
            _settle(jobs, error)
        else:
            _settle(jobs, None)


def _settle(jobs: Sequence[_Job], error: Exception | None) -> None:
    for job in jobs:
        if job.done.done():  # it has not waited
            continue
        if error is None:
            job.done.set_result(None)
        else:
            job.done.set_exception(error)
