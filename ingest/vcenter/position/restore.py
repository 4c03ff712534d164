"""Where the vCenters stand, read back from the compacted topic of checkpoints by whoever follows them next."""

from __future__ import annotations

from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, TopicPartition

from clients.kafka import options
from clients.kafka.errors import Connection, explain, passes
from ingest.vcenter.position.checkpoint import Checkpoint
from schemas import topics
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from schemas.config import KafkaConfig

SILENCE: Final = 30.0
"""Seconds without an answer after which the brokers count as away; no transaction stays open for so long."""

# The end is told after an empty answer; a broker waits half a second for more before it gives one.
_TO_THE_END: Final = {"enable.partition.eof": True, "fetch.wait.max.ms": 10}

ANSWER: Final = 5.0
"""Seconds to wait for the leader of the topic."""

LOOK: Final = 0.5
"""Seconds between two looks whether it is time to stop."""


def restore(
    config: KafkaConfig, shards: Collection[int] = (), *, stopped: Callable[[], bool] = lambda: False
) -> dict[str, Checkpoint]:
    """The latest checkpoint of every vCenter ever followed, by name.

    Call it once the group has given ``shards`` to this process. What an older owner has begun with offsets of these
    shards is decided first; what it has written by then, in transactions still open, is waited for. Whatever it tries
    later, the group refuses.

    Args:
        config: the ``kafka`` part of the configuration.
        shards: those whose vCenters are meant.
        stopped: asked twice a second; true ends the reading.

    Raises:
        Refused: a record is no checkpoint of the vCenter that its key names, or an ACL is missing.
        Unreachable: the brokers are away, or ``stopped``.
    """
    reader = _Reader(config, stopped)
    try:
        reader.await_commits(shards)
        return reader.checkpoints()
    finally:
        reader.close()


class _Reader:
    def __init__(self, config: KafkaConfig, stopped: Callable[[], bool]) -> None:
        self._config = config
        self._stopped = stopped
        self._group = topics.group(config.prefix, topics.INGEST_VCENTER)
        self._heard = Connection()
        given = options.consumer(config, self._group, client_id=topics.INGEST_VCENTER, on_error=self._heard.heard)
        # It is in no group, and reads what the brokers keep for this one.
        self._consumer: Any = options.construct(Consumer, given | _TO_THE_END)

    def close(self) -> None:
        self._consumer.close()

    def await_commits(self, shards: Collection[int]) -> None:
        """Return when no transaction that is being committed has offsets of these shards."""
        topic = topics.assignments(self._config.prefix)
        wanted = [TopicPartition(topic, shard) for shard in shards]
        end = monotonic() + SILENCE
        while wanted:
            try:
                errors = [each.error for each in self._consumer.committed(wanted, timeout=LOOK)]
            except KafkaException as raised:
                errors = [raised.args[0]]
            failures = [error for error in errors if error is not None]
            if not failures:
                return
            failure = explain(
                failures[0], doing=f"read offsets of {self._group}", config=self._config, connection=self._heard
            )
            if not (passes(failures[0]) or isinstance(failure, Unreachable)) or monotonic() > end or self._stopped():
                raise failure

    def checkpoints(self) -> dict[str, Checkpoint]:
        """All that stand before the high watermark of now, and maybe some behind it."""
        place = TopicPartition(topics.checkpoints(self._config.prefix), 0, OFFSET_BEGINNING)
        with suppress(KafkaException):  # said again by what follows
            self._consumer.list_topics(place.topic, timeout=ANSWER)  # else the leader is looked for a second later
        self._consumer.assign([place])
        latest: dict[bytes, Any] = {}
        high: int | None = None
        end = monotonic() + SILENCE
        while monotonic() < end and not self._stopped():
            message = self._consumer.poll(LOOK)
            if message is None:
                continue
            if high is None:
                # As of the first answer. Asking for it would tell a reader of committed records how far it may read.
                _, high = self._consumer.get_watermark_offsets(place, cached=True)
            if not self._is_end(message):
                _keep(message, latest)
                end = monotonic() + SILENCE
            if message.offset() >= high:
                found = [_checkpoint(place.topic, key, each) for key, each in latest.items()]
                return {checkpoint.vcenter: checkpoint for checkpoint in found}
        raise Unreachable(f"cannot read {place.topic}: {'stopped' if self._stopped() else 'Kafka does not answer'}")

    def _is_end(self, message: Any) -> bool:
        error = message.error()
        if error is None:
            return False
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
            return True
        doing = f"read {topics.checkpoints(self._config.prefix)} in group {self._group}"
        raise explain(error, doing=doing, config=self._config, connection=self._heard)


def _keep(message: Any, latest: dict[bytes, Any]) -> None:
    key = message.key() or b""
    if message.value() is None:
        latest.pop(key, None)
    else:
        latest[key] = message


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
