"""A connector behind bounds: opened when need be, ended when it hangs; whatever it raises becomes an instruction."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeVar

from schemas.cloudevents import kafka
from schemas.errors import DeliveryError, InvalidEvent, ReflexarcError, Refused, Retry, Unavailable, Unreachable
from streams.delivery.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.config import SinkConfig
    from sinks.base import Accepted, BatchSink, Sink
    from streams.transport import Record

    Outcome = Accepted | DeliveryError | None

T = TypeVar("T")

log = logging.getLogger(__name__)

HANGING: Final = 4
"""How many of its own time-outs a connector may take before the engine ends the attempt."""


class Destination:
    """One sink, as the engine speaks to it.

    Args:
        config: its name and time-out.
        sink: the connector; opened on the first event, again after an outage.

    Attributes:
        batch: how many events it takes in one go.
    """

    def __init__(self, config: SinkConfig, sink: Sink | BatchSink) -> None:
        self._name = config.name
        self._limit = HANGING * config.timeout
        self._watchdog = Watchdog(self._limit)
        self._sink = sink
        self._opened = False
        self._openings = 0
        self._failure: Unavailable | None = None
        self._lock = asyncio.Lock()
        self.batch = int(getattr(sink, "batch", 1))

    async def send(self, event: CloudEvent) -> Outcome:
        """What becomes of one event; nothing is raised."""
        if not self._opened and (failure := await self._open()):
            return failure
        return await self._bounded(self._sink.send(event))

    async def send_batch(self, events: Sequence[CloudEvent]) -> Sequence[Outcome]:
        """What becomes of each of several events; nothing is raised."""
        if not self._opened and (failure := await self._open()):
            return [failure] * len(events)
        sink: BatchSink = self._sink  # type: ignore[assignment]  # it has a batch
        outcomes = await self._bounded(sink.send_batch(events))
        if outcomes is None or isinstance(outcomes, DeliveryError):
            return [outcomes] * len(events)
        if len(outcomes) != len(events):
            return [Retry(f"the connector answered {len(outcomes)} outcomes for {len(events)} events")] * len(events)
        for outcome in outcomes:
            if isinstance(outcome, Unavailable):
                self._opened = False
        return outcomes

    def forget(self, record: Record) -> None:
        """Let the connector forget what it remembers of an event that was given up."""
        forget = getattr(self._sink, "forget", None)
        if forget is not None:
            with suppress(InvalidEvent):
                forget(kafka.from_message(record.headers, record.value))

    async def _open(self) -> Unavailable | None:
        """Open it; whoever comes while somebody else does takes that one's outcome."""
        opening = self._openings
        async with self._lock:
            if self._opened or opening != self._openings:
                return self._failure
            failure = await self._bounded(self._sink.open())
            if failure is not None and not isinstance(failure, Unavailable):
                failure = Unavailable(f"cannot be opened: {failure.reason}")
            self._openings += 1
            self._opened, self._failure = failure is None, failure
        return failure

    async def _bounded(self, call: Awaitable[T]) -> T | DeliveryError:
        try:
            return await self._watchdog.watch(call)
        except Exception as error:  # noqa: BLE001 - that is the point
            instruction = self._instruction(error)
            if isinstance(instruction, Unavailable):
                self._opened = False
            return instruction

    def _instruction(self, error: Exception) -> DeliveryError:
        if isinstance(error, DeliveryError):
            return error
        if isinstance(error, Refused | Unreachable):
            return Unavailable(str(error))
        if isinstance(error, ReflexarcError):
            return Retry(str(error))
        if isinstance(error, TimeoutError):
            return Retry(f"the connector did not end within {self._limit:g} s")
        log.error("%s: a fault in the connector", self._name, exc_info=error)
        return Retry(f"unexpected {type(error).__name__}: {error}")
