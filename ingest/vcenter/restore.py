"""The checkpoints of the last process, read back from their compacted topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, TopicPartition

from clients.kafka import options
from clients.kafka.errors import Connection, explain
from ingest.vcenter.checkpoint import Checkpoint
from schemas import topics
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from schemas.config import KafkaConfig

SILENCE: Final = 30.0
"""Seconds without an answer after which the brokers count as away."""


def restore(config: KafkaConfig) -> dict[str, Checkpoint]:
    """The latest checkpoint of every vCenter ever followed, by name.

    Call it after the transactions of every older process have been fenced: only then is the end of the topic final.

    Raises:
        Refused: a checkpoint cannot be read, or an ACL is missing.
        Unreachable: the brokers are away.
    """
    topic, group = topics.checkpoints(config.prefix), topics.group(config.prefix, topics.INGEST_VCENTER)
    heard = Connection()
    properties = options.consumer(config, group, client_id=topics.INGEST_VCENTER, on_error=heard.heard)
    consumer: Any = options.construct(Consumer, properties | {"enable.partition.eof": True})
    try:
        consumer.assign([TopicPartition(topic, 0, OFFSET_BEGINNING)])
        return _latest(consumer, topic, group, config, heard)
    finally:
        consumer.close()


def _latest(consumer: Any, topic: str, group: str, config: KafkaConfig, heard: Connection) -> dict[str, Checkpoint]:
    values: dict[str, bytes] = {}
    while (message := consumer.poll(SILENCE)) is not None:
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
                return {vcenter: _checkpoint(topic, vcenter, value) for vcenter, value in values.items()}
            raise explain(error, doing=f"read {topic} in group {group}", config=config, connection=heard)
        vcenter = (message.key() or b"").decode()
        if message.value() is None:
            values.pop(vcenter, None)
        else:
            values[vcenter] = message.value()
    raise Unreachable(f"cannot read {topic}: Kafka does not answer")


def _checkpoint(topic: str, vcenter: str, value: bytes) -> Checkpoint:
    try:
        return Checkpoint.loads(value)
    except Refused as refusal:
        raise Refused(f"{topic}, key {vcenter}: {refusal.message}", cure=refusal.cure) from refusal
