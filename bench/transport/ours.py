"""Our transport, wired as a role of the worker is."""

from __future__ import annotations

import asyncio
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from bench.transport.seen import Seen
from bench.transport.task import Task
from clients.kafka import options
from clients.kafka.errors import PublishRejected, explain
from clients.kafka.publisher import Publisher
from clients.kafka.record import Outgoing
from ops import garbage
from streams.transport.app import TransportApp

if TYPE_CHECKING:
    from streams.transport import Chunk

DRAIN = 5.0


class Agent:
    """Reads every chunk, or publishes it again."""

    def __init__(self, task: Task, publisher: Publisher) -> None:
        self._task = task
        self._publisher = publisher
        self._seen = Seen(Path(task.seen))

    async def read(self, chunk: Chunk) -> None:
        """Look at value and headers of every record."""
        self._arrived(chunk)
        async with chunk.lease.work():
            for record in chunk.records:
                _ = record.value, record.headers
            _report(chunk)

    async def forward(self, chunk: Chunk) -> None:
        """Publish every record; done when the broker has acknowledged them."""
        self._arrived(chunk)
        target = self._task.target or ""
        outgoing = [Outgoing(target, record.value, record.key, record.headers) for record in chunk.records]
        async with chunk.lease.work():
            for outcome in await self._publisher.publish_many(outgoing):
                if isinstance(outcome, PublishRejected):
                    raise outcome
            _report(chunk)

    def _arrived(self, chunk: Chunk) -> None:
        if not self._task.stamped:
            self._seen.add(len(chunk.records))
            return
        for record in chunk.records:
            self._seen.stamped(record.headers)


def _report(chunk: Chunk) -> None:
    chunk.lease.done_all([record.offset for record in chunk.records])


async def main(task: Task) -> None:
    """Work for ever."""
    publisher = Publisher(task.kafka, client_id=task.group, topics=task.targets)
    await publisher.start()
    app = TransportApp(
        task.group,
        consumer_options=options.consumer(task.kafka, task.group, client_id=task.group),
        publisher=publisher,
        drain=DRAIN,
        explain=partial(explain, config=task.kafka),
    )
    agent = Agent(task, publisher)
    app.consume(task.source, "ours", agent.read if task.target is None else agent.forward)
    await app.run_until(asyncio.Event(), lambda: None)


if __name__ == "__main__":
    garbage.settle()
    uvloop.run(main(Task.of_argv()))
