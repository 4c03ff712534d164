"""Batches that become visible together or not at all, written again until they are."""

from __future__ import annotations

import logging
from time import sleep
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from clients.kafka.transactional import AbortedError, TransactionalProducer
from schemas.errors import Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.record import Outgoing, Position
    from schemas.config import KafkaConfig

PAUSE: Final = 0.1
"""Seconds between two attempts."""

SETTINGS: Final = {"delivery.timeout.ms": 7_000}
"""A delivery is given up before Kafka gives up its transaction, which would look like a new owner of the name."""

log = logging.getLogger(__name__)


class Transactions:
    """The transactions of one name. All of it blocks; for one thread at a time.

    Args:
        config: the ``kafka`` part of the configuration.
        client_id: what the brokers call this process.
        transactional_id: the name; whoever opens it fences the one before.
        given_up: asked between two attempts; true ends a wait with ``Unreachable``.
    """

    def __init__(
        self, config: KafkaConfig, *, client_id: str, transactional_id: str, given_up: Callable[[], bool]
    ) -> None:
        self._name = transactional_id
        self._given_up = given_up
        self._producer = TransactionalProducer(
            config, client_id=client_id, transactional_id=transactional_id, given_up=given_up, settings=SETTINGS
        )

    def open(self) -> None:
        """Fence every former owner of the name, see ``TransactionalProducer.open``."""
        self._producer.open()

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
                positions = self._producer.write(records)
                self._producer.commit()
            except AbortedError as undone:
                if isinstance(undone.cause, PublishRejected | Refused):
                    raise undone.cause from undone
                log.warning("%s: transaction undone, writing it again: %s", self._name, undone)
                if self._given_up():
                    raise Unreachable(undone.message, cure=undone.cure) from undone
                sleep(PAUSE)
            else:
                return positions

    def close(self) -> None:
        """Undo what is open."""
        self._producer.close()
