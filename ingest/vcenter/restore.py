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
        Refused: a record is no checkpoint of the vCenter that its key names, or an ACL is missing.
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
    latest: dict[bytes, Any] = {}
    while (message := consumer.poll(SILENCE)) is not None:
        error = message.error()
        if error is not None:
            if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
                found = [_checkpoint(topic, key, message) for key, message in latest.items()]
                return {checkpoint.vcenter: checkpoint for checkpoint in found}
            raise explain(error, doing=f"read {topic} in group {group}", config=config, connection=heard)
        key = message.key() or b""
        if message.value() is None:
            latest.pop(key, None)
        else:
            latest[key] = message
    raise Unreachable(f"cannot read {topic}: Kafka does not answer")


def _checkpoint(topic: str, key: bytes, message: Any) -> Checkpoint:
    where = f"{topic}, offset {message.offset()}, key {key.decode(errors='backslashreplace')!r}"
    try:
        checkpoint = Checkpoint.loads(message.value())
    except Refused as refusal:
        raise Refused(f"{where}: {refusal.message}", cure=refusal.cure) from refusal
    if checkpoint.vcenter.encode() != key:
        raise Refused(
            f"{where}: the checkpoint of another vCenter, {checkpoint.vcenter!r}",
            cure="write a tombstone for this key, and find out who else writes to the topic",
        )
    return checkpoint
