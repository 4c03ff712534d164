"""The connector: events in, calls of PutEvents in threads of its own."""

from __future__ import annotations

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from clients.aws.session import Access, Session
from schemas.errors import Unavailable
from sinks.completion import completed
from sinks.eventbridge.bus import Bus
from sinks.eventbridge.config import EventBridgeConfig
from sinks.eventbridge.handover import Handover
from sinks.eventbridge.offload import Offload
from sinks.eventtype import rename

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.base import SinkContext

WORKERS: Final = 64
"""Most calls at once; an answer takes some 20 ms, and a full call has 10 events: more than any account's quota."""

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Line:
    """What one ``open`` has made, for as long as it works."""

    bus: Bus
    offload: Offload | None

    def close(self) -> None:
        """Close every connection."""
        self.bus.close()
        if self.offload is not None:
            self.offload.close()


class EventBridgeSink:
    """Puts events on one bus, up to ``in_flight`` calls at once; credentials are looked for again by each ``open``."""

    Config = EventBridgeConfig

    def __init__(self, config: EventBridgeConfig, _: SinkContext) -> None:
        self.batch = config.batch
        self._config = config
        self._workers = min(config.in_flight, WORKERS)
        self._executor = ThreadPoolExecutor(self._workers, thread_name_prefix=f"sink-{config.name}")
        self._line: Line | None = None

    async def open(self) -> None:
        """Log in, and see that the bus is there."""
        await self._hang_up()
        self._line = await self._call(self._connect)

    async def send(self, event: CloudEvent) -> None:
        """Put one event on the bus."""
        [outcome] = await self.send_batch([event])
        if outcome is not None:
            raise outcome

    async def send_batch(self, events: Sequence[CloudEvent]) -> Sequence[DeliveryError | None]:
        """Put events on the bus in as few calls as it takes; only the failed entries of a call have failed.

        Raises:
            Unavailable: the bus is away or does not let us in, and has taken none of them.
        """
        line, config = self._line, self._config
        if line is None:
            raise Unavailable(f"not connected to {config.bus}")
        renamed = [rename(event, config.spelling()) for event in events]
        recalled = threading.Event()
        handover = Handover(config, line.bus, line.offload, renamed, recalled.is_set)
        return await self._call(handover.run, recall=recalled.set)

    async def close(self) -> None:
        """Finish what has begun, and close every connection."""
        await asyncio.to_thread(self._executor.shutdown)
        if self._line is not None:
            self._line.close()
            self._line = None

    def _connect(self) -> Line:
        config = self._config
        session = Session(
            Access(
                region=config.home(),
                profile=config.profile,
                ca_file=config.ca_file,
                insecure=config.insecure,
                timeout=config.timeout,
                connections=self._workers,
            )
        )
        bus = Bus(config, session)
        line = Line(bus, None if config.offload is None else Offload(config.offload, session))
        try:
            bus.verify()
        except BaseException:
            line.close()
            raise
        return line

    async def _hang_up(self) -> None:
        line, self._line = self._line, None
        if line is not None:
            await self._call(line.close)

    async def _call(self, call: Callable[[], Answer], recall: Callable[[], None] = lambda: None) -> Answer:
        """What ``call`` returns, from a thread; when cancelled, not before a call that has begun has ended."""
        job = self._executor.submit(call)

        def end() -> None:
            recall()
            job.cancel()  # unless a thread has taken it up

        return await completed(asyncio.wrap_future(job), recall=end)
