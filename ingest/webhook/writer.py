"""Transactions of one transactional id: all records or none, and a commit whose answer is lost is found out."""

from __future__ import annotations

import logging
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import Fenced, PublishRejected
from clients.kafka.outcome import committed
from clients.kafka.transactional import AbortedError, BrokenError, TransactionalProducer
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from clients.kafka.record import Outgoing, Position
    from schemas.config import KafkaConfig

COMMIT: Final = 4.0
"""Seconds for the answer to a commit; then it is looked for in the log, while the sender still waits."""

PAUSE: Final = 0.1
"""Seconds between two attempts."""

SETTINGS: Final = {"linger.ms": 0, "delivery.timeout.ms": 7_000}
"""A delivery is given up before Kafka gives up its transaction, which would look like a new owner of the name."""

_log = logging.getLogger(__name__)


class Writer:
    """One transaction at a time. All of it blocks; for one thread at a time.

    Args:
        config: the ``kafka`` part of the configuration.
        name: of the component: what brokers call this client, and the group a lost commit is looked up under.
        transactional_id: whoever opens it fences the one before.
    """

    def __init__(self, config: KafkaConfig, *, name: str, transactional_id: str) -> None:
        self._config = config
        self._name = name
        self._transactional_id = transactional_id
        self._producer: TransactionalProducer | None = None
        self._until = 0.0

    def open(self, *, until: float) -> None:
        """Undo what a former owner of the name has left open; raises what ``write`` does."""
        self._until = until
        self._opened()

    def write(self, records: Sequence[Outgoing], *, until: float) -> None:
        """Make all records visible together, in their order; returns when it is certain.

        Args:
            records: at least one.
            until: ``monotonic()`` after which it is given up.

        Raises:
            PublishRejected: one of them will never be accepted; nothing is visible.
            Refused: not allowed; nothing is visible.
            Unreachable: given up; all of them may be visible, or none.
        """
        self._until = until
        while not self._written(records):
            if self._late():
                raise Unreachable("Kafka has not taken the transaction in time")
            sleep(PAUSE)

    def close(self) -> None:
        """Undo what is open."""
        if self._producer is not None:
            self._producer.close()
            self._producer = None

    def give_up(self) -> None:
        """End what is under way in another thread, soon and with ``Unreachable``."""
        self._until = 0.0

    def _written(self, records: Sequence[Outgoing]) -> bool:
        """Whether one attempt came through; false: nothing of it is visible, or ever will be."""
        positions: list[Position] = []
        try:
            producer = self._opened()
            positions = producer.write(records)
            producer.commit()
        except AbortedError as undone:
            if isinstance(undone.cause, PublishRejected | Refused):
                raise undone.cause from undone
            _log.warning("%s: transaction undone: %s", self._transactional_id, undone)
            return False
        except (BrokenError, Fenced, Unreachable) as ended:
            # Of a fence Kafka does not say whether it means a transaction timed out.
            _log.warning("%s: a new producer: %s", self._transactional_id, ended)
            self.close()
            return bool(positions) and self._came_through(records, positions)
        return True

    def _came_through(self, records: Sequence[Outgoing], positions: Sequence[Position]) -> bool:
        """What became of a commit; opening the id again has made it final."""
        while True:
            try:
                self._opened()
                return committed(self._config, records[0], positions[0], name=self._name, until=self._until)
            except (BrokenError, Fenced, Unreachable) as failure:
                self.close()
                if self._late():
                    raise Unreachable(f"the outcome of a commit is not known: {failure.message}") from failure
                sleep(PAUSE)

    def _opened(self) -> TransactionalProducer:
        if self._producer is None:
            producer = TransactionalProducer(
                self._config,
                client_id=self._name,
                transactional_id=self._transactional_id,
                given_up=self._late,
                settings=SETTINGS,
                within=COMMIT,
            )
            try:
                producer.open()
            except BaseException:
                producer.close()
                raise
            self._producer = producer
        return self._producer

    def _late(self) -> bool:
        return monotonic() > self._until
