"""A transactional producer: records become visible together or not at all, and only its last owner can write."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import KafkaException, Producer

from clients.kafka import options
from clients.kafka.aside import Aside, HangsError
from clients.kafka.errors import Connection, Fenced, PublishRejected, explain, reason
from clients.kafka.record import Position
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from confluent_kafka import KafkaError, Message, TopicPartition

    from clients.kafka.record import Outgoing
    from schemas.config import KafkaConfig

SLICE: Final = 1.0
"""Seconds of one call into librdkafka: between two calls signals are handled, and it is asked whether to give up."""

_CURE: Final = "nothing, if its partitions have moved; otherwise give each process an --instance of its own"
_FENCED: Final = frozenset({"_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"})
# The member is none any more, or its group is in another generation than the one that was shown.
_OUTDATED: Final = frozenset({"ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS", "UNKNOWN_MEMBER_ID"})

log = logging.getLogger(__name__)


class OutdatedError(ReflexarcError):
    """The group has moved on since its metadata was captured: somebody else may hold what was held."""


class BrokenError(ReflexarcError):
    """This producer cannot go on, and whether its last transaction was committed is not known: open a new one."""


class AbortedError(ReflexarcError):
    """The transaction was undone; nothing of it is visible.

    Attributes:
        cause: ``PublishRejected``, and Kafka will never take one of the records as it is; ``Refused``, and a person
            must act; ``OutdatedError``, and the group has to be asked again; anything else, and the same records may
            be tried again.
    """

    def __init__(self, cause: ReflexarcError) -> None:
        super().__init__(cause.message, cure=cause.cure)
        self.cause = cause

    @property
    def rejected(self) -> bool:
        """Whether a record is to blame."""
        return isinstance(self.cause, PublishRejected)

    @property
    def fenced(self) -> bool:
        """Whether the group has moved on."""
        return isinstance(self.cause, OutdatedError)


class TransactionalProducer:
    """Transactions, one at a time: ``write``, maybe ``show``, then ``commit`` or ``abort``. All of it blocks.

    For one thread at a time. Every method but ``close`` may raise, beside what it names:

    - ``AbortedError``: the transaction was undone.
    - ``Fenced``: another process has opened the same id since, or Kafka has timed a transaction out: it says the same
      of both. Whether the last commit came through shows when the id is opened again.
    - ``BrokenError``, ``Unreachable`` (given up): the same holds.
    - ``Refused``: an ACL is missing.

    Args:
        config: the ``kafka`` part of the configuration.
        client_id: what the brokers call this process.
        transactional_id: the name; whoever opens it fences the one before.
        given_up: asked between two attempts at an outcome; true ends the wait with ``Unreachable``.
        settings: librdkafka's, beside those that every producer has.
        within: seconds for the outcome of a transaction, ``BrokenError`` after that; None waits for it.
    """

    def __init__(
        self,
        config: KafkaConfig,
        *,
        client_id: str,
        transactional_id: str,
        given_up: Callable[[], bool],
        settings: Mapping[str, object] | None = None,
        within: float | None = None,
    ) -> None:
        self._config = config
        self._name = transactional_id
        self._given_up = given_up
        self._within = within
        self._connection = Connection()
        heard = self._connection.heard
        given = options.producer(config, client_id=client_id, transactional_id=transactional_id, on_error=heard)
        self._aside = Aside(f"transactions of {transactional_id}")
        self._producer: Any = options.construct(Producer, given | dict(settings or {}))

    def open(self) -> None:
        """Fence every former owner of the name.

        When it returns, what those have committed can be read, what they had begun is undone, and nothing else of
        theirs will ever be visible.
        """
        self._decide(partial(self._producer.init_transactions, SLICE), f"open the transactional id {self._name}")

    def write(self, records: Sequence[Outgoing]) -> list[Position]:
        """Begin a transaction, and bring every record to the brokers, in order; where each came to rest."""
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
                self._be_patient("publish")
        except (KafkaException, SystemError) as raised:
            failures.append(reason(raised))
        if failures:
            self._undo(failures, "publish")
        return positions

    def show(self, offsets: Sequence[TopicPartition], group: object) -> None:
        """Commit only if the group is still in the generation in which its metadata, ``group``, was captured."""
        call = partial(self._producer.send_offsets_to_transaction, list(offsets), group, SLICE)
        self._decide(call, "show a place in the group", self._within)

    def commit(self) -> None:
        """Make what was written visible; returns when it is certain."""
        self._decide(partial(self._producer.commit_transaction, SLICE), "commit", self._within)
        self._connection.works()

    def abort(self) -> None:
        """Undo what was written."""
        self._decide(partial(self._producer.abort_transaction, SLICE), "undo a transaction", self._within)

    def close(self) -> None:
        """Undo what is open. It may be broken, or have nothing open; it disconnects with its last reference.

        librdkafka's own way to close waits, without end, for a broker to take or refuse what it still holds.
        """
        with suppress(KafkaException, SystemError, HangsError):
            self._aside.run(partial(self._producer.abort_transaction, SLICE), limit=SLICE)
        with suppress(KafkaException, SystemError):
            self._producer.purge(blocking=False)
        self._aside.close()

    def _produce(self, record: Outgoing, reported: Callable[[KafkaError | None, Message], None]) -> None:
        topic, value, key, headers, partition = record
        while True:
            try:
                self._producer.produce(topic, value, key, partition, reported, headers=list(headers))
            except BufferError:
                self._producer.poll(SLICE)
                self._be_patient("publish")
            else:
                return

    def _undo(self, failures: Sequence[KafkaError], doing: str) -> None:
        """Abort; that also tells a new owner, or a transaction timed out, from a record that is to blame."""
        causes = [self._explained(failure, doing) for failure in failures]
        self.abort()
        # Neighbours of a rejected or refused record fail too, with other words.
        telling = (cause for kind in (PublishRejected, Refused) for cause in causes if isinstance(cause, kind))
        raise AbortedError(next(telling, causes[0]))

    def _decide(self, call: Callable[[], object], doing: str, within: float | None = None) -> None:
        """Repeat the call until it has an outcome.

        librdkafka may wait for a coordinator that has gone long after that is back; a new producer finds it at once.
        It may also never return: seen when an epoch was bumped twice after the broker had died.
        """
        end = inf if within is None else monotonic() + within
        while True:
            try:
                self._aside.run(call, limit=SLICE, look=partial(self._be_patient, doing))
            except HangsError as hangs:
                raise BrokenError(f"cannot {doing}: {hangs}") from hangs
            except (KafkaException, SystemError) as raised:
                error = reason(raised)
                if error.txn_requires_abort():
                    self._undo([error], doing)
                if not error.retriable():
                    raise self._ended(error, doing) from raised
                log.debug("%s: %s: %s, asking again", self._name, doing, error.str())
                self._be_patient(doing, error)
                if monotonic() > end:
                    raise BrokenError(f"cannot {doing}: no outcome within {within:g} s, {error.str()}") from raised
            else:
                return

    def _be_patient(self, doing: str, error: KafkaError | None = None) -> None:
        if self._given_up():
            raise self._ended(error, doing) if error else Unreachable(f"cannot {doing}: Kafka does not answer")

    def _ended(self, error: KafkaError, doing: str) -> ReflexarcError:
        if error.name() in _FENCED:
            return Fenced(f"the transactional id {self._name} is in another epoch: {error.str()}", cure=_CURE)
        cause = self._explained(error, doing)
        if error.fatal() and not isinstance(cause, Refused):
            return BrokenError(f"the producer cannot go on: {error.str()}")
        return cause

    def _explained(self, error: KafkaError, doing: str) -> ReflexarcError:
        if error.name() in _OUTDATED:
            return OutdatedError(f"the group has moved on since this transaction began: {error.str()}")
        return explain(error, doing=doing, config=self._config, connection=self._connection)
