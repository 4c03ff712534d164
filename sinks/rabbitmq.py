"""``type: rabbitmq``: one persistent message per event, for vRO's AMQP plug-in and every other reader of a queue.

A message counts as accepted when the broker has confirmed it. The broker confirms messages that no queue takes too,
after returning them; that is a fault of exchanges and bindings, not of the event: the sink counts as unavailable and
waits until somebody has mended them.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import unquote, urlsplit

import aio_pika
from aio_pika import exceptions
from aiormq.exceptions import ChannelAccessRefused, ConnectionNotAllowed
from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema, model_validator

from schemas.config import Fault, ReadableFile, Secret
from schemas.errors import Refused, Retry, Unavailable
from sinks.amqp import SHORT, Body, check_template, routing_key, to_message
from sinks.authorization import check_secrecy
from sinks.base import SinkConfig
from sinks.eventtype import TypeFormat, rename

if TYPE_CHECKING:
    from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange

    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.amqp import Message
    from sinks.base import SinkContext

_REFUSALS = (
    exceptions.AuthenticationError,
    exceptions.ProbableAuthenticationError,
    exceptions.ChannelPreconditionFailed,
    ChannelAccessRefused,
    ConnectionNotAllowed,
)
_FAILURES = (*exceptions.CONNECTION_EXCEPTIONS, TimeoutError, EOFError)


def _amqp_url(value: Any) -> str:
    try:
        parts = urlsplit(value)
        well_formed = parts.scheme in {"amqp", "amqps"} and bool(parts.hostname) and parts.port != 0
    except (AttributeError, TypeError, ValueError):
        well_formed = False
    if not well_formed:
        raise Fault("is not an amqp or amqps URL", "write it as amqps://host:port/vhost")
    if "@" in parts.netloc:
        raise Fault("holds credentials", "remove them from the URL, write username and password_file")
    if parts.query or parts.fragment:
        raise Fault("has a query or fragment", "end the URL after the virtual host")
    return str(value)


def _template(text: str) -> str:
    try:
        return check_template(text)
    except ValueError as error:
        raise Fault(str(error), "known: {subject}, {type}, {vcenter}, {eventclass}") from None


AmqpUrl = Annotated[
    str, BeforeValidator(_amqp_url), WithJsonSchema({"type": "string", "pattern": "^amqps?://[^@?#]+$"})
]


class RabbitMqConfig(SinkConfig):
    """Which broker, who we are there, and where messages go."""

    type: Literal["rabbitmq"] = Field("rabbitmq", description="Which connector.")
    url: AmqpUrl = Field(description="Address of the broker, without credentials: amqps://host:5671/vhost.")
    username: str = Field(min_length=1, description="Account that may publish.")
    password: Secret = Field(description="Password of the account.")
    ca_file: ReadableFile | None = Field(
        None, description="Certificate authorities of the broker (PEM); default: those of the system."
    )
    insecure: bool = Field(default=False, description="Do not verify the certificate, allow amqp:// to other machines.")
    queue: str | None = Field(None, min_length=1, max_length=SHORT, description="Queue that takes the messages.")
    declare: bool = Field(default=False, description="Create the queue, durable, when it is not there.")
    exchange: str | None = Field(None, min_length=1, max_length=SHORT, description="Exchange, instead of a queue.")
    routing_key: Annotated[str, AfterValidator(_template)] = Field(
        "{subject}", description="Routing key at the exchange; may hold {subject}, {type}, {vcenter}, {eventclass}."
    )
    body: Body = Field(
        "cloudevent",
        description="cloudevent: all of it as JSON; data: its data alone; seed: the message of the seed's workflows.",
    )
    type_format: TypeFormat = Field(
        "vsphere", description="Spelling of the type of vCenter events; event-router: as the VMware event router does."
    )

    @model_validator(mode="after")
    def _is_consistent(self) -> RabbitMqConfig:
        check_secrecy(self.url, insecure=self.insecure, field="url")
        if self.insecure and self.ca_file is not None:
            raise Fault("has no effect with insecure: true", "remove one of the two", field="ca_file")
        if (self.queue is None) == (self.exchange is None):
            raise Fault("must be given, or exchange, and not both", "write queue: <name>", field="queue")
        if self.queue is None and self.declare:
            raise Fault("creates queues only", "remove it, or write queue instead of exchange", field="declare")
        if self.queue is not None and "routing_key" in self.model_fields_set:
            raise Fault("has no effect with a queue", "remove one of the two", field="routing_key")
        return self


class RabbitMqSink:
    """Publishes with confirms over one connection; a lost one is replaced by the next ``open``."""

    Config = RabbitMqConfig

    def __init__(self, config: RabbitMqConfig, _: SinkContext) -> None:
        self._config = config
        self._connection: AbstractConnection | None = None
        self._exchange: AbstractExchange | None = None

    async def open(self) -> None:
        """Connect, and see that the queue or exchange is there."""
        await self._disconnect()
        try:
            async with asyncio.timeout(self._config.timeout):
                self._connection = await self._connect()
                channel = await self._connection.channel(publisher_confirms=True, on_return_raises=True)
                self._exchange = await self._destination(channel)
        except exceptions.InvalidFrameError:
            # The broker's answer to a wrong virtual host; aiormq does not read its words.
            await self._disconnect()
            raise Refused(f"{self._config.url}: no such virtual host, or not for {self._config.username}") from None
        except _REFUSALS as error:
            await self._disconnect()
            raise Refused(f"{self._config.url} refuses: {_reason(error)}") from None
        except _FAILURES as error:
            await self._disconnect()
            raise Unavailable(f"cannot open {self._config.url}: {_reason(error)}") from None

    async def send(self, event: CloudEvent) -> None:
        """Publish one event and wait for the broker's confirmation."""
        config = self._config
        if self._exchange is None:
            raise Unavailable(f"not connected to {config.url}")
        message = to_message(rename(event, config.type_format), config.body, config.queue or config.exchange or "")
        key = config.queue or routing_key(config.routing_key, event)
        try:
            await self._exchange.publish(_encode(message), key, mandatory=True, timeout=config.timeout)
        except _FAILURES as error:
            raise await self._verdict(error, key) from None

    async def close(self) -> None:
        """Close the connection."""
        await self._disconnect()

    async def _connect(self) -> AbstractConnection:
        config = self._config
        parts = urlsplit(config.url)
        encrypted = parts.scheme == "amqps"
        return await aio_pika.connect(
            host=parts.hostname or "",
            port=parts.port or (5671 if encrypted else 5672),
            login=config.username,
            password=config.password.reveal(),
            virtualhost=unquote(parts.path[1:]) or "/",
            ssl=encrypted,
            ssl_context=_tls(config) if encrypted else None,
            client_properties={"connection_name": f"reflexarc {config.name}"},
            timeout=config.timeout,
        )

    async def _destination(self, channel: AbstractChannel) -> AbstractExchange:
        config = self._config
        if config.exchange is not None:
            return await channel.get_exchange(config.exchange)
        if config.declare:
            await channel.declare_queue(config.queue, durable=True)
        else:
            await channel.get_queue(config.queue or "")
        return channel.default_exchange

    async def _verdict(self, error: BaseException, key: str) -> DeliveryError:
        config = self._config
        if isinstance(error, exceptions.PublishError):
            return Unavailable(f"no queue takes messages with routing key {key} (exchange {config.exchange or '-'})")
        if isinstance(error, exceptions.DeliveryError):
            return Retry("the broker did not accept the message", status="nack")
        if isinstance(error, exceptions.ChannelPreconditionFailed):
            # Perhaps too large; the messages beside it on the channel fail with the same words.
            return Retry(_reason(error), status="406")
        if isinstance(error, TimeoutError):
            if await self._blocked():
                return Unavailable(f"{config.url} takes no messages for now (memory or disk alarm)")
            return Retry(f"{config.url} did not confirm within {config.timeout:g} s")
        return Unavailable(f"lost {config.url}: {_reason(error)}")

    async def _blocked(self) -> bool:
        """Whether the broker has said that it takes no messages (connection.blocked), or is gone."""
        transport = self._connection.transport if self._connection else None
        if transport is None:
            return True
        try:
            async with asyncio.timeout(0.01):
                await transport.connection.ready()
        except TimeoutError:
            return True
        return False

    async def _disconnect(self) -> None:
        connection, self._connection, self._exchange = self._connection, None, None
        if connection is not None:
            with suppress(*_FAILURES):
                async with asyncio.timeout(self._config.timeout):
                    await connection.close()


def _encode(message: Message) -> aio_pika.Message:
    return aio_pika.Message(
        message.body,
        headers=dict(message.headers),
        content_type=message.content_type,
        content_encoding=message.content_encoding,
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        correlation_id=message.correlation_id,
        timestamp=message.timestamp,
        type=message.type,
        app_id="reflexarc",
    )


def _tls(config: RabbitMqConfig) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=config.ca_file)
    if config.insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _reason(error: BaseException) -> str:
    text = next((str(part) for part in reversed(error.args) if isinstance(part, str) and part), "")
    return text or type(error).__name__
