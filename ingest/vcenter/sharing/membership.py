"""A process's place in the group that shares the shards: group membership is the leader election, and the fence.

The group is served in ``poll`` and nowhere else, so what is held changes between two transactions, never inside one.
"""

from __future__ import annotations

import logging
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from confluent_kafka import Consumer, KafkaException, TopicPartition

from clients.kafka import options
from clients.kafka.errors import Connection, Fenced, explain, passes
from schemas import topics
from schemas.errors import ReflexarcError, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from confluent_kafka import KafkaError

    from schemas.config import KafkaConfig

    Change = Callable[[Collection[int]], None]

SESSION: Final = 10.0
"""Seconds of silence after which the group gives a member up, unless ``kafka.options`` says otherwise."""

ANSWER: Final = 30.0
"""Seconds to wait for the shape of the topic."""

APART: Final = 60.0
"""Seconds; who is fenced twice within so long shares its name with another process."""

log = logging.getLogger(__name__)


def session(config: KafkaConfig) -> float:
    """Seconds of silence after which the group gives an ingest process up."""
    return float(config.options.get("session.timeout.ms", SESSION * 1000)) / 1000


class Claim(NamedTuple):
    """What a member has to show for one transaction: its shards, and the generation in which it holds them.

    Captured before the transaction begins, used for that one only. Kafka checks the generation, not the shards.
    """

    offsets: tuple[TopicPartition, ...]
    group: Any


class Membership:
    """One member. For one thread.

    Args:
        config: the ``kafka`` part of the configuration.
        instance: its name in the group: whoever comes back under it within the session gets its shards back, and
            nobody else is disturbed. None makes every restart a departure and an arrival.
        gained: called in ``poll`` with shards that are held from now on.
        lost: called in ``poll`` with shards that somebody else may hold from its return on.
    """

    def __init__(self, config: KafkaConfig, *, instance: str | None, gained: Change, lost: Change) -> None:
        self._config = config
        self._topic = topics.assignments(config.prefix)
        self._group = topics.group(config.prefix, topics.INGEST_VCENTER)
        self._gained = gained
        self._lost = lost
        self._connection = Connection()
        self._failure: Exception | None = None
        self._fenced = -inf
        self._instance = instance
        self._consumer: Any = options.construct(Consumer, self._properties(instance))
        self._held: frozenset[int] = frozenset()
        self.joined = False

    def shards(self) -> int:
        """How many there are.

        Raises:
            Refused: not allowed to see the topic, or it is not there.
            Unreachable: the brokers are away.
        """
        try:
            topic = self._consumer.list_topics(self._topic, timeout=ANSWER).topics[self._topic]
        except KafkaException as error:
            raise self._explained(error.args[0], f"look at {self._topic}") from error
        if topic.error is not None:
            raise self._explained(topic.error, f"look at {self._topic}")
        return len(topic.partitions)

    def join(self) -> None:
        """Begin to be a member; ``poll`` does the rest."""
        self._consumer.subscribe(
            [self._topic], on_assign=self._on_assign, on_revoke=self._on_revoke, on_lost=self._on_lost
        )

    def poll(self, seconds: float = 0.0) -> None:
        """Serve the group for so long.

        Raises:
            Fenced: another process has come under our name: it was the second time within a minute.
            Refused: an ACL or the topic is missing.
            ReflexarcError: this member has ended.
        """
        try:
            self._serve(seconds)
        except Fenced as fenced:
            self._join_again(fenced)

    def _serve(self, seconds: float) -> None:
        try:
            message = self._consumer.poll(seconds)
        except KafkaException as error:
            raise self._explained(error.args[0], f"be a member of {self._group}") from error
        if self._failure is not None:
            raise self._failure
        if message is not None and message.error() is not None:
            self._heed(message.error())

    def claim(self, shards: Collection[int]) -> Claim | None:
        """What to show for a transaction that begins now and touches ``shards``; None while this is no member.

        Without a member id a broker takes a transaction's offsets for those of a client that is in no group, and
        accepts them.
        """
        group = self._consumer.consumer_group_metadata()
        if not self._consumer.memberid():
            return None
        # The topic is empty: an offset past its end would be out of range for the next owner.
        return Claim(tuple(TopicPartition(self._topic, shard, 0) for shard in sorted(shards)), group)

    def leave(self) -> None:
        """Disconnect. The group keeps the shards of a member with a name until its session ends."""
        self._consumer.close()

    def _properties(self, instance: str | None) -> dict[str, Any]:
        given = options.consumer(
            self._config, self._group, client_id=topics.INGEST_VCENTER, on_error=self._connection.heard
        )
        return given | {
            # The time-out of the broker's own protocol is not ours to set; a transaction's must not be longer.
            "group.protocol": "classic",
            "partition.assignment.strategy": "cooperative-sticky",
            "session.timeout.ms": round(1000 * session(self._config)),
            **({} if instance is None else {"group.instance.id": instance}),
        }

    def _on_assign(self, consumer: Any, partitions: Sequence[TopicPartition]) -> None:
        begin = [TopicPartition(each.topic, each.partition, 0) for each in partitions]
        try:
            consumer.incremental_assign(begin)
            consumer.pause(begin)  # there is nothing to fetch
        except KafkaException as error:
            self._failure = self._explained(error.args[0], "take shards")
            return
        self._held |= {each.partition for each in partitions}
        self._tell(self._gained, [each.partition for each in partitions])
        self.joined = True  # last: who asks must not find a member that holds nothing yet

    def _on_revoke(self, _consumer: Any, partitions: Sequence[TopicPartition]) -> None:
        self._give_up({each.partition for each in partitions})

    def _on_lost(self, _consumer: Any, partitions: Sequence[TopicPartition]) -> None:
        self.joined = False
        self._give_up({each.partition for each in partitions})

    def _join_again(self, fenced: Fenced) -> None:
        """A request of our own that was under way when the session ended fences us, too: once that is no reason to end.

        Raises:
            Fenced: it was the second time.
        """
        if monotonic() - self._fenced < APART:
            raise fenced
        self._fenced = monotonic()
        log.warning("%s; joining again", fenced.message)
        self.joined = False
        self._failure = None
        self._consumer.close()
        self._give_up(self._held)
        self._consumer = options.construct(Consumer, self._properties(self._instance))
        self.join()

    def _give_up(self, shards: Collection[int]) -> None:
        left = self._held.intersection(shards)
        if left:
            self._held -= left
            self._tell(self._lost, left)

    def _tell(self, change: Change, shards: Collection[int]) -> None:
        """Through librdkafka an error would arrive maimed: it is raised by ``poll``."""
        try:
            change(shards)
        except Exception as error:  # noqa: BLE001 - raised by poll
            self._failure = error

    def _heed(self, error: KafkaError) -> None:
        failure = self._explained(error, f"be a member of {self._group}")
        if not isinstance(failure, Unreachable) and not passes(error):
            raise failure
        log.warning("%s", failure.message)

    def _explained(self, error: KafkaError, doing: str) -> ReflexarcError:
        return explain(error, doing=doing, config=self._config, connection=self._connection)
