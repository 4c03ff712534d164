"""One transactional producer: records become visible together or not at all, and an older process is fenced off."""

from __future__ import annotations

import logging
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import KafkaException, Producer

from clients.kafka import options
from clients.kafka.errors import Connection, PublishRejected, explain, reason
from ingest.metrics import TRANSACTION_SECONDS
from ingest.vcenter.sharing.membership import session
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from confluent_kafka import KafkaError, Message

    from clients.kafka.record import Outgoing
    from ingest.vcenter.sharing.membership import Claim
    from schemas.config import KafkaConfig

SLICE: Final = 1.0
"""Seconds of one call into librdkafka: between two calls signals are handled."""

TRIALS: Final = 5
"""A rejected batch leaves a gap in the sequence numbers, for which the next one, innocent, may be undone too."""

LONGEST: Final = 10.0
"""Seconds after which Kafka undoes a transaction: so long a dead process holds back every reader."""

# The member is none any more, or its group is in another generation than the claim.
_OUTDATED: Final = frozenset({"ILLEGAL_GENERATION", "REBALANCE_IN_PROGRESS", "UNKNOWN_MEMBER_ID"})

log = logging.getLogger(__name__)


class OutdatedError(ReflexarcError):
    """The group has moved on since the claim was captured: somebody else may hold its shards."""


