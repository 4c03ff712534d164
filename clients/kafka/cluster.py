"""One conversation with the cluster about its topics: librdkafka's admin client behind our types and errors."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import KafkaException, TopicCollection, TopicPartition
from confluent_kafka.admin import (  # public, but not marked as re-exported
    AdminClient,
    ConfigResource,
    NewTopic,
    OffsetSpec,
)

from clients.kafka import options
from clients.kafka.drift import TopicState
from clients.kafka.errors import Connection, explain, passes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future

    from confluent_kafka import KafkaError

    from schemas.config import KafkaConfig
    from schemas.topics import Topic

REQUEST: Final = 15.0  # seconds for one request

STAND_IN: Final = "mockCluster"
"""How the id of the broker inside librdkafka starts (rd_kafka_mock_cluster_new); an id of Kafka is a UUID."""


class Cluster:
    """Every call raises ``Unreachable`` when nobody answers in time, ``Refused`` when the answer is no.

    Args:
        config: the ``kafka`` part of the configuration.

    Raises:
        ConfigError: librdkafka does not take an option.
        Refused: the password cannot be read.
    """

    def __init__(self, config: KafkaConfig) -> None:
        self._config = config
        self._connection = Connection()
        properties = options.client(config, client_id="reflexarc-admin", on_error=self._connection.heard)
        self._client = options.construct(AdminClient, properties)
        self._id = ""

    def reach(self, *, timeout: float) -> None:
        """Return once a broker has answered; ``timeout`` is in seconds."""
        with self._explained("reach Kafka"):
            self._id = self._client.list_topics(timeout=timeout).cluster_id or ""

    @property
    def id(self) -> str:
        """What the cluster that answered ``reach`` calls itself; empty before that, and where it does not say."""
        return self._id

    @property
    def stands_in(self) -> bool:
        """Whether librdkafka's in-process broker answered ``reach``: it keeps nothing and knows no administration."""
        return self._id.startswith(STAND_IN)

    def names(self, start: str) -> list[str]:
        """Every topic that we may see and whose name begins so, sorted."""
        with self._explained("list topics"):
            return sorted(name for name in self._client.list_topics(timeout=REQUEST).topics if name.startswith(start))

    def mention(self, topics: Sequence[Topic]) -> None:
        """Ask the stand-in for ``topics``: it makes each one that it has not heard of, in a shape of its own."""
        for topic in topics:
            with self._explained(f"mention {topic.name}"):
                self._client.list_topics(topic.name, timeout=REQUEST)

    def create(self, topics: Sequence[Topic]) -> None:
        """Create ``topics``; one that exists already is left as it is."""
        wanted = [NewTopic(topic.name, topic.partitions, topic.replication, config=topic.settings) for topic in topics]
        with self._explained("create topics"):
            asked = self._client.create_topics(wanted, request_timeout=REQUEST, operation_timeout=REQUEST)
        for name, answer in asked.items():
            with self._explained(f"create {name}"):
                _result(answer, unless=_named("TOPIC_ALREADY_EXISTS"))

    def has(self, topic: str) -> bool:
        """Whether there is a topic of that name; asking does not make it."""
        with self._explained(f"describe {topic}"):
            asked = self._client.describe_topics(TopicCollection([topic]), request_timeout=REQUEST)
            return _result(asked[topic], unless=_named("UNKNOWN_TOPIC_OR_PART")) is not None

    def states(self, topics: Sequence[Topic]) -> list[TopicState]:
        """Each of ``topics`` as it is, in their order; records are not counted."""
        with self._explained("describe topics"):
            asked = self._client.describe_topics(
                TopicCollection([topic.name for topic in topics]), request_timeout=REQUEST
            )
        states = []
        for topic in topics:
            with self._explained(f"describe {topic.name}"):
                found = _result(asked[topic.name], unless=_named("UNKNOWN_TOPIC_OR_PART"))
            if found is None:
                states.append(TopicState(topic=topic))
            else:
                copies = min(len(partition.replicas) for partition in found.partitions)
                states.append(TopicState(topic=topic, partitions=len(found.partitions), replication=copies))
        return self._with_settings(states)

    def counted(self, states: Sequence[TopicState]) -> list[TopicState]:
        """``states`` with the number of offsets between the oldest and the next one."""
        partitions = [TopicPartition(s.topic.name, number) for s in states for number in range(s.partitions)]
        if not partitions:
            return list(states)
        with self._explained("read offsets"):
            oldest = self._offsets(partitions, OffsetSpec.earliest())  # type: ignore[no-untyped-call] # untyped there
            newest = self._offsets(partitions, OffsetSpec.latest())  # type: ignore[no-untyped-call] # untyped there
        held: dict[str, list[int | None]] = {state.topic.name: [] for state in states}
        for partition, next_offset in newest.items():
            first = oldest[partition]
            held[partition[0]].append(None if first is None or next_offset is None else next_offset - first)
        return [replace(state, records=_total(held[state.topic.name])) for state in states]

    def delete_before(self, topic: str, offsets: Mapping[int, int]) -> None:
        """Delete what lies below the offset given for each partition."""
        places = [TopicPartition(topic, partition, offset) for partition, offset in offsets.items()]
        with self._explained(f"delete records of {topic}"):
            asked = self._client.delete_records(places, request_timeout=REQUEST, operation_timeout=REQUEST)
            for answer in asked.values():
                answer.result()

    def _with_settings(self, states: Sequence[TopicState]) -> list[TopicState]:
        resources = [ConfigResource("topic", state.topic.name) for state in states if state.partitions]
        if not resources:
            return list(states)
        with self._explained("read the configuration of topics"):
            asked = self._client.describe_configs(resources, request_timeout=REQUEST)
        settings = {}
        for resource, answer in asked.items():
            with self._explained(f"read the configuration of {resource.name}"):
                settings[resource.name] = {name: entry.value for name, entry in answer.result().items()}
        return [replace(state, settings=settings.get(state.topic.name, {})) for state in states]

    def _offsets(self, partitions: Sequence[TopicPartition], spec: OffsetSpec) -> dict[tuple[str, int], int | None]:
        asked = self._client.list_offsets(dict.fromkeys(partitions, spec), request_timeout=REQUEST)
        offsets = {}
        for partition, answer in asked.items():
            found = _result(answer, unless=passes)
            offsets[partition.topic, partition.partition] = None if found is None else found.offset
        return offsets

    @contextmanager
    def _explained(self, doing: str) -> Iterator[None]:
        try:
            yield
        except KafkaException as error:
            self._client.poll(0)  # hands over what librdkafka has to say about the connection
            raise explain(error.args[0], doing=doing, config=self._config, connection=self._connection) from error


def _total(counts: Sequence[int | None]) -> int | None:
    return None if None in counts else sum(filter(None, counts))


def _named(name: str) -> Callable[[KafkaError], bool]:
    return lambda error: bool(error.name() == name)


def _result(answer: Future[Any], *, unless: Callable[[KafkaError], bool]) -> Any:
    """What was answered, or None where ``unless`` accepts the error."""
    try:
        return answer.result()
    except KafkaException as error:
        if unless(error.args[0]):
            return None
        raise
