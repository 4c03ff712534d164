"""One connection to the broker, and on it the one channel whose messages the broker confirms."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import aio_pika
from aio_pika import exceptions
from pamqp import commands

from sinks import tls

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import aiormq.abc
    from aio_pika.abc import AbstractChannel, AbstractConnection

    from sinks.rabbitmq.config import RabbitMqConfig
    from sinks.rabbitmq.message import Message
    from sinks.rabbitmq.routing import Address

FAILURES: Final = (*exceptions.CONNECTION_EXCEPTIONS, TimeoutError, EOFError)
"""What may come out of any call below."""

_LOOK: Final = 0.05  # seconds between two looks at whether the broker has blocked us; aiormq tells nobody
_KNOWN: Final = 1_000  # exchanges remembered as being there


class Blocked(Exception):  # noqa: N818 - names the state
    """The broker takes no messages for now; nothing was sent."""


class Link:
    """Publishes and is told what became of it; it is not mended but replaced.

    Attributes:
        alarm: done while the broker takes no messages (connection.blocked, a memory or disk alarm).
    """

    def __init__(self, connection: AbstractConnection, channel: aiormq.abc.AbstractChannel) -> None:
        self._connection = connection
        self._channel = channel
        self._exchanges: set[str] = set()
        self.alarm: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._watching = asyncio.create_task(self._watch(), name="rabbitmq-alarm")

    @classmethod
    async def to(cls, config: RabbitMqConfig) -> Link:
        """Connect and log in.

        Raises:
            FAILURES: it did not work.
        """
        parts = urlsplit(config.url)
        encrypted = parts.scheme == "amqps"
        connection = await aio_pika.connect(
            host=parts.hostname or "",
            port=parts.port or (5671 if encrypted else 5672),
            login=config.username,
            password=config.password.reveal(),
            virtualhost=unquote(parts.path[1:]) or "/",
            ssl=encrypted,
            ssl_context=tls.context(config.ca_file, insecure=config.insecure) if encrypted else None,
            client_properties={"connection_name": f"reflexarc {config.name}"},
            timeout=config.timeout,
        )
        try:
            channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
            return cls(connection, await channel.get_underlay_channel())
        except BaseException:
            await _end(connection, config.timeout)
            raise

    @property
    def alive(self) -> bool:
        """Whether messages may still be confirmed on it."""
        return not self._connection.is_closed and not self._channel.is_closed

    @property
    def blocked(self) -> bool:
        """Whether it is alive, and the broker takes no messages; true as soon as the broker has said so."""
        return self.alive and (self.alarm.done() or not self._is_ready())

    async def aside(self, work: Callable[[AbstractChannel], Awaitable[None]]) -> None:
        """Do something on a channel of its own, whose failure harms no message."""
        async with self._connection.channel(publisher_confirms=False) as channel:
            await work(channel)

    async def see(self, exchange: str) -> None:
        """Return if there is such an exchange; publishing to one that is not would end the channel.

        Raises:
            ChannelNotFoundEntity: there is none.
        """

        async def look(channel: AbstractChannel) -> None:
            await channel.get_exchange(exchange)

        if exchange not in self._exchanges:
            await self.aside(look)
            if len(self._exchanges) >= _KNOWN:
                self._exchanges.clear()
            self._exchanges.add(exchange)

    async def publish(self, message: Message, address: Address) -> None:
        """Returns once the broker has confirmed the message and a queue has it.

        Messages are written without waiting for each other: one write a turn of the event loop would be the limit of
        the connection. While it is blocked none is, since the library would write it, and the broker not read it.

        Raises:
            Blocked: the broker takes none.
            PublishError: no queue takes it.
            DeliveryError: the broker did not accept it.
        """
        if self.blocked:
            raise Blocked
        await self._channel.basic_publish(
            message.body,
            exchange=address.exchange,
            routing_key=address.routing_key,
            properties=_properties(message),
            mandatory=True,
            wait=False,  # type: ignore[call-arg]  # its abstract class does not name it
        )

    async def close(self, *, timeout: float) -> None:  # noqa: ASYNC109 - giving up is part of the contract
        """Close the connection, in so many seconds at most."""
        self._watching.cancel()
        await _end(self._connection, timeout)

    def _is_ready(self) -> bool:
        """Whether waiting for the broker to take messages would end at once; aiormq has no other word for it."""
        transport = self._connection.transport
        if transport is None:
            return True
        waiting = transport.connection.ready()
        try:
            waiting.send(None)
        except StopIteration:
            return True
        waiting.close()
        return False

    async def _watch(self) -> None:
        """Follow what the broker says of its alarms."""
        transport = self._connection.transport
        if transport is None:
            return
        while True:
            await asyncio.sleep(_LOOK)
            try:
                async with asyncio.timeout(0.01):
                    await transport.connection.ready()
            except TimeoutError:
                self.alarm.set_result(None)
                await transport.connection.ready()
                self.alarm = asyncio.get_running_loop().create_future()


async def _end(connection: AbstractConnection, seconds: float) -> None:
    with suppress(*FAILURES):
        async with asyncio.timeout(seconds):
            await connection.close()


def _properties(message: Message) -> commands.Basic.Properties:
    return commands.Basic.Properties(
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        headers=dict(message.headers),
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        timestamp=message.timestamp,
        message_type=message.type,
        app_id="reflexarc",
    )
