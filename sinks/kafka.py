"""``type: kafka``: one record per event, in a topic of this cluster or of another one.

The record is the event in the binary or structured mode of CloudEvents' Kafka binding, with the headers of the event
and none of ours. Its key is the event's ``partitionkey``, else its source: order per key holds there as it does here.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, Field, ValidationInfo, model_validator

from clients.kafka.cluster import Cluster
from clients.kafka.errors import PublishRejected, TopicRefused
from clients.kafka.publisher import Publisher
from schemas.cloudevents import kafka
from schemas.config import ClusterConfig, Fault, KafkaConfig, Scope
from schemas.errors import ConfigError, DeliveryError, InvalidEvent, ReflexarcError, Refused, Reject, Retry, Unavailable
from sinks.base import SinkConfig
from sinks.completion import completed
from sinks.eventtype import TypeFormatKey, rename
from sinks.template import LONGEST, Template, TemplateText

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

NAME: Final = 249  # characters of a topic's name

_ALLOWED: Final = re.compile(r"[a-zA-Z0-9._-]*")
_PREFIX: Final = "reflexarc"
_SEEN: Final = 1_000  # topics remembered as being there


def _topic(text: str) -> str:
    literal = Template.of(text).literal
    if not _ALLOWED.fullmatch(literal) or len(literal) > NAME:
        raise Fault("is no name of a topic", f"use letters, digits, '.', '_' and '-', at most {NAME} characters")
    return text


class KafkaSinkConfig(SinkConfig):
    """Which topic, and where it is."""

    type: Literal["kafka"] = Field("kafka", description="Which connector.")
    topic: Annotated[TemplateText, AfterValidator(_topic)] = Field(
        min_length=1, max_length=LONGEST, description="Topic that takes the records, a template; none of our own."
    )
    kafka: ClusterConfig | None = Field(None, description="The cluster of the topic; default: the one of events.")
    mode: Literal["binary", "structured"] = Field(
        "binary", description="binary: attributes as ce_ headers; structured: all of it as JSON."
    )
    type_format: TypeFormatKey = "vsphere"

    @model_validator(mode="after")
    def _is_none_of_ours(self, info: ValidationInfo) -> KafkaSinkConfig:
        ours = Scope.of(info.context).kafka
        bootstrap, prefix = str(ours.get("bootstrap") or ""), str(ours.get("prefix") or _PREFIX)
        prefix_there = _prefix(self.kafka, bootstrap=bootstrap, prefix=prefix)
        if prefix_there is not None and owned(Template.of(self.topic).parts[0][0], prefix_there):
            cure = "write a name that begins otherwise"
            raise Fault(f"begins with {prefix}. or __, as topics of reflexarc or the brokers do", cure, field="topic")
        return self


class KafkaSink:
    """Publishes through the process's own producer, or through one for the other cluster.

    Whether that is another cluster at all is seen at each ``open``: one cluster has many spellings, and a topic of ours
    would bring every event back.
    """

    Config = KafkaSinkConfig
    side_effects: ClassVar[bool] = False

    def __init__(self, config: KafkaSinkConfig, context: SinkContext) -> None:
        self._config = config
        self._topic = Template.of(config.topic)
        self._encode = kafka.to_binary if config.mode == "binary" else kafka.to_structured
        self._kafka = context.kafka if config.kafka is None else _patient(config.kafka, config.timeout)
        ours = context.kafka
        self._prefix = _prefix(config.kafka, bootstrap=ours.bootstrap, prefix=ours.prefix) if ours else None
        self._ours = ours if config.kafka is not None and self._prefix is None else None
        self._shared = context.publisher if config.kafka is None else None
        self._own: Publisher | None = None
        self._seen: set[str] = set()

    async def open(self) -> None:
        """See that a broker answers, and that the topic is there when all events go to one."""
        if self._kafka is None:
            raise Refused("there is no Kafka to publish to", cure="write kafka: {bootstrap: <host:port>}")
        try:
            if self._own is not None and self._own.failed:
                await self.close()
            if self._shared is None and self._own is None:
                own = Publisher(self._kafka, client_id=f"reflexarc-sink-{self._config.name}")
                await own.start()
                self._own = own
            self._seen.clear()
            if self._ours is not None and await asyncio.to_thread(self._is_ours, self._ours):
                self._keep_off(self._ours)
            there = await asyncio.to_thread(self._look, None if self._topic.fields else self._config.topic)
        except ConfigError as error:
            raise Refused("; ".join(f"{one.what} ({one.cure})" for one in error.problems)) from None
        except Refused:
            raise
        except ReflexarcError as error:
            raise Unavailable(str(error)) from None
        if not there:
            raise Unavailable(f"there is no topic {self._config.topic} at {self._kafka.bootstrap}")

    async def send(self, event: CloudEvent) -> None:
        """Publish one event; returns when every in-sync replica has it.

        When cancelled it waits for the end of what has begun: a record cannot be called back.
        """
        publisher = self._shared or self._own
        if publisher is None:
            raise Unavailable("not connected to Kafka")
        await completed(asyncio.ensure_future(self._publish(publisher, event)))

    async def close(self) -> None:
        """End the producer, if it is ours."""
        own, self._own = self._own, None
        if own is not None:
            await own.close()

    async def _publish(self, publisher: Publisher, event: CloudEvent) -> None:
        topic = self._topic_of(event)
        try:
            if self._topic.fields:
                await self._see(topic)
            message = self._encode(rename(event, self._config.type_format))
            key = kafka.partition_key(event) or event.source.encode()
            await publisher.publish(topic, value=message.value, key=key, headers=message.headers)
        except InvalidEvent as error:
            raise Reject(str(error)) from None
        except PublishRejected as error:
            # Perhaps because of another record: what is too large for its topic takes its neighbours along.
            raise Retry(str(error)) from None
        except TopicRefused as error:
            # Where the event has named the topic, another event may name one that we may write to.
            raise (Retry if self._topic.fields else Unavailable)(error.message) from None
        except ReflexarcError as error:
            raise error if isinstance(error, DeliveryError) else Unavailable(error.message) from None

    def _topic_of(self, event: CloudEvent) -> str:
        topic = self._topic.render(event)
        if self._prefix is not None and owned(topic, self._prefix):
            raise Reject(f"{topic[:NAME]} is a topic of reflexarc itself")
        if not _ALLOWED.fullmatch(topic) or not 0 < len(topic) <= NAME or topic in {".", ".."}:
            raise Reject(f"no topic can be called {topic[:NAME]!r}")
        return topic

    async def _see(self, topic: str) -> None:
        """Return if there is such a topic: one that an event names wrongly is no fault of the cluster."""
        if topic in self._seen:
            return
        if not await asyncio.to_thread(self._look, topic):
            raise Retry(f"there is no topic {topic}", status="UNKNOWN_TOPIC_OR_PART")
        if len(self._seen) >= _SEEN:
            self._seen.clear()
        self._seen.add(topic)

    def _is_ours(self, ours: KafkaConfig) -> bool:
        """Whether the sink's cluster is the one of the events, under another address."""
        there, here = (self._reached(config).id for config in (self._kafka, ours))
        return bool(there) and there == here

    def _keep_off(self, ours: KafkaConfig) -> None:
        """Let no event into a topic of ours, which are in the sink's cluster, too."""
        topic = self._config.topic
        if owned(self._topic.parts[0][0], ours.prefix):
            what = f"its cluster is the cluster of the events, where {topic} is a topic of reflexarc"
            raise Refused(what, cure=f"write a topic that does not begin with {ours.prefix}. or __")
        self._prefix = ours.prefix

    def _look(self, topic: str | None) -> bool:
        """Whether there is a topic, or, without one, a broker."""
        cluster = self._reached(self._kafka)
        return topic is None or cluster.stands_in or cluster.has(topic)

    def _reached(self, config: KafkaConfig | None) -> Cluster:
        assert config is not None  # noqa: S101 - ``open`` has seen it
        cluster = Cluster(config)
        cluster.reach(timeout=self._config.timeout)
        return cluster


def owned(topic: str, prefix: str) -> bool:
    """Whether a topic is one of reflexarc's own, or of the brokers'."""
    return topic.startswith((f"{prefix}.", "__"))


def _prefix(cluster: ClusterConfig | None, *, bootstrap: str, prefix: str) -> str | None:
    """How the topics of this installation begin in the sink's cluster; None when they are in another."""
    return prefix if cluster is None or _brokers(cluster.bootstrap) & _brokers(bootstrap) else None


def _brokers(bootstrap: str) -> set[str]:
    return {broker.strip() for broker in bootstrap.split(",")}


def _patient(cluster: ClusterConfig, timeout: float) -> KafkaConfig:
    """How the publisher is told of another cluster; a record is given up after the sink's time-out."""
    options = {"delivery.timeout.ms": str(round(timeout * 1000)), **cluster.options}
    return KafkaConfig(bootstrap=cluster.bootstrap, security=cluster.security, options=options)
