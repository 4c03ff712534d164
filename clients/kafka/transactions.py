"""Batches that become visible together or not at all, under a name that only its last owner can write with."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import KafkaException, Producer

from clients.kafka import options
from clients.kafka.errors import Connection, Fenced, PublishRejected, explain, reason
from clients.kafka.record import Position
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confluent_kafka import KafkaError, Message

    from clients.kafka.record import Outgoing
    from schemas.config import KafkaConfig

SLICE: Final = 1.0
"""Seconds of one call into librdkafka: so long it may go unseen that the wait is given up."""

PAUSE: Final = 0.1

_CURE: Final = "nothing, if its partitions have moved; otherwise give each process an --instance of its own"
_FENCED: Final = frozenset({"_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"})

log = logging.getLogger(__name__)


class _Undone(Exception):  # noqa: N818 - a state, not a fault
    """The transaction was undone; nothing of it is visible."""

    def __init__(self, cause: ReflexarcError) -> None:
        super().__init__(cause)
        self.cause = cause


class Transactions:
    """One transactional producer. All of it blocks; for one thread at a time.

    Args:
        config: the ``kafka`` part of the configuration.
        client_id: what the brokers call this process.
        transactional_id: the name; whoever opens it fences the one before.
        given_up: asked between two attempts; true ends a wait with ``Unreachable``.
    """

    def __init__(
        self, config: KafkaConfig, *, client_id: str, transactional_id: str, given_up: Callable[[], bool]
    ) -> None:
        self._config = config
        self._name = transactional_id
        self._given_up = given_up
        self._connection = Connection()
        heard = self._connection.heard
        given = options.producer(config, client_id=client_id, transactional_id=transactional_id, on_error=heard)
        self._producer: Any = options.construct(Producer, given)

    def open(self) -> None:
        """Fence every former owner of the name.

        When it returns, what those have committed can be read, what they had begun is undone, and nothing else of
        theirs will ever be visible.

        Raises:
            Refused: not allowed.
            Unreachable: given up.
        """
        self._decide(partial(self._producer.init_transactions, SLICE), f"open the transactional id {self._name}")

    def write(self, records: Sequence[Outgoing]) -> list[Position]:
        """Make all records visible together, in their order; where each came to rest.

        Raises:
            Fenced: the name has a new owner; nothing is visible.
            PublishRejected: one of them will never be accepted; nothing is visible.
            Refused: not allowed; nothing is visible.
            Unreachable: given up; what is visible shows when the name is opened again.
            ReflexarcError: this producer has ended; the same holds.
        """
        while True:
            try:
                positions = self._fill(records)
                self._decide(partial(self._producer.commit_transaction, SLICE), "commit")
            except _Undone as undone:
                if isinstance(undone.cause, PublishRejected | Refused):
                    raise undone.cause from undone
                log.warning("%s: transaction undone, writing it again: %s", self._name, undone.cause)
                self._be_patient(undone.cause)
            else:
                self._connection.works()
                return positions

    def close(self) -> None:
        """Undo what is open, and disconnect."""
        with suppress(KafkaException, SystemError):
            self._producer.abort_transaction(SLICE)
        with suppress(KafkaException, SystemError):
            self._producer.close()

    def _fill(self, records: Sequence[Outgoing]) -> list[Position]:
        """Begin, and bring every record to the brokers."""
        failures: list[KafkaError] = []
        positions = [Position(-1, -1)] * len(records)

        def reported(index: int, error: KafkaError | None, message: Message) -> None:
            if error is None:
                positions[index] = Position(int(message.partition() or 0), int(message.offset() or 0))
            else:
                failures.append(error)

        try:
            self._producer.begin_transaction()
            for index, record in enumerate(records):
                self._produce(record, partial(reported, index))
            while self._producer.flush(SLICE):
                self._check_patience("publish")
        except (KafkaException, SystemError) as raised:
            failures.append(reason(raised))
        if failures:
            self._undo(failures)
        return positions

    def _produce(self, record: Outgoing, reported: Callable[[KafkaError | None, Message], None]) -> None:
        topic, value, key, headers, partition = record
        while True:
            try:
                self._producer.produce(topic, value, key, partition, reported, headers=list(headers))
            except BufferError:
                self._producer.poll(SLICE)
                self._check_patience("publish")
            else:
                return

    def _undo(self, failures: Sequence[KafkaError]) -> None:
        """Abort; that also tells a new owner from a transaction that the broker has timed out.

        Raises:
            _Undone: and why.
            Fenced, ReflexarcError, Unreachable: it cannot be undone by us.
        """
        causes = [self._explain(failure, "publish") for failure in failures]
        self._decide(partial(self._producer.abort_transaction, SLICE), "undo a transaction")
        # Neighbours of a rejected record fail too, with other words.
        telling = (cause for kind in (PublishRejected, Refused) for cause in causes if isinstance(cause, kind))
        raise _Undone(next(telling, causes[0]))

    def _decide(self, call: Callable[[], object], doing: str) -> None:
        """Repeat the call until it has an outcome."""
        while True:
            try:
                call()
            except (KafkaException, SystemError) as raised:
                error = reason(raised)
                if error.txn_requires_abort():
                    self._undo([error])
                if not error.retriable():
                    raise self._end(error, doing) from raised
                log.debug("%s: %s: %s, asking again", self._name, doing, error.str())
                self._check_patience(doing)
            else:
                return

    def _end(self, error: KafkaError, doing: str) -> ReflexarcError:
        if error.name() in _FENCED:
            return Fenced(f"another process has taken over the transactional id {self._name}", cure=_CURE)
        return self._explain(error, doing)

    def _be_patient(self, cause: ReflexarcError) -> None:
        if self._given_up():
            raise Unreachable(cause.message, cure=cause.cure)
        sleep(PAUSE)

    def _check_patience(self, doing: str) -> None:
        if self._given_up():
            raise Unreachable(f"cannot {doing}: Kafka does not answer")

    def _explain(self, error: KafkaError, doing: str) -> ReflexarcError:
        return explain(error, doing=doing, config=self._config, connection=self._connection)
