"""``type: analytics``: one flat Avro row per event in a topic of our own, for whoever analyses them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field

from clients.kafka import admin
from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from schemas import topics
from schemas.avro.encoding import Encoding
from schemas.avro.row import row
from schemas.avro.schema import schema
from schemas.cloudevents import kafka
from schemas.config import Duration, Fault, Model
from schemas.errors import Refused, Reject, Unavailable, Unreachable
from sinks.base import SinkConfig
from sinks.schemaregistry import RegistryConfig, SchemaRegistry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.http import Client
    from clients.kafka.publisher import Publisher
    from schemas.avro.schema import Name
    from schemas.cloudevents import CloudEvent
    from schemas.config import KafkaConfig
    from sinks.base import SinkContext

BATCH: Final = 500
"""Events in one go, at most."""

LONGEST_WINDOW: Final = 24 * 3600.0


def _window(seconds: float) -> float:
    if seconds < 1 or seconds > LONGEST_WINDOW or seconds != int(seconds):
        raise Fault("is not a whole number of seconds from 1s to 1d", "write 10s, 1m or 1h")
    return seconds


def _late(seconds: float) -> float:
    if seconds > LONGEST_WINDOW:
        raise Fault("is longer than a day", "write at most 1d")
    return seconds


class CountsConfig(Model):
    """How events are counted."""

    window: Annotated[Duration, AfterValidator(_window)] = Field(
        description="Length of a window, whole seconds up to a day; windows begin at multiples of it, in UTC."
    )
    late: Annotated[Duration, AfterValidator(_late)] = Field(
        60.0, description="How far behind the newest event of its vCenter one may come, and still be in the first row."
    )


class AnalyticsConfig(SinkConfig):
    """Whether there is a registry, and what is counted."""

    type: Literal["analytics"] = Field("analytics", description="Which connector.")
    registry: RegistryConfig | None = Field(
        None,
        description="Schema registry; rows then begin as Confluent's clients expect. Default: single-object encoding.",
    )
    counts: CountsConfig | None = Field(
        None, description="Count events by window, type and entity, in a role of its own; default: do not."
    )


async def encoding(config: AnalyticsConfig, name: Name, topic: str, http: Client) -> Encoding:
    """How the rows of a topic are encoded; with a registry, after their schema is registered as ``<topic>-value``.

    Raises:
        Unreachable: the registry has not answered, or not yet.
        Refused: the registry does not take the schema.
    """
    known = schema(name)
    if config.registry is None:
        return Encoding(known)
    registry = SchemaRegistry(config.registry, http, timeout=config.timeout)
    return Encoding(known, await registry.register(f"{topic}-value", known))


class AnalyticsSink:
    """Writes rows; the key is the event's partition key, so its order is kept.

    Attributes:
        batch: see ``BatchSink``.
    """

    Config = AnalyticsConfig
    side_effects: ClassVar[bool] = False

    def __init__(self, config: AnalyticsConfig, context: SinkContext) -> None:
        self.batch = BATCH
        self._config = config
        self._kafka, self._publisher = _brokers(context)
        self._topic = topics.analytics(self._kafka.prefix)
        self._http = context.http
        self._encoding: Encoding | None = None

    async def open(self) -> None:
        """Have the schema registered when there is a registry, and ask for a broker."""
        try:
            await self._encoder()
            await asyncio.to_thread(
                admin.wait_for_broker, self._kafka, report=lambda _: None, timeout=self._config.timeout
            )
        except Unreachable as error:
            raise Unavailable(str(error)) from None

    async def send(self, event: CloudEvent) -> None:
        """Store one row."""
        (failure,) = await self.send_batch((event,))
        if failure is not None:
            raise failure

    async def send_batch(self, events: Sequence[CloudEvent]) -> list[Reject | None]:
        """Store a row for each event, in their order; a ``Reject`` for each that the broker does not take."""
        try:
            encode = (await self._encoder()).encode
            records = [Outgoing(self._topic, encode(row(event)), kafka.partition_key(event)) for event in events]
            outcomes = await self._publisher.publish_many(records)
        except (Refused, Unreachable) as error:
            raise Unavailable(str(error)) from None
        return [Reject(str(each)) if isinstance(each, PublishRejected) else None for each in outcomes]

    async def close(self) -> None:
        """Nothing to release: producer and connections belong to the process."""

    async def _encoder(self) -> Encoding:
        if self._encoding is None:
            self._encoding = await encoding(self._config, "event", self._topic, self._http)
        return self._encoding


def _brokers(context: SinkContext) -> tuple[KafkaConfig, Publisher]:
    if context.kafka is None or context.publisher is None:
        raise Refused("a sink of type analytics needs the brokers", cure="deliver to it with `reflexarc worker`")
    return context.kafka, context.publisher
