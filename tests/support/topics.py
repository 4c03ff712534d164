"""Topics and records for tests against the real broker, by the bare library."""

from __future__ import annotations

import time
import uuid
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from confluent_kafka import (
    OFFSET_BEGINNING,
    Consumer,
    IsolationLevel,
    KafkaException,
    Producer,
    TopicCollection,
    TopicPartition,
)
from confluent_kafka.admin import (  # public, but not marked as re-exported
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

from schemas.cloudevents import kafka as binding

Answer = TypeVar("Answer")

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from confluent_kafka import Message

    from schemas.cloudevents import CloudEvent


def create(bootstrap: str, name: str, *, partitions: int = 1, copies: int = 1, **config: str) -> None:
    """Make one topic, of which ``copies`` brokers have the records, and wait until every broker knows it.

    The controller answers before they do; under load they have lagged by seconds.
    """
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_topics([NewTopic(name, partitions, copies, config=config)])[name].result(30)
    for broker in admin.list_topics(timeout=30).brokers.values():
        patiently(partial(_described, f"{broker.host}:{broker.port}", name))


@contextmanager
def of_its_own(bootstrap: str) -> Iterator[str]:
    """A beginning of names that nobody else has; the topics that begin so go at the end: a broker is slow with many."""
    start = f"t{uuid.uuid4().hex[:10]}"
    try:
        yield start
    finally:
        delete(bootstrap, start)


def delete(bootstrap: str, start: str) -> None:
    """Have the broker delete the topics whose names begin so; one that is away keeps them."""
    with suppress(KafkaException):
        admin = AdminClient({"bootstrap.servers": bootstrap})
        if names := [name for name in admin.list_topics(timeout=2).topics if name.startswith(start)]:
            for future in admin.delete_topics(names, request_timeout=10).values():
                future.result(30)  # the request would end with its client


def grow(bootstrap: str, name: str, partitions: int) -> None:
    """Give a topic more partitions."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.create_partitions([NewPartitions(name, partitions)])[name].result(30)


def delete_before(bootstrap: str, name: str, partition: int, offset: int) -> None:
    """Delete the records of a partition below an offset, as retention would."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    for future in admin.delete_records([TopicPartition(name, partition, offset)]).values():
        future.result(30)


def produce(bootstrap: str, topic: str, values: Iterable[bytes], *, key: bytes | None = None) -> None:
    """Write values and wait for the broker."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    for value in values:
        producer.produce(topic, value, key)
    assert producer.flush(30) == 0


def publish(bootstrap: str, topic: str, *events: CloudEvent, partition: int = 0) -> None:
    """Write events in binary mode and wait for the broker."""
    producer = Producer({"bootstrap.servers": bootstrap, "acks": "all"})
    for event in events:
        message = binding.to_binary(event)
        headers = list(message.headers)
        producer.produce(topic, message.value, binding.partition_key(event), partition, headers=headers)
    assert producer.flush(30) == 0


def everything(bootstrap: str, topic: str, *, isolation: str = "read_committed") -> list[Message]:
    """Every record of a topic up to its end, partition by partition."""
    consumer = Consumer(
        {
            "bootstrap.servers": bootstrap,
            "group.id": "reader",
            "isolation.level": isolation,
            "enable.partition.eof": True,
            "fetch.wait.max.ms": 10,  # the end is told when there is nothing more to wait for
        }
    )
    try:
        metadata = consumer.list_topics(topic, timeout=30).topics[topic]
        partitions = [TopicPartition(topic, number, OFFSET_BEGINNING) for number in metadata.partitions]
        consumer.assign(partitions)
        found, open_ends = [], len(partitions)
        while open_ends:
            message = consumer.poll(30)
            assert message is not None, f"{topic}: no end within 30 s"
            if message.error() is None:
                found.append(message)
            else:
                open_ends -= 1
        return found
    finally:
        consumer.close()


def committed(bootstrap: str, group: str, topic: str, partition: int = 0) -> int:
    """The offset that the group has committed; -1001 when it has none."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
    try:
        (position,) = consumer.committed([TopicPartition(topic, partition)], timeout=30)
        return int(position.offset)
    finally:
        consumer.close()


def ends(bootstrap: str, topic: str) -> int:
    """Records ever written to a topic without transactions: the sum of its high watermarks."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": "reader"})
    try:
        numbers = consumer.list_topics(topic, timeout=30).topics[topic].partitions
        return sum(consumer.get_watermark_offsets(TopicPartition(topic, n), timeout=30)[1] for n in numbers)
    finally:
        consumer.close()


def committed_in_all(bootstrap: str, group: str, topic: str) -> int:
    """The sum of a group's committed offsets; partitions without one count nothing."""
    return sum(max(offset, 0) for offset in positions(bootstrap, group, topic).values())


def positions(bootstrap: str, group: str, topic: str) -> dict[int, int]:
    """A group's committed offsets by partition; -1001 where it has none."""
    consumer = Consumer({"bootstrap.servers": bootstrap, "group.id": group})
    try:
        numbers = consumer.list_topics(topic, timeout=30).topics[topic].partitions
        found = patiently(lambda: consumer.committed([TopicPartition(topic, n) for n in numbers], timeout=30))
        return {position.partition: int(position.offset) for position in found}
    finally:
        consumer.close()


def configure(bootstrap: str, name: str, **config: str) -> None:
    """Change keys of a topic; their dots are written as underscores."""
    resource = ConfigResource(ResourceType.TOPIC, name)
    for key, value in config.items():
        entry = ConfigEntry(key.replace("_", "."), value, incremental_operation=AlterConfigOpType.SET)
        resource.add_incremental_config(entry)
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.incremental_alter_configs([resource])[resource].result(30)


def set_session(bootstrap: str, group: str, seconds: float) -> None:
    """How long a member of a group of KIP-848 may be silent; in the classic protocol every member says so itself."""
    resource = ConfigResource(ResourceType.GROUP, group)
    wanted = {"consumer.session.timeout.ms": seconds, "consumer.heartbeat.interval.ms": seconds / 4}
    for name, value in wanted.items():
        entry = ConfigEntry(name, str(int(value * 1000)), incremental_operation=AlterConfigOpType.SET)
        resource.add_incremental_config(entry)
    admin = AdminClient({"bootstrap.servers": bootstrap})
    admin.incremental_alter_configs([resource])[resource].result(30)


def open_transactions(bootstrap: str, name: str) -> int:
    """In how many partitions of a topic a transaction holds back readers of committed records."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    partitions = [TopicPartition(name, number) for number in admin.list_topics(name, 30).topics[name].partitions]

    def ends(level: IsolationLevel) -> list[int]:
        latest = OffsetSpec.latest()  # type: ignore[no-untyped-call]
        asked = admin.list_offsets(dict.fromkeys(partitions, latest), isolation_level=level)
        return [int(asked[partition].result(30).offset) for partition in partitions]

    stable, all_of_it = ends(IsolationLevel.READ_COMMITTED), ends(IsolationLevel.READ_UNCOMMITTED)
    return sum(one < other for one, other in zip(stable, all_of_it, strict=True))


def assignor(bootstrap: str, group: str) -> str:
    """What the members of a group have agreed on to share partitions by."""
    admin = AdminClient({"bootstrap.servers": bootstrap})
    return str(admin.describe_consumer_groups([group])[group].result(30).partition_assignor)


def _described(broker: str, name: str) -> object:
    admin = AdminClient({"bootstrap.servers": broker})
    return admin.describe_topics(TopicCollection([name]))[name].result(30)


def patiently(ask: Callable[[], Answer]) -> Answer:
    """Ask again while a broker that has just come back loads its groups, or does not know a topic yet."""
    deadline = time.monotonic() + 60
    while True:
        try:
            return ask()
        except KafkaException:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
