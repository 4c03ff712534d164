"""The events topic, read once more by a consumer that is in no group and commits nothing."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from confluent_kafka import Consumer, KafkaError, KafkaException, TopicPartition

from clients.kafka import options
from clients.kafka.errors import Connection, explain, passes, reason
from clients.kafka.place import Place, Stored
from ops.replay.span import ANSWER, Found, Span, lows_of, spans_of
from schemas import topics
from schemas.errors import ReflexarcError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.replay.request import Request
    from schemas.config import KafkaConfig

MOST: Final = 1_000
"""Records of one batch: as many may come twice after a kill."""

LARGEST: Final = 4 * 2**20
"""Bytes after which a batch takes no more."""

LOOK: Final = 0.5
"""Seconds to wait for the first record of a batch."""


class Read(NamedTuple):
    """Some records in order, and where reading stands behind them."""

    records: list[tuple[Place, Stored]]
    spans: dict[int, Span]


class Reader:
    """Reads spans, batch by batch. For one thread at a time; all of it blocks.

    Raises (every method):
        Refused: an ACL is missing, or there is no such topic.
        Unreachable: the brokers do not answer to a question; while records are read they are waited for.
    """

    def __init__(self, config: KafkaConfig) -> None:
        self._config = config
        self._topic = topics.events(config.prefix)
        self._heard = Connection()
        group = topics.group(config.prefix, topics.REPLAY)
        properties = options.consumer(config, group, client_id=group, on_error=self._heard.heard)
        self._consumer: Any = options.construct(Consumer, properties | {"enable.partition.eof": True})
        self._next: dict[int, int] = {}
        self._ends: dict[int, int] = {}
        self._open: set[int] = set()

    def cluster(self) -> str:
        """The id of the cluster, which its offsets belong to; empty when it does not say."""
        with self._explained():
            return str(self._consumer.list_topics(self._topic, timeout=ANSWER).cluster_id or "")

    def find(self, request: Request) -> Found:
        """What has to be read for a request, as the topic stands now.

        Raises:
            ReflexarcError: the request names a partition or offset that is not there.
        """
        with self._explained():
            return spans_of(self._consumer, self._topic, request)

    def begin(self, spans: Mapping[int, Span]) -> int:
        """Read these from now on; how many offsets of them retention has deleted meanwhile."""
        with self._explained():
            lows = lows_of(self._consumer, self._topic, spans)
            self._ends = {number: span.end for number, span in spans.items()}
            self._next = {number: min(max(span.next, lows.get(number, 0)), span.end) for number, span in spans.items()}
            self._open = {number for number, start in self._next.items() if start < self._ends[number]}
            self._consumer.assign([TopicPartition(self._topic, number, self._next[number]) for number in self._open])
        return sum(self._next[number] - span.next for number, span in spans.items())

    @property
    def spans(self) -> dict[int, Span]:
        """Where reading stands: what lies before ``next`` was handed out."""
        return {number: Span(next=start, end=self._ends[number]) for number, start in self._next.items()}

    def read(self, most: int = MOST) -> Read | None:
        """The next records, none when none came for half a second; None when all is read.

        Raises:
            ReflexarcError: retention has deleted what was to be read next.
        """
        if not self._open:
            return None
        records: list[tuple[Place, Stored]] = []
        size, wait = 0, LOOK
        with self._explained():
            while self._open and len(records) < most and size < LARGEST:
                message = self._consumer.poll(wait)
                if message is None:
                    break
                wait = 0.0
                found = self._taken(message)
                if found is not None:
                    records.append(found)
                    size += len(found[1].value or b"")
        return Read(records, self.spans)

    def close(self) -> None:
        """Disconnect."""
        self._consumer.close()

    def _taken(self, message: Any) -> tuple[Place, Stored] | None:
        """The record, if it is one that was asked for."""
        number, offset, error = message.partition(), message.offset(), message.error()
        if error is not None:
            self._fault(error, number)
            return None
        if number is None or offset is None or number not in self._open:
            return None
        end = self._ends[number]
        if offset + 1 >= end:
            self._done(number)
        if offset >= end:
            return None
        self._next[number] = offset + 1
        stored = Stored(message.key(), message.value(), message.headers() or (), message.timestamp()[1])
        return Place(self._topic, number, offset), stored

    def _fault(self, error: KafkaError, number: int | None) -> None:
        if error.code() == KafkaError._PARTITION_EOF and number is not None:  # noqa: SLF001 - its own name
            self._done(number)  # what lies before the end of the span are marks of transactions
        elif error.name() in {"_AUTO_OFFSET_RESET", "OFFSET_OUT_OF_RANGE"}:
            what = f"retention has deleted events of {self._topic}/{number} before they were read"
            raise ReflexarcError(what, cure="go on with --resume, which says how many")
        elif not passes(error):
            raise KafkaException(error)

    def _done(self, number: int) -> None:
        if number in self._open:
            self._open.discard(number)
            self._next[number] = self._ends[number]
            self._consumer.incremental_unassign([TopicPartition(self._topic, number)])

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except KafkaException as error:
            doing = f"read {self._topic}"
            raise explain(reason(error), doing=doing, config=self._config, connection=self._heard) from error
