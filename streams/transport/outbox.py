"""What is sent under an event without waiting for it: table changes, forwarded events.

It is stored in the order of sending, and before the event's offset is committed.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from faust import current_event
from faust.types import TP
from faust.types.tuples import RecordMetadata

from clients.kafka.errors import PublishRejected
from schemas.errors import ReflexarcError, Unreachable
from streams.transport.message import LeasedMessage

if TYPE_CHECKING:
    from collections.abc import Callable

    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing, Position
    from streams.transport.lease import Lease

log = logging.getLogger(__name__)

BATCH = 1_000
PAUSE_AFTER_OUTAGE = 0.5


class Sent(NamedTuple):
    """One record on its way, and the debt that its storing pays."""

    record: Outgoing
    lease: Lease | None
    debt: int
    stored: Callable[[RecordMetadata], None]


def lease_of_event() -> Lease | None:
    """The lease under whose event this task runs, if any."""
    event = current_event()
    message = event.message if event is not None else None
    return message.lease if isinstance(message, LeasedMessage) else None


class Outbox:
    """Publishes in the order of ``send``, one batch after the other, and each again until the broker has it.

    Args:
        publisher: the process's one producer.
        fail: told of a record that will never be stored: the process must not live on as if it had been.
    """

    def __init__(self, publisher: Publisher, fail: Callable[[BaseException], None]) -> None:
        self._publisher = publisher
        self._fail = fail
        self._waiting: deque[Sent] = deque()
        self._filled = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def send(self, record: Outgoing, stored: Callable[[RecordMetadata], None], lease: Lease | None = None) -> None:
        """Take a record, under the current event's lease unless one is named; ``stored`` is called when it is."""
        lease = lease or lease_of_event()
        self._waiting.append(Sent(record, lease, lease.owe() if lease else 0, stored))
        self._filled.set()
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._serve())

    async def _serve(self) -> None:
        while True:
            await self._filled.wait()
            self._filled.clear()
            while self._waiting:
                taken = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
                try:
                    await self._store(taken)
                except ReflexarcError as error:
                    self._fail(error)
                    return

    async def _store(self, taken: list[Sent]) -> None:
        # What a partition's next owner has read must not be changed behind its back.
        taken = [sent for sent in taken if sent.lease is None or not sent.lease.gone]
        while True:
            try:
                outcomes = await self._publisher.publish_many([sent.record for sent in taken])
            except Unreachable as error:
                log.warning("%d records wait for the broker: %s", len(taken), error)
                await asyncio.sleep(PAUSE_AFTER_OUTAGE)
            else:
                break
        for sent, outcome in zip(taken, outcomes, strict=True):
            if isinstance(outcome, PublishRejected):
                raise ReflexarcError(f"{sent.record.topic} refused a record: {outcome}")
            sent.stored(metadata(sent.record.topic, outcome))
            if sent.lease is not None:
                sent.lease.pay(sent.debt)


def metadata(topic: str, position: Position) -> RecordMetadata:
    """What Faust calls the place of a record."""
    return RecordMetadata(topic, position.partition, TP(topic, position.partition), position.offset)
