"""The audit topic from some time on: first what it holds, then what comes. In no group."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Self

from confluent_kafka import KafkaError, KafkaException, TopicPartition

from clients.kafka.errors import passes
from clients.kafka.place import Place, Stored
from clients.kafka.reader import ANSWER, Reader
from schemas import topics
from schemas.errors import Unreachable
from streams.trail.entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from confluent_kafka import Message

    from schemas.config import KafkaConfig

SILENCE: Final = 30.0
"""Seconds without a record and without the end after which the brokers count as away."""

LOOK: Final = 0.2
BATCH: Final = 500


class Trail:
    """The audit, read once. For one thread; use it in ``with``.

    Args:
        config: the ``kafka`` part of the configuration.
        since: what arrived before is passed by; None: everything that is there by now.
        group: in whose name it is read; default: the operator's.

    Raises:
        Refused: there is no audit topic, or an ACL is missing.
        Unreachable: the brokers are away.
    """

    def __init__(self, config: KafkaConfig, since: datetime | None, *, group: str | None = None) -> None:
        self._topic = topics.audit(config.prefix)
        name = group or topics.group(config.prefix, topics.OPERATOR)
        self._reader = Reader(config, self._topic, client_id=name)
        self._consumer: Any = self._reader.consumer
        try:
            self._ahead = self._assign(since)
        except KafkaException as error:
            self._reader.close()
            raise self._reader.explained(error) from error
        except BaseException:
            self._reader.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._reader.close()

    @property
    def complete(self) -> bool:
        """Whether all that the topic held when it was opened has been read."""
        return not self._ahead

    def present(self) -> Iterator[Entry]:
        """All that the topic held when it was opened, each partition in its order.

        Raises:
            Unreachable: the brokers are away.
            Refused: an ACL is missing.
        """
        heard = monotonic()
        while not self.complete:
            found = self.read(LOOK)
            yield from found
            if found:
                heard = monotonic()
            elif monotonic() - heard > SILENCE:
                raise Unreachable(f"cannot read {self._topic}: Kafka does not answer", cure="run it again")

    def follow(self, stopped: Callable[[], bool]) -> Iterator[Entry]:
        """What comes from now on, until stopped.

        Raises:
            Refused: an ACL is missing.
        """
        while not stopped():
            yield from self.read(LOOK)

    def read(self, seconds: float) -> list[Entry]:
        """The next records, at the latest after so long.

        Raises:
            ReflexarcError: this reader is of no use any more.
        """
        try:
            first = self._consumer.poll(seconds)
            messages = [] if first is None else [first, *self._consumer.consume(BATCH, 0)]
        except KafkaException as error:
            raise self._reader.explained(error) from error
        return [_entry(message) for message in messages if self._is_record(message)]

    def _is_record(self, message: Message) -> bool:
        error, number = message.error(), message.partition() or 0
        if error is None:
            return True
        if error.code() == KafkaError._PARTITION_EOF:  # noqa: SLF001 - librdkafka's own name for it
            self._ahead.discard(number)
        elif not passes(error):
            raise self._reader.explained(error)
        return False

    def _assign(self, since: datetime | None) -> set[int]:
        ends = {number: self._end(number) for number in self._reader.partitions}
        starts = dict(ends)
        if since is not None:
            asked = max(0, round(since.timestamp() * 1000))
            places = [TopicPartition(self._topic, number, asked) for number in ends]
            for found in self._consumer.offsets_for_times(places, timeout=ANSWER):
                if found.error is not None:
                    raise KafkaException(found.error)
                starts[found.partition] = found.offset if found.offset >= 0 else ends[found.partition]
        # Explicit offsets, also of the ends: what is written from now on is behind them.
        self._consumer.assign([TopicPartition(self._topic, number, offset) for number, offset in starts.items()])
        return {number for number, offset in starts.items() if offset < ends[number]}

    def _end(self, number: int) -> int:
        offsets = self._consumer.get_watermark_offsets(TopicPartition(self._topic, number), timeout=ANSWER)
        if offsets is None:
            raise Unreachable(f"cannot read {self._topic}: Kafka does not answer", cure="run it again")
        return int(offsets[1])


def _entry(message: Message) -> Entry:
    given: Any = message  # whose parts are all optional to its type stubs
    place = Place(given.topic(), given.partition(), given.offset())
    return Entry.of(place, Stored(given.key(), given.value(), given.headers() or (), given.timestamp()[1]))
