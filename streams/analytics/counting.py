"""The role: reads every event, counts it in its window, and tells what came of a window once it is closed."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic
from typing import TYPE_CHECKING, Final

from schemas import topics
from streams import metrics
from streams.analytics.book import Book
from streams.analytics.counts import Counts
from streams.analytics.row import outgoing
from streams.analytics.share import Share
from streams.transport.lease import Revoked
from streams.transport.sent import CHUNK_LEASE

if TYPE_CHECKING:
    from schemas.avro.encoding import Encoding
    from sinks.analytics import CountsConfig
    from streams.analytics.book import Step
    from streams.transport import Chunk, Lease
    from streams.transport.app import TransportApp

log = logging.getLogger(__name__)

LOOK: Final = 1.0
"""Seconds between two looks at what nothing is added to."""

LATE: Final = 60.0
"""Seconds beyond window and lateness after which a record that is held back looks stuck."""


class Counting:
    """Counts the events topic.

    Args:
        prefix: topic prefix.
        app: reads the events; it must not have started.
        config: window and lateness.
        encoding: of the rows.
    """

    def __init__(self, prefix: str, app: TransportApp, config: CountsConfig, encoding: Encoding) -> None:
        self._topic = topics.counts(prefix)
        self._config = config
        self._window, self._late = round(config.window * 1000), round(config.late * 1000)
        self._encoding = encoding
        self._counts = Counts(app)
        self._shares: dict[int, Share] = {}
        app.consume(topics.events(prefix), topics.ANALYTICS, self.count)

    async def count(self, chunk: Chunk) -> None:
        """Count every record of the chunk.

        Raises:
            Revoked: the partition left before that.
        """
        if not chunk.lease.open:  # What was counted of the partition may be its next owner's by now.
            raise Revoked
        share = self._share(chunk.lease, chunk.records[0].partition)
        async with share.turn, chunk.lease.work():
            self._store(share, share.book.take(chunk.records, monotonic()))
            share.lease.done_all(share.finished(chunk.records))
        metrics.COUNTED.inc(len(chunk.records))

    async def watch_the_clock(self) -> None:
        """Close what nothing is added to any more, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            for share in tuple(self._shares.values()):
                if share.lease.open:
                    await self._look(share)
                else:
                    del self._shares[share.number]

    async def _look(self, share: Share) -> None:
        context = CHUNK_LEASE.set(share.lease)
        try:
            async with share.turn, share.lease.work():
                step = share.book.idle(monotonic())
                self._store(share, step)
                if step.closed:
                    share.lease.done_all(share.finished())
        except Revoked:
            log.debug("partition %d was revoked before its windows were closed", share.number)
        finally:
            CHUNK_LEASE.reset(context)

    def _share(self, lease: Lease, number: int) -> Share:
        share = self._shares.get(number)
        if share is None or share.lease is not lease:
            left = self._counts.left(number)
            book = Book(self._window, self._late, mark=left.mark, tallies=left.tallies, now=monotonic())
            share = self._shares[number] = Share(lease, number, book)
            lease.patience = self._config.window + self._config.late + LATE
        return share

    def _store(self, share: Share, step: Step) -> None:
        """Tallies, then how far they reach, then rows: any beginning of it says the truth to the next owner."""
        self._counts.keep(share.number, step.changed)
        if step.mark is not None:
            self._counts.mark(share.number, step.mark)
        for subject, tally in step.closed:
            row = outgoing(
                subject,
                tally,
                topic=self._topic,
                partition=share.number,
                window=self._window,
                encoding=self._encoding,
            )
            self._counts.forget(share.number, subject, row)
        metrics.COUNTS.inc(len(step.closed))
