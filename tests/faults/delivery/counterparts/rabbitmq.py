"""Queues of the real broker, reached through a process that can be cut."""

from __future__ import annotations

import asyncio
import signal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aio_pika
import orjson
from yarl import URL

from ops.demo.child import Child, free_port
from tests.faults.tally import Delivery
from tests.support.tail import Tail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tests.faults.delivery.counterparts.base import Place


class RabbitMq:
    """An exchange, a queue whose reader has a file, and for poison a queue that is full: the broker says no."""

    refuses = True
    batch = 1

    def __init__(self, place: Place) -> None:
        broker = place.scene.stack["rabbitmq"]
        password_file = broker.details["password_file"]
        self._url = URL(broker.endpoint or "").with_user(broker.details["username"])
        self._password = Path(password_file).read_text().strip()
        self._name, self._port = place.prefix, free_port()
        self.settings: Mapping[str, Any] = {
            "type": "rabbitmq",
            "url": f"amqp://127.0.0.1:{self._port}",
            "username": broker.details["username"],
            "password_file": password_file,
            "exchange": self._name,
            "routing_key": "{type}",
        }
        self.environ: Mapping[str, str] = {}
        self._place = place
        self._numbers = count(1)
        self._relay: Child | None = None
        self._tail = Tail(place.folder / "read", _delivery)
        asyncio.run(self._declare())
        argv = ["ops.demo.orchestrator", "--url", str(self._url), "--queue", f"{self._name}-tick"]
        argv += ["--out", str(place.folder / "read")]
        place.scene.add(Child("reader", argv, place.folder, {"AMQP_PASSWORD": self._password}, speaks=False))

    def start(self) -> None:
        """Have the way to it be open."""
        if self._relay is not None and self._relay.alive:
            self._relay.signal(signal.SIGCONT)
        else:
            argv = ["tests.faults.delivery.relay", str(self._port), f"{self._url.host}:{self._url.port}"]
            relay = Child(f"relay-{next(self._numbers)}", argv, self._place.folder, speaks=False)
            self._relay = self._place.scene.add(relay)

    def hang(self) -> None:
        """Let nothing through, either way."""
        if self._relay is not None:
            self._relay.signal(signal.SIGSTOP)

    def fall(self) -> None:
        """Cut it: what was on the way is gone, and confirmations with it."""
        if self._relay is not None:
            self._relay.kill()

    def taken(self) -> Sequence[Delivery]:
        """By the reader's file, which has a message before it is acknowledged."""
        return self._tail.read()

    def close(self) -> None:
        """Delete what was declared."""
        asyncio.run(self._delete())

    async def _declare(self) -> None:
        async with await aio_pika.connect(self._url.with_password(self._password)) as connection:
            channel = await connection.channel()
            exchange = await channel.declare_exchange(self._name, "direct", durable=True)
            full = {"x-max-length": 0, "x-overflow": "reject-publish"}
            for kind, arguments in (("tick", None), ("poison", full)):
                queue = await channel.declare_queue(f"{self._name}-{kind}", durable=True, arguments=arguments)
                await queue.bind(exchange, kind)

    async def _delete(self) -> None:
        async with await aio_pika.connect(self._url.with_password(self._password)) as connection:
            channel = await connection.channel()
            for kind in ("tick", "poison"):
                await channel.queue_delete(f"{self._name}-{kind}")
            await channel.exchange_delete(self._name)


def _delivery(line: Mapping[str, Any]) -> Delivery:
    event = orjson.loads(line["body"])["data"]
    return Delivery(event["seq"], event["key"], 0, "", line["at"])
