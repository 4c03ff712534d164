"""A Faust app on this transport: what Faust's settings cannot carry."""

from __future__ import annotations

import asyncio
import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakSet

import faust

from schemas.errors import ReflexarcError
from streams.transport.agents import loud
from streams.transport.health import Health
from streams.transport.outbox import Outbox
from streams.transport.stream import Stream
from streams.transport.tables.assignor import Assignor
from streams.transport.tables.manager import Tables
from streams.transport.turns import Turns

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from faust.types import TP
    from mode.utils.queues import ThrowableQueue

    from clients.kafka.publisher import Publisher
    from clients.kafka.record import Outgoing
    from streams.transport.chunk import Chunk
    from streams.transport.explain import Explain
    from streams.transport.lease import Lease
    from streams.transport.ledger import Run
    from streams.transport.tables.writer import Begin

SETTINGS: Final[dict[str, Any]] = {
    "store": "memory://",
    "key_serializer": "raw",
    "value_serializer": "raw",
    "topic_allow_declare": False,
    "topic_disable_leader": True,
    "table_standby_replicas": 0,
    "web_enabled": False,
    # Bounded per partition by the reader; a queue that fills would hold up every other topic as well.
    "stream_buffer_maxsize": 1 << 30,
    "broker_max_poll_interval": 300.0,
    "Stream": Stream,
    "TableManager": Tables,
    "PartitionAssignor": Assignor,
}


class TransportApp(faust.App):
    """One role of the worker.

    Args:
        group: consumer group, also the app's id.
        consumer_options: librdkafka properties of the consumer, group included.
        publisher: the process's one idempotent producer, started and closed by the caller.
        drain: seconds that begun work may take to finish when its partition is revoked.
        explain: turns the consumer's Kafka errors into instructions.
        transactions: makes the transactional producers that tables are written with; an app without tables needs none.
        instance: name of this member in the group, kept over restarts; without it every restart moves partitions.
        lost: makes the record that tells the world of events that Kafka deleted before they were delivered.
        health: is told what is wrong although the process runs.
        settings: further settings of Faust, such as ``web_enabled``.

    Attributes:
        outbox: what is sent without waiting for it.
        leases: what agents work on.
        chunked: topics whose agents get chunks.
    """

    mundane_level = "debug"
    logger = logging.getLogger("faust.app")  # What it says of its life cycle is Faust's.

    def __init__(
        self,
        group: str,
        *,
        consumer_options: Mapping[str, Any],
        publisher: Publisher,
        drain: float,
        explain: Explain,
        transactions: Begin | None = None,
        instance: str | None = None,
        lost: Callable[[TP, Run], Outgoing] | None = None,
        health: Health | None = None,
        **settings: Any,
    ) -> None:
        self.consumer_options = consumer_options
        self.publisher = publisher
        self.drain = drain
        self.explain = explain
        self.transactions = transactions
        self.instance = instance
        self.lost = lost
        self.leases: WeakSet[Lease] = WeakSet()
        self.outbox = Outbox(publisher, self.fail, self.leases)
        self.chunked: set[str] = set()
        self.health = health or Health()
        self._joined = asyncio.Event()
        self._failure: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        super().__init__(group, broker="reflexarc://", **(SETTINGS | settings))

    def consume(self, topic: str, name: str, handle: Callable[[Chunk], Awaitable[None]]) -> None:
        """Call ``handle`` with every chunk of the topic: one at a time per partition, partitions side by side.

        ``Revoked`` ends a chunk quietly, its next owner goes on. Any other error ends the app.
        """
        turns = Turns(name, handle, self.fail)

        async def agent(stream: Any) -> None:
            try:
                async for event in stream.noack().events():
                    turns.add(event.value)
            finally:
                await turns.stop()

        self.chunked.add(topic)
        self.agent(self.topic(topic), name=name)(agent)

    def agent(self, *args: Any, **options: Any) -> Callable[[Any], Any]:
        """Declare an agent, as in Faust; but one that raises, or is cancelled from within, ends the app."""
        declare = super().agent(*args, **options)

        def decorate(function: Any) -> Any:
            return declare(loud(function, partial(self._cancelled, function.__name__)))

        return decorate

    def _cancelled(self, name: str) -> None:
        if not self.should_stop:
            self.fail(ReflexarcError(f"the agent {name} was cancelled from within"))

    async def _on_agent_error(self, agent: Any, exc: BaseException) -> None:  # noqa: ARG002 - Faust's signature
        """End the app: Faust restarts an agent behind the event in which it raised, and that event would be lost."""
        self.fail(exc)

    def join(self) -> None:
        """Note that the group has given this member its first assignment, be it an empty one."""
        self._joined.set()

    @property
    def failing(self) -> bool:
        """Whether the app is about to end with an error: nothing counts as done any more."""
        return self._failure.done()

    def fail(self, error: BaseException) -> None:
        """Make ``run_until`` raise this error."""
        if not self._failure.done():
            self._failure.set_exception(error)

    async def run_until(self, stop: asyncio.Event, started: Callable[[], None]) -> None:
        """Serve until ``stop`` is set, then drain, commit and leave the group; ``started`` is called once joined.

        Raises:
            ReflexarcError: what ended the reader or an agent before that.
        """
        joined, stopping, crashed = (
            asyncio.ensure_future(event.wait()) for event in (self._joined, stop, self._crashed)
        )
        ends = (stopping, crashed, self._failure)
        # Faust's start returns after the first assignment, which does not come to a member that is not let in.
        starting = asyncio.ensure_future(self.start())
        try:
            await asyncio.wait((starting, *ends), return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()
            await asyncio.wait((joined, *ends), return_when=asyncio.FIRST_COMPLETED)
            if joined.done():
                started()
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for future in (starting, joined, stopping, crashed):
                future.cancel()
            await self.stop()
        if self._failure.done():
            self._failure.result()
        if self.crash_reason is not None:
            raise self.crash_reason

    def _create_directories(self) -> None:
        """Nothing to do: no table keeps anything on disk, and the root file system may be read-only."""

    def FlowControlQueue(  # noqa: N802 - Faust's name
        self,
        maxsize: int | None = None,
        *,
        clear_on_resume: bool = False,  # noqa: ARG002 - see below
    ) -> ThrowableQueue[Any]:
        """Never clear on resume: a rebalance would empty the buffers of partitions that stay."""
        return super().FlowControlQueue(maxsize, clear_on_resume=False)
