"""Publishes events with confirms, many at once on one channel.

A message counts as accepted when the broker has confirmed it. The broker confirms messages that no queue takes too,
after returning them; that is a fault of exchanges and bindings, not of the event: unless the configuration gives such
an event up, the sink counts as unavailable and waits until somebody has mended them.

While the broker takes no messages (an alarm of memory or disk) nothing more is sent, and what was sent stays under way:
its confirmation comes when the alarm is over, and is what the next attempt for that event waits for. Publishing again,
on this connection or another, would only pile up second copies in front of the broker.
"""

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Final

from aio_pika import exceptions
from aiormq.exceptions import ChannelAccessRefused, ConnectionNotAllowed

from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks.eventtype import rename
from sinks.rabbitmq.config import RabbitMqConfig
from sinks.rabbitmq.link import FAILURES, Blocked, Link
from sinks.rabbitmq.message import to_message
from sinks.rabbitmq.routing import Routing
from sinks.rabbitmq.topology import establish
from sinks.settled import Settled

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext
    from sinks.rabbitmq.message import Message
    from sinks.rabbitmq.routing import Address

_REFUSALS: Final = (
    exceptions.AuthenticationError,
    exceptions.ProbableAuthenticationError,
    exceptions.ChannelPreconditionFailed,
    ChannelAccessRefused,
    ConnectionNotAllowed,
)
_UNDER_WAY: Final = "publication"
_NO_ROUTE: Final = "312"


class RabbitMqSink:
    """One link at a time; a lost one is replaced by the next ``open``, a living one is kept, with what is under way."""

    Config = RabbitMqConfig

    def __init__(self, config: RabbitMqConfig, _: SinkContext) -> None:
        self._config = config
        self._routing = Routing.of(exchange=config.exchange, routing_key=config.routing_key, queue=config.queue)
        self._link: Link | None = None
        self._under_way: Settled[asyncio.Task[None]] = Settled()

    async def open(self) -> None:
        """Connect, and see that the queue or exchange is there."""
        config = self._config
        if self._link is not None and self._link.blocked:
            raise self._alarm()
        try:
            async with asyncio.timeout(config.timeout):
                if self._link is None or not self._link.alive:
                    await self._disconnect()
                    self._link = await Link.to(config)
                fixed = None if self._routing.varies else config.exchange
                await self._link.aside(partial(establish, config=config, exchange=fixed))
        except exceptions.InvalidFrameError:
            # The broker's answer to a wrong virtual host; aiormq does not read its words.
            await self._disconnect()
            raise Refused(f"{config.url}: no such virtual host, or not for {config.username}") from None
        except _REFUSALS as error:
            raise Refused(f"{config.url} refuses: {_reason(error)}") from None
        except FAILURES as error:
            if not isinstance(error, exceptions.ChannelNotFoundEntity):
                await self._disconnect()
            raise Unavailable(f"cannot open {config.url}: {_reason(error)}") from None

    async def send(self, event: CloudEvent) -> None:
        """Publish one event and wait for the broker's confirmation."""
        config, link = self._config, self._link
        if link is None:
            raise Unavailable(f"not connected to {config.url}")
        address = self._routing.address(event)
        publication, alarm = self._again(event), link.alarm
        if publication is None:
            if link.blocked:
                raise self._alarm()
            message = to_message(rename(event, config.type_format), config.body, config.queue or address.exchange)
            publication = asyncio.create_task(self._publish(link, message, address))
        try:
            await asyncio.wait((publication, alarm), timeout=config.timeout, return_when=asyncio.FIRST_COMPLETED)
        except asyncio.CancelledError:
            await _recall(publication)
            raise
        if publication.done():
            if (failure := _failure(publication)) is not None:
                raise self._verdict(failure, address) from None
            return
        if alarm.done():
            self._under_way.of(event)[_UNDER_WAY] = publication
            publication.add_done_callback(_failure)  # nobody may ever ask again
            raise self._alarm()
        await _recall(publication)
        raise Retry(f"{config.url} did not confirm within {config.timeout:g} s")

    async def close(self) -> None:
        """Close the connection."""
        await self._disconnect()

    def _again(self, event: CloudEvent) -> asyncio.Task[None] | None:
        """What is under way of an earlier attempt, or was confirmed since."""
        publication = self._under_way.of(event).get(_UNDER_WAY)
        self._under_way.forget(event)
        lost = publication is not None and publication.done() and _failure(publication) is not None
        return None if lost else publication

    async def _publish(self, link: Link, message: Message, address: Address) -> None:
        if self._routing.varies:
            await link.see(address.exchange)
        await link.publish(message, address)

    def _verdict(self, failure: BaseException, address: Address) -> BaseException:
        if isinstance(failure, exceptions.PublishError):
            return self._unroutable(address)
        if isinstance(failure, exceptions.DeliveryError):
            return Retry("the broker did not accept the message", status="nack")
        if isinstance(failure, exceptions.ChannelPreconditionFailed):
            # Perhaps too large; the messages beside it on the channel fail with the same words.
            return Retry(_reason(failure), status="406")
        if isinstance(failure, (exceptions.ChannelNotFoundEntity, ChannelAccessRefused)) and self._routing.varies:
            return _misnamed(failure, address)
        if isinstance(failure, (Blocked, *FAILURES, asyncio.CancelledError)):
            return (
                self._alarm()
                if isinstance(failure, Blocked)
                else Unavailable(f"lost {self._config.url}: {_reason(failure)}")
            )
        return failure

    def _unroutable(self, address: Address) -> Reject | Unavailable:
        what = f"no queue takes messages with routing key {address.routing_key} (exchange {address.exchange or '-'})"
        return Unavailable(what) if self._config.unroutable == "wait" else Reject(what, status=_NO_ROUTE)

    def _alarm(self) -> Unavailable:
        return Unavailable(f"{self._config.url} takes no messages for now (memory or disk alarm)")

    async def _disconnect(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            await link.close(timeout=self._config.timeout)


def _misnamed(failure: BaseException, address: Address) -> Retry:
    """What it means that the broker does not let us to the exchange that an event has named."""
    if isinstance(failure, exceptions.ChannelNotFoundEntity):
        return Retry(f"there is no exchange {address.exchange}", status="404")
    return Retry(f"exchange {address.exchange} is not for us: {_reason(failure)}", status="ACCESS_REFUSED")


def _failure(publication: asyncio.Task[None]) -> BaseException | None:
    """Why a finished publication has failed."""
    return asyncio.CancelledError("closed") if publication.cancelled() else publication.exception()


async def _recall(publication: asyncio.Task[None]) -> None:
    """Have it not begin, if it has not; what was sent cannot be called back."""
    publication.add_done_callback(_failure)
    publication.cancel()
    await asyncio.wait((publication,))


def _reason(error: BaseException) -> str:
    text = next((str(part) for part in reversed(error.args) if isinstance(part, str) and part), "")
    return text or type(error).__name__
