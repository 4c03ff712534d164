"""A delivery engine over a sink that answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from schemas.cloudevents import CloudEvent, kafka
from schemas.config import SinkConfig
from streams.delivery.agent import Delivery
from streams.delivery.destination import Destination
from streams.delivery.outlet import Outlet
from streams.transport import Chunk, Lease, Record
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from sinks.base import Accepted

SOON = {"retry": 2, "backoff_delay": "1ms", "backoff_max": "1ms"}
Answer = Callable[[str], "Exception | Accepted | None"]


class ScriptedSink:
    """Answers each attempt as its ``answer`` says, given the id of the event.

    Attributes:
        answer: called once per attempt.
        accepted: ids, in the order in which they were accepted.
        hold: while it is not set, nothing is answered.
    """

    def __init__(self, answer: Answer = lambda _: None, *, opens: tuple[Exception, ...] = ()) -> None:
        self.answer = answer
        self.accepted: list[str] = []
        self.attempts: list[str] = []
        self.opened = 0
        self.busy = self.busiest = 0
        self.hold = asyncio.Event()
        self.hold.set()
        self._opens = list(opens)

    async def open(self) -> None:
        if self._opens:
            raise self._opens.pop(0)
        self.opened += 1

    async def send(self, event: CloudEvent) -> Accepted | None:
        self.attempts.append(event.id)
        self.busy += 1
        self.busiest = max(self.busy, self.busiest)
        try:
            await self.hold.wait()
            await asyncio.sleep(0)
        finally:
            self.busy -= 1
        answer = self.answer(event.id)
        if isinstance(answer, Exception):
            raise answer
        self.accepted.append(event.id)
        return answer

    async def close(self) -> None:
        pass


class BatchingSink(ScriptedSink):
    """Takes up to three in one go."""

    batch = 3

    def __init__(self, answer: Answer = lambda _: None) -> None:
        super().__init__(answer)
        self.batches: list[list[str]] = []

    async def send_batch(self, events: Sequence[CloudEvent]) -> list[Any]:
        self.batches.append([event.id for event in events])
        await self.hold.wait()
        return [self.answer(event.id) for event in events]


def times(count: int, error: Exception) -> Answer:
    """Fail so often, then accept."""
    left = [error] * count
    return lambda _: left.pop() if left else None


def only(event: str, error: Exception) -> Answer:
    """Fail whenever it is this event."""
    return lambda asked: error if asked == event else None


def record(offset: int, key: bytes = b"k", origin: bytes | None = None) -> Record:
    event = CloudEvent(id=f"e{offset}", source="s", type="t", subject="x", data=b"{}")
    message = kafka.to_binary(event)
    headers = (*message.headers, *((("reflexarc_origin", origin),) if origin else ()))
    return Record("reflexarc.sink.s", 0, offset, 0, key, message.value, headers)


class Engine:
    """One delivery, its lease, and what it has published and reported."""

    def __init__(self, sink: ScriptedSink, *failures: Exception, **fields: Any) -> None:
        config = SinkConfig.model_validate({"name": "s", "type": "http", **SOON, **fields})
        self.publisher = RecordingPublisher(*failures)
        self.lease = Lease(asyncio.get_running_loop())
        self.failures: list[BaseException] = []
        outlet = Outlet(
            config,
            self.publisher,
            dead_letters="reflexarc.dlq.s",
            unroutable="reflexarc.dlq.router",
            events="reflexarc.events",
        )
        self.delivery = Delivery(config, Destination(config, sink), outlet, self.failures.append)
        self.done: list[int] = []

    async def take(self, *records: Record) -> None:
        await self.delivery.deliver(Chunk(self.lease, records))

    async def until(self, *offsets: int) -> None:
        """Wait until these, and no others, are reported; sorted."""
        async with asyncio.timeout(10):
            while len(self.done) < len(offsets) and not self.failures:
                self.done += self.lease.reports()
                await asyncio.sleep(0.001)
        assert (sorted(offsets), []) == (sorted(self.done), self.failures)

    @property
    def letters(self) -> list[dict[str, bytes | None]]:
        return [dict(each.headers) for each in self.publisher.records if each.topic == "reflexarc.dlq.s"]


@asynccontextmanager
async def engine(sink: ScriptedSink, *failures: Exception, **fields: Any) -> AsyncIterator[Engine]:
    made = Engine(sink, *failures, **fields)
    try:
        yield made
    finally:
        await made.delivery.close()


async def turns(count: int = 50) -> None:
    """Let everything happen that waits for nothing."""
    for _ in range(count):
        await asyncio.sleep(0)
