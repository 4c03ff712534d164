"""The transactions of an ingest process: records and positions, visible only while it holds their shards."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.kafka.transactional import AbortedError, TransactionalProducer
from ingest.metrics import TRANSACTION_SECONDS
from ingest.vcenter.sharing.membership import session

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.record import Outgoing
    from ingest.vcenter.sharing.membership import Claim
    from schemas.config import KafkaConfig

TRIALS: Final = 5
"""A rejected batch leaves a gap in the sequence numbers, for which the next one, innocent, may be undone too."""

LONGEST: Final = 10.0
"""Seconds after which Kafka undoes a transaction: so long a dead process holds back every reader."""


class Transaction:
    """One at a time, again and again. For one thread.

    Every method but ``close`` raises what ``TransactionalProducer`` does.

    Args:
        config: the ``kafka`` part of the configuration.
        client_id: what the brokers call this process.
        transactional_id: whoever opens it again fences the one before.
        given_up: asked between two attempts at an outcome; true ends the wait with ``Unreachable``.
    """

    def __init__(
        self, config: KafkaConfig, *, client_id: str, transactional_id: str, given_up: Callable[[], bool]
    ) -> None:
        self._producer = TransactionalProducer(
            config,
            client_id=client_id,
            transactional_id=transactional_id,
            given_up=given_up,
            settings=timeouts(config),
            within=longest(config),  # after that Kafka has undone it by itself
        )

    def open(self) -> None:
        """Fence every older process and undo what it left open. Nothing it had begun becomes visible after this."""
        self._producer.open()

    def commit(self, records: Sequence[Outgoing], claim: Claim | None = None) -> None:
        """Make all records visible together, unless the group has moved on since ``claim`` was captured.

        Without a claim nothing but the transactional id keeps others from writing the same.
        """
        began = monotonic()
        self._producer.write(records)
        if claim is not None:
            self._producer.show(claim.offsets, claim.group)
        self._producer.commit()
        TRANSACTION_SECONDS.observe(monotonic() - began)

    def would_reject(self, records: Sequence[Outgoing]) -> bool:
        """Whether Kafka refuses one of the records, tried in a transaction that is undone."""
        for _ in range(TRIALS):
            try:
                self._producer.write(records)
            except AbortedError as aborted:
                if aborted.rejected:
                    return True
                failure = aborted
            else:
                self._producer.abort()
                return False
        raise failure

    def close(self) -> None:
        """Undo what is open."""
        self._producer.close()


def longest(config: KafkaConfig) -> float:
    """Seconds of a transaction: it is over before its owner is, and who takes over waits for either at most."""
    return min(LONGEST, session(config))


def timeouts(config: KafkaConfig) -> dict[str, object]:
    """What makes it so."""
    milliseconds = round(1000 * longest(config))
    return {"transaction.timeout.ms": milliseconds, "delivery.timeout.ms": milliseconds, "linger.ms": 0}
