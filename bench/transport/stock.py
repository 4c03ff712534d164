"""Faust as it comes, on its own transport: every record an event, published with ``topic.send``."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

import faust
import uvloop

from bench.transport.seen import Seen
from bench.transport.task import Task

LINGER = 0.005

Handle: TypeAlias = Callable[[Any], Awaitable[None]]


def application(task: Task) -> faust.App:
    """An app with the settings that made it fastest."""
    return faust.App(
        task.group,
        broker=f"aiokafka://{task.bootstrap}",
        store="memory://",
        key_serializer="raw",
        value_serializer="raw",
        topic_allow_declare=False,
        topic_disable_leader=True,
        table_standby_replicas=0,
        stream_buffer_maxsize=4096,
        broker_commit_interval=1.0,
        producer_linger=LINGER,
        web_enabled=False,
        datadir=f"{task.seen}.faust",  # Faust would leave one where it was started.
    )


def read(app: faust.App, task: Task) -> None:
    """Add an agent that looks at value and headers of every event; Faust acknowledges it then."""
    seen = Seen(Path(task.seen))

    async def agent(stream: Any) -> None:
        async for event in stream.events():
            if task.stamped:
                seen.stamped(event.headers)
            else:
                _ = event.value, event.headers
                seen.add(1)

    app.agent(app.topic(task.source), name="stock")(agent)


def forward(app: faust.App, task: Task, handle: Handle) -> None:
    """Add an agent that hands every event to ``handle``, which acknowledges it, sooner or later."""
    seen = Seen(Path(task.seen))

    async def agent(stream: Any) -> None:
        async for event in stream.noack().events():
            if task.stamped:
                seen.stamped(event.headers)
            await handle(event)

    app.agent(app.topic(task.source), name="stock")(agent)


def sending(app: faust.App, target: str) -> Handle:
    """Publish an event with ``topic.send``; acknowledged when the broker has it."""
    topic = app.topic(target)

    async def send(event: Any) -> None:
        sent: Any = await topic.send(key=event.message.key, value=event.message.value, headers=event.headers)

        def settled(future: asyncio.Future[Any]) -> None:
            future.result()
            event.ack()

        sent.add_done_callback(settled)

    return send


async def main(task: Task) -> None:
    """Work for ever."""
    app = application(task)
    if task.target is None:
        read(app, task)
    else:
        forward(app, task, sending(app, task.target))
    await app.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(Task.of_argv()))
