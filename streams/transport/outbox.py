"""What is sent under an event without waiting for it, such as forwarded events.

It is stored in the order of sending, and before the event's offset is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from schemas.errors import ReflexarcError, Unreachable
from streams.transport.sent import Sent, debtors, without_idle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from faust.types.tuples import RecordMetadata

    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing
    from streams.transport.lease import Lease

log = logging.getLogger(__name__)

BATCH: Final = 1_000
PAUSE_AFTER_OUTAGE: Final = 0.5
FLUSH_WITHIN: Final = 10.0


class Outbox:
    """Publishes in the order of ``send``, one batch after the other, and each again until the broker has it.

    Args:
        publisher: the process's one producer.
        fail: told of a record that will never be stored: the process must not live on as if it had been.
        leases: every lease that agents work on.
    """

    def __init__(
        self, publisher: Publisher, fail: Callable[[BaseException], None], leases: Iterable[Lease] = ()
    ) -> None:
        self._publisher = publisher
        self._fail = fail
        self._leases = leases
        self._waiting: deque[Sent] = deque()
        self._filled = asyncio.Event()
        self._empty = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def send(self, record: Outgoing, stored: Callable[[RecordMetadata], None], lease: Lease | None = None) -> None:
        """Take a record, under the event of this task unless a lease is named; ``stored`` is called when it is."""
        owing = (lease,) if lease is not None else debtors(self._leases)
        self._waiting.append(Sent.under(owing, record, stored))
        self._empty.clear()
        self._filled.set()
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._serve())

    async def flush(self) -> None:
        """Wait until everything is stored, or for ten seconds."""
        if self._task is not None and not self._task.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), FLUSH_WITHIN)

    async def _serve(self) -> None:
        try:
            while True:
                await self._filled.wait()
                self._filled.clear()
                while self._waiting:
                    await self._store([self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))])
                self._empty.set()
        except Exception as error:  # noqa: BLE001 - what it has not stored would hold up its partitions for ever
            self._fail(error)

    async def _store(self, taken: list[Sent]) -> None:
        while taken := without_idle(taken):
            try:
                outcomes = await self._publisher.publish_many([sent.record for sent in taken])
            except Unreachable as error:
                log.warning("%d records wait for the broker: %s", len(taken), error)
                await asyncio.sleep(PAUSE_AFTER_OUTAGE)
                continue
            for sent, outcome in zip(taken, outcomes, strict=True):
                if isinstance(outcome, PublishRejected):
                    raise ReflexarcError(f"{sent.record.topic} refused a record: {outcome}")
                sent.settle(outcome)
            return
