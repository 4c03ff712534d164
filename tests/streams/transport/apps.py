"""Faust apps on the transport, in the event loop of a test."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from clients.kafka import errors, options
from clients.kafka.publisher import Publisher
from clients.kafka.transactions import Transactions
from schemas.config import KafkaConfig
from streams.transport.app import TransportApp

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

SESSION = {"session.timeout.ms": "6000", "heartbeat.interval.ms": "1500"}


@asynccontextmanager
async def serving(
    bootstrap: str, group: str, declare: Callable[[TransportApp], None], *, drain: float = 5.0, **settings: Any
) -> AsyncIterator[TransportApp]:
    """An app that has joined its group; it drains, commits and leaves at the end of the body."""
    config = KafkaConfig.model_validate({"bootstrap": bootstrap, "replication": 1, "options": SESSION})
    publisher = Publisher(config, client_id=group)
    await publisher.start()
    app = TransportApp(
        group,
        consumer_options=options.consumer(config, group, client_id=group),
        publisher=publisher,
        drain=drain,
        explain=partial(errors.explain, config=config),
        transactions=partial(Transactions, config, client_id=group),
        **settings,
    )
    declare(app)
    stop, started = asyncio.Event(), asyncio.Event()
    running = asyncio.create_task(app.run_until(stop, started.set))
    try:
        await asyncio.wait((running, asyncio.create_task(started.wait())), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            await running
        yield app
    finally:
        stop.set()
        try:
            await running
        finally:
            await publisher.close()


async def until(condition: Callable[[], bool]) -> None:
    """Until the condition holds; a run that never gets there fails."""
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.02)
