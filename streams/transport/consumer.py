"""The Faust side of the reader: Faust sees assignments, chunks and records; the ledger stays ours.

What Faust's own machinery does with flow, seeks and offsets is answered here with nothing on purpose: each of those
loses or stalls events when partitions move one by one (docs/transport.md).
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, NoReturn, cast

from faust.exceptions import ImproperlyConfigured
from faust.transport.consumer import Consumer as FaustConsumer
from mode import Service

from schemas.errors import ReflexarcError
from streams.transport.drain import CANCEL_WAIT
from streams.transport.member import Member
from streams.transport.membership import membership
from streams.transport.message import SingleMessage, of_chunk
from streams.transport.reader import Reader
from streams.transport.topics import partition_counts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from faust.types import TP
    from faust.types.tuples import Message

    from streams.transport.app import TransportApp
    from streams.transport.chunk import Chunk
    from streams.transport.lease import Lease
    from streams.transport.ledger import Run


def _unused(*_args: Any, **_kwargs: Any) -> NoReturn:
    raise ImproperlyConfigured("the reflexarc transport seeks, declares and recovers in its own way")


log = logging.getLogger(__name__)

LEAVE_WAIT = 10.0
"""Seconds that a broker may take to let a member go."""


class Consumer(FaustConsumer):
    """Delivers chunks and records to agents and runs Faust's assignment hooks in order, from one task."""

    mundane_level = "debug"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._app = cast("TransportApp", self.app)
        self._events: asyncio.Queue[frozenset[TP] | Chunk] = asyncio.Queue()
        self._newer = 0
        self._assigned: set[TP] = set()
        self._counts: dict[str, int] = {}
        self._reader: Reader | None = None

    # What the reader tells, on the event loop.

    def on_assignment(self, assigned: frozenset[TP]) -> None:
        """Queue the new set behind the chunks that came before it."""
        self._app.join()
        self._newer += 1
        self._events.put_nowait(assigned)

    def on_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Queue chunks; bounded by the reader's pauses per partition."""
        for chunk in chunks:
            self._events.put_nowait(chunk)

    def on_loss(self, tp: TP, lost: Run, lease: Lease) -> None:
        """Tell the world; nothing behind the gap is committed before it knows."""
        if self._app.lost is not None:
            self._app.outbox.send(self._app.lost(tp, lost), lambda _: None, lease)

    def on_failure(self, error: BaseException) -> None:
        """Report to the app: without its reader it would be alive and deaf."""
        self._app.fail(error)

    @property
    def outdated(self) -> bool:
        """Whether a newer assignment waits: what is being done for the present one is for nothing; from any thread."""
        return self._newer > 0

    @Service.task
    async def _dispatch(self) -> None:
        while not self.should_stop:
            event = await self._events.get()
            if isinstance(event, frozenset):
                self._newer -= 1
                # Without tables, partitions stay while others move: their chunks follow, and Faust must know them.
                if not (self._app.tables and self.outdated):
                    await self._change_assignment(set(event))
                continue
            if not event.lease.open:
                continue
            self._app.leases.add(event.lease)
            if event.records[0].topic in self._app.chunked:
                await self.callback(of_chunk(event))
            else:
                for record in event.records:
                    await self.callback(SingleMessage(event.lease, record))

    async def _change_assignment(self, assigned: set[TP]) -> None:
        if assigned == self._assigned and not self._app.tables:
            return
        gone = self._assigned - assigned
        self._assigned = assigned
        self.app.on_rebalance_start()
        if gone:
            self.app.tables.on_partitions_revoked(gone)
        await self.on_partitions_assigned(set(assigned))  # Tables are rebuilt in here.
        self.app.on_rebalance_end()

    # What Faust asks for.

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Start the reader; agents and tables are declared before the app starts, so the topics never change.

        What keeps it from starting ends the app.
        """
        if self._reader is None:
            try:
                self._reader = await self._join(sorted(topics))
            except ReflexarcError as error:
                self._app.fail(error)
            else:
                self._reader.start()

    async def _join(self, wanted: Sequence[str]) -> Reader:
        app = self._app
        self._counts = await asyncio.to_thread(
            partition_counts, app.consumer_options, wanted, sorted(app.tables.changelog_topics), explain=app.explain
        )
        patience = app.drain + CANCEL_WAIT
        join = partial(
            Member,
            membership(app.consumer_options, instance=app.instance, tables=bool(app.tables), patience=patience),
            {topic: self._counts[topic] for topic in wanted},
            loop=self.loop,
            listener=self,
            drain=app.drain,
            explain=app.explain,
            health=app.health,
        )
        return Reader(join, loop=self.loop, listener=self)

    async def wait_empty(self) -> None:
        """Stop the reader: drain, commit and leave the group; returns when it has ended."""
        if self._reader is not None and self._reader.is_alive():
            self._reader.stop()
            await asyncio.to_thread(self._reader.join, 2 * self._app.drain + CANCEL_WAIT + LEAVE_WAIT)
            if self._reader.is_alive():
                log.error("the reader does not end; what it held comes again elsewhere")

    async def on_stop(self) -> None:
        """Call when the consumer is stopping."""
        await self.wait_empty()

    def assignment(self) -> set[TP]:
        """Partitions that Faust has been told of."""
        return set(self._assigned)

    def topic_partitions(self, topic: str) -> int | None:
        """How many partitions a subscribed topic or a changelog had at the start."""
        return self._counts.get(topic)

    def ack(self, message: Message) -> bool:
        """Report a record that an ordinary agent has left behind; agents of chunks report to the lease.

        Faust also acknowledges the event in which an agent raised; nothing is taken for done any more from then on.
        """
        if isinstance(message, SingleMessage):
            message.settle(done=not self._app.failing)
        return True

    async def _drain_messages(self, fetcher: Any) -> None:
        # Faust takes a fetcher that is cancelled in a rebalance for one to start again, and crashes the app for it.
        # Ours has nothing to do, and is cancelled only when the app stops.
        with suppress(asyncio.CancelledError):
            await fetcher.wait_until_stopped()

    async def commit(self, topics: Any = None, start_new_transaction: bool = True) -> bool:  # noqa: ARG002, FBT001, FBT002 - Faust's signature
        """Nothing to do: the reader commits what its ledger says."""
        return False

    async def perform_seek(self) -> None:
        """Nothing to do: the reader chose the position when it was assigned."""

    def stop_flow(self) -> None:
        """Nothing to do: a closed lease stops exactly the partition that leaves."""

    def resume_flow(self) -> None:
        """Nothing to do, see ``stop_flow``."""

    def on_buffer_full(self, tp: TP) -> None:
        """Nothing to do: the reader pauses a partition by what its ledger holds."""

    def on_buffer_drop(self, tp: TP) -> None:
        """Nothing to do, see ``on_buffer_full``."""

    def close(self) -> None:
        """Let the reader go; ``wait_empty`` waits for it."""
        if self._reader is not None:
            self._reader.stop()

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int | None:  # noqa: ARG002 - Faust's signature
        """Leave the choice to librdkafka's partitioner."""
        return partition

    # What only Faust's own recovery, fetcher and topic declarations would ask for: none of them runs.

    _commit = _getmany = _seek = _unused
    create_topic = earliest_offsets = highwater = highwaters = position = _unused
    seek_to_committed = seek_wait = verify_recovery_event_path = _unused
    _new_topicpartition = _to_message = _unused
