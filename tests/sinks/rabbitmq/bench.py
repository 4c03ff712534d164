"""A queue of the real broker, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.cloudevents import json
from tests.sinks.bench import Bench

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from aio_pika.abc import AbstractIncomingMessage, AbstractQueue
    from yarl import URL

    from clients.http import Client
    from schemas.cloudevents import CloudEvent
    from tests.sinks.relay import Relay


class RabbitMqBench(Bench):
    """A queue of the real broker, reached through a relay that can go away."""

    def __init__(self, http: Client, folder: Path, url: URL, relay: Relay, queue: AbstractQueue) -> None:
        super().__init__(http, folder, url.password or "guest")
        self.username = url.user or "guest"
        self.relay = relay
        self.queue = queue
        self.scheme = "amqp"

    def settings(self) -> Mapping[str, Any]:
        return {
            "type": "rabbitmq",
            "url": f"{self.scheme}://127.0.0.1:{self.relay.port}",
            "username": self.username,
            "password_file": str(self.secret),
            "queue": self.queue.name,
        }

    async def delivered(self) -> list[CloudEvent]:
        return [json.loads(message.body) for message in await self.messages()]

    async def messages(self) -> list[AbstractIncomingMessage]:
        taken = []
        while message := await self.queue.get(no_ack=True, fail=False):
            taken.append(message)
        return taken

    async def leave(self) -> None:
        await self.relay.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.scheme = "amqps" if tls else "amqp"
        await self.relay.start(tls)

    def fall_silent(self) -> None:
        self.relay.silent = True
