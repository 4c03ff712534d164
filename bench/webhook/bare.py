"""The least that such a server can cost: aiohttp, one handler that produces the body and waits for Kafka's ack.

``python -m bench.webhook.bare CONFIG TOPIC`` serves where the configuration listens, beside others of its kind, until
it is ended: no checks, no CloudEvent, the ``ce-`` headers copied; the producer has the product's own properties.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop
from aiohttp import web
from confluent_kafka import Producer

from clients.kafka import options
from schemas.config import load
from sinks.registry import SINKS, model

if TYPE_CHECKING:
    from confluent_kafka import KafkaError, Message

    from schemas.config import Config

TURN = 0.001


async def serve(config: Config, topic: str) -> None:
    """Serve for ever."""
    producer = Producer(options.producer(config.kafka, client_id="bare"))
    loop = asyncio.get_running_loop()

    async def handle(request: web.Request) -> web.Response:
        done = loop.create_future()

        def report(error: KafkaError | None, _: Message) -> None:
            done.set_result(error)

        headers: list[tuple[str, str | bytes | None]] = [
            (f"ce_{name[3:].lower()}", value.encode())
            for name, value in request.headers.items()
            if name.lower().startswith("ce-")
        ]
        producer.produce(topic, await request.read(), request.headers["ce-source"], -1, report, headers=headers)
        return web.Response(status=202 if await done is None else 503)

    app = web.Application()
    app.router.add_post("/events", handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    assert config.webhook is not None
    await web.TCPSite(runner, config.webhook.host, config.webhook.port, reuse_port=True).start()
    while True:
        producer.poll(0)
        await asyncio.sleep(TURN)


if __name__ == "__main__":
    uvloop.run(serve(load(Path(sys.argv[1]), sink_models=model, sink_types=tuple(SINKS)), sys.argv[2]))
