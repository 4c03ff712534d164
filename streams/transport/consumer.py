"""The Faust side of the reader: Faust sees assignments and chunks, the ledger stays ours.

What Faust's own machinery does with flow, seeks and acknowledgements is answered here with nothing on purpose: each
of those loses or stalls events when partitions move one by one (docs/transport.md).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from faust.types import TP
from faust.types.tuples import ConsumerMessage
from mode import Service

from streams.transport.reader import Reader
from streams.transport.tableless import Tableless

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from faust.types.tuples import Message

    from streams.transport.app import TransportApp
    from streams.transport.chunk import Chunk


class Consumer(Tableless):
    """Delivers chunks to agents and runs Faust's assignment hooks in order, from one task."""

    mundane_level = "debug"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._events: asyncio.Queue[frozenset[TP] | Chunk] = asyncio.Queue()
        self._assigned: set[TP] = set()
        self._reader: Reader | None = None

    # What the reader tells, on the event loop.

    def on_assignment(self, assigned: frozenset[TP]) -> None:
        """Queue the new set behind the chunks that came before it."""
        cast("TransportApp", self.app).join()
        self._events.put_nowait(assigned)

    def on_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Queue chunks; bounded by the reader's pauses per partition."""
        for chunk in chunks:
            self._events.put_nowait(chunk)

    def on_failure(self, error: BaseException) -> None:
        """Report to the app: without its reader it would be alive and deaf."""
        cast("TransportApp", self.app).fail(error)

    @Service.task
    async def _dispatch(self) -> None:
        while not self.should_stop:
            event = await self._events.get()
            if isinstance(event, frozenset):
                await self._change_assignment(set(event))
            elif event.lease.open:
                await self.callback(self._message(event))

    async def _change_assignment(self, assigned: set[TP]) -> None:
        if assigned == self._assigned:
            return
        gone = self._assigned - assigned
        self._assigned = assigned
        self.app.on_rebalance_start()
        if gone:
            self.app.tables.on_partitions_revoked(gone)
        await self.on_partitions_assigned(set(assigned))

    @staticmethod
    def _message(chunk: Chunk) -> Message:
        first = chunk.records[0]
        # A constant generation: Faust silently skips events of any other; the lease is the real gate.
        return ConsumerMessage(
            first.topic,
            first.partition,
            first.offset,
            first.timestamp / 1000,
            0,
            None,
            None,
            cast("bytes", chunk),
            None,
            0,
            sum(record.size for record in chunk.records),
            TP(first.topic, first.partition),
            generation_id=0,
        )

    # What Faust asks for.

    async def subscribe(self, topics: Iterable[str]) -> None:
        """Start the reader; agents are declared before the app starts, so the topics never change."""
        if self._reader is None:
            app = cast("TransportApp", self.app)
            self._reader = Reader(
                app.consumer_options,
                sorted(topics),
                loop=self.loop,
                listener=self,
                drain=app.drain,
                explain=app.explain,
            )
            self._reader.start()

    async def wait_empty(self) -> None:
        """Stop the reader: drain, commit and leave the group; returns when it has ended."""
        if self._reader is not None and self._reader.is_alive():
            self._reader.stop()
            await asyncio.to_thread(self._reader.join)

    async def on_stop(self) -> None:
        """Call when the consumer is stopping."""
        await self.wait_empty()

    def assignment(self) -> set[TP]:
        """Partitions that Faust has been told of."""
        return set(self._assigned)

    async def _drain_messages(self, fetcher: Any) -> None:
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

    def ack(self, message: Message) -> bool:  # noqa: ARG002 - Faust's signature
        """Nothing to do: agents report to the lease."""
        return False

    def close(self) -> None:
        """Let the reader go; ``wait_empty`` waits for it."""
        if self._reader is not None:
            self._reader.stop()

    def key_partition(self, topic: str, key: bytes | None, partition: int | None = None) -> int | None:  # noqa: ARG002 - Faust's signature
        """Leave the choice to librdkafka's partitioner."""
        return partition