class AbortedError(ReflexarcError):
    """The transaction was undone; nothing of it is visible.

    Attributes:
        cause: ``PublishRejected``, and Kafka will never take one of the records as it is; ``Refused``, and a person
            must act; ``OutdatedError``, and another claim is needed; anything else, and the same records may be tried
            again.
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


class BrokenError(ReflexarcError):
    """This producer cannot go on, and whether its last transaction was committed is not known: open a new one."""


class TransactionalProducer:
    """Writes batches of records in transactions, one at a time. For one thread.

    Args:
        config: the ``kafka`` part of the configuration.
        client_id: what the brokers call this process.
        transactional_id: whoever opens it again fences the one before.
        given_up: asked between two attempts at an outcome; true ends the wait with ``Unreachable``.
    """

    def __init__(
        self, config: KafkaConfig, *, client_id: str, transactional_id: str, given_up: Callable[[], bool]
    ) -> None:
        self._config = config
        self._transactional_id = transactional_id
        self._given_up = given_up
        self._connection = Connection()
        self._producer: Any = options.construct(
            Producer,
            options.producer(
                config, client_id=client_id, transactional_id=transactional_id, on_error=self._connection.heard
            )
            | _timeouts(config),
        )

    def open(self) -> None:
        """Fence every older process and undo what it left open. Nothing it had begun becomes visible after this.

        Raises:
            Refused: not allowed.
            Unreachable: given up.
        """
        self._until_decided(
            partial(self._producer.init_transactions, SLICE), f"open the transactional id {self._transactional_id}"
        )

    def commit(self, records: Sequence[Outgoing], claim: Claim | None = None) -> None:
        """Make all records visible together, unless the group has moved on since ``claim`` was captured.

        Without a claim nothing but the transactional id keeps others from writing the same.

        Raises:
            AbortedError: none is visible.
            BrokenError: the outcome is what a new producer finds; the transaction was open for too long, or another
                process has opened the same transactional id.
            Refused: an ACL is missing.
            Unreachable: given up; the outcome is what a new producer finds.
        """
        began = monotonic()
        self._write(records)
        if claim is not None:
            show = partial(self._producer.send_offsets_to_transaction, list(claim.offsets), claim.group, SLICE)
            self._until_decided(show, "show a claim")
        self._until_decided(partial(self._producer.commit_transaction, SLICE), "commit")
        TRANSACTION_SECONDS.observe(monotonic() - began)
        self._connection.works()

    def would_reject(self, records: Sequence[Outgoing]) -> bool:
        """Whether Kafka refuses one of the records, tried in a transaction that is undone.

        Raises:
            AbortedError: it could not be tried.
            BrokenError, Refused, Unreachable: as for ``commit``.
        """
        for _ in range(TRIALS):
            try:
                self._write(records)
            except AbortedError as aborted:
                if aborted.rejected:
                    return True
                failure = aborted
            else:
                self._abort()
                return False
        raise failure

    def close(self) -> None:
        """Undo what is open. It may be broken, or have nothing open; a new producer undoes the rest."""
        with suppress(KafkaException, SystemError):
            self._producer.abort_transaction(SLICE)

    def _write(self, records: Sequence[Outgoing]) -> None:
        """Begin, and bring every record to the brokers."""
        failures: list[KafkaError] = []

        def reported(error: KafkaError | None, _message: Message) -> None:
            if error is not None:
                failures.append(error)

        try:
            self._producer.begin_transaction()
            for record in records:
                self._produce(record, reported)
            while self._producer.flush(SLICE):
                self._check_patience("publish")
        except (KafkaException, SystemError) as error:
            failures.append(reason(error))
        if failures:
            causes = [self._explained(failure, "publish") for failure in failures]
            self._abort()
            # Neighbours of a rejected or refused record fail too, with other words.
            telling = (cause for kind in (PublishRejected, Refused) for cause in causes if isinstance(cause, kind))
            raise AbortedError(next(telling, causes[0]))

    def _produce(self, record: Outgoing, reported: Callable[[KafkaError | None, Message], None]) -> None:
        while True:
            try:
                self._producer.produce(
                    record.topic, record.value, record.key, headers=list(record.headers), on_delivery=reported
                )
            except BufferError:
                self._producer.poll(SLICE)
                self._check_patience("publish")
            else:
                return

    def _abort(self) -> None:
        self._until_decided(partial(self._producer.abort_transaction, SLICE), "undo a transaction")

    def _until_decided(self, call: Callable[[], object], doing: str) -> None:
        while True:
            try:
                call()
            except (KafkaException, SystemError) as raised:
                error = reason(raised)
                if error.txn_requires_abort():
                    cause = self._explained(error, doing)
                    self._abort()
                    raise AbortedError(cause) from raised
                if not error.retriable():
                    raise self._cause(error, doing) from raised
                log.debug("%s: %s, asking again", doing, error.str())
                self._check_patience(doing, error)
            else:
                return

    def _check_patience(self, doing: str, error: KafkaError | None = None) -> None:
        if self._given_up():
            raise self._cause(error, doing) if error else Unreachable(f"cannot {doing}: Kafka does not answer")

    def _cause(self, error: KafkaError, doing: str) -> ReflexarcError:
        if error.name() in {"_FENCED", "PRODUCER_FENCED", "INVALID_PRODUCER_EPOCH"}:
            # Kafka says the same of a transaction that it has timed out. The group tells whether the name is taken.
            return BrokenError(f"the transactional id {self._transactional_id} is in another epoch: {error.str()}")
        cause = self._explained(error, doing)
        if error.fatal() and not isinstance(cause, Refused):
            return BrokenError(f"the producer cannot go on: {error.str()}")
        return cause

    def _explained(self, error: KafkaError, doing: str) -> ReflexarcError:
        """Why a transaction has to be undone.

        An old epoch is no take-over here: Kafka also raises it when it times a transaction out, and undoing tells
        the two apart.
        """
        if error.name() in _OUTDATED:
            return OutdatedError(f"the group has moved on since this transaction began: {error.str()}")
        return explain(error, doing=doing, config=self._config, connection=self._connection)


def _timeouts(config: KafkaConfig) -> dict[str, Any]:
    """A transaction is over before its owner is: whoever takes over waits for the longer of the two at most."""
    longest = round(1000 * min(LONGEST, session(config)))
    return {"transaction.timeout.ms": longest, "delivery.timeout.ms": longest, "linger.ms": 0}
