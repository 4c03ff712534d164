"""Reading: what comes from the broker is gathered; where the log has lost the place, reading begins anew."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from confluent_kafka import TopicPartition
from faust.types import TP

from clients.kafka.errors import passes
from schemas.errors import Unreachable
from streams.transport.positions import begin, beginnings, ends
from streams.transport.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from confluent_kafka import Consumer, KafkaError, Message

    from clients.kafka.errors import Connection
    from streams.transport.explain import ExplainHere
    from streams.transport.held import Held, Start
    from streams.transport.holdings import Holdings
    from streams.transport.ledger import Run

log = logging.getLogger(__name__)

POLL: Final = 0.1
CHUNK_RECORDS: Final = 300


class Intake:
    """Polls the handle, which is when rebalances are answered, and keeps the place in every log.

    Args:
        consumer: the handle.
        holdings: where records are gathered.
        cooperative: whether partitions move one by one.
        reading: what is read, for messages.
        connection: what is wrong with it.
        explain: turns Kafka's errors into instructions.
        stopping: asked while a broker is waited for.
        lost: told of records that were deleted before they were delivered.
        cancel: ends the work on partitions that leave.
    """

    def __init__(
        self,
        consumer: Consumer,
        holdings: Holdings,
        *,
        cooperative: bool,
        reading: str,
        connection: Connection,
        explain: ExplainHere,
        stopping: Callable[[], bool],
        lost: Callable[[TP, Run], None],
        cancel: Callable[[Mapping[TP, Held]], None],
    ) -> None:
        self._consumer = consumer
        self._holdings = holdings
        self._cooperative = cooperative
        self._reading = reading
        self._connection = connection
        self._explain = explain
        self._stopping = stopping
        self._lost = lost
        self._cancel = cancel
        self._left: set[TP] = set()
        self._returned: set[TP] = set()
        self._truncated: set[TP] = set()

    def gather(self) -> None:
        """Wait for a record, and take with it what is there already.

        Raises:
            ReflexarcError: reading cannot go on.
        """
        first = self._consumer.poll(POLL)
        self._left.clear()
        self._returned.clear()
        if first is None:
            return
        self._take((first,))
        # What is there already, at once: each call hands the interpreter to the agents' thread and waits for it back.
        self._take(self._consumer.consume(CHUNK_RECORDS, 0))
        for tp in self._returned:
            # It left and came back while the batch was taken: which of its records are new cannot be told.
            self._holdings.forget(tp)

    def begin(self, partitions: Sequence[TopicPartition]) -> list[TopicPartition]:
        """Hold these, each from its position on; the positions."""
        self._returned |= self._left & {TP(tp.topic, tp.partition) for tp in partitions}
        found = beginnings(self._consumer, partitions, explain=self._explain, stopping=self._stopping)
        self._holdings.take({tp: start for tp, start, _ in found})
        for tp, _, lost in found:
            if lost is not None:
                self._lost(tp, lost)
        return [TopicPartition(tp.topic, tp.partition, start.offset) for tp, start, _ in found]

    def left(self, tps: Iterable[TP]) -> None:
        """These have left, perhaps in the middle of a batch."""
        self._left |= set(tps)

    def begin_anew(self) -> None:
        """Read on where the books say; where the log has lost that, with the oldest record that it has."""
        for tp in self._truncated & set(self._holdings):
            low, high = ends(self._consumer, tp, explain=self._explain, stopping=self._stopping)
            _, start, lost = begin(tp, self._holdings[tp].next, "", low, high)
            if lost is not None:
                self._holdings.skip_to(tp, start.offset)
                self._lost(tp, lost)
            elif start.offset < self._holdings[tp].next:
                self._replace(tp, start)
        anew = (self._truncated | self._returned) & set(self._holdings)
        if anew and not self._cooperative:
            self._consumer.assign([self._position(tp) for tp in self._holdings])
        for tp in anew:
            self._read_from_next(tp)
        self._truncated.clear()
        self._returned.clear()

    def _take(self, messages: Sequence[Message]) -> None:
        records = []
        for message in messages:
            error = message.error()
            if error is None:
                records.append(Record.of(message))
            else:
                self._heed(error, message)
        if records and self._connection.trouble is not None:
            self._connection.works()
        self._holdings.gather(records)

    def _heed(self, error: KafkaError, message: Message) -> None:
        if error.name() == "_AUTO_OFFSET_RESET":
            self._truncated.add(TP(str(message.topic()), int(message.partition() or 0)))
            return
        failure = self._explain(error, doing=f"read {self._reading}")
        if not isinstance(failure, Unreachable) and not passes(error):
            raise failure
        log.warning("%s", failure.message)

    def _read_from_next(self, tp: TP) -> None:
        """Have librdkafka begin anew with a partition; a seek is refused once it has given up reading it."""
        if self._cooperative:
            self._consumer.incremental_unassign([TopicPartition(*tp)])
            self._consumer.incremental_assign([self._position(tp)])
        self._consumer.resume([TopicPartition(*tp)])

    def _replace(self, tp: TP, start: Start) -> None:
        """Another log stands under the old name: end what belongs to the old one."""
        leaving = self._holdings.close([tp])
        self._cancel(leaving)
        self._holdings.let_go(leaving)
        self._holdings.take({tp: start})

    def _position(self, tp: TP) -> TopicPartition:
        return TopicPartition(tp.topic, tp.partition, self._holdings[tp].next)
