"""Rebalances: how partitions come, how they are handed on, and how they are lost."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from faust.types import TP

from streams.transport import metrics
from streams.transport.membership import refuse_growth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from confluent_kafka import Consumer, TopicPartition

    from streams.transport.commits import Commits
    from streams.transport.drain import Drain
    from streams.transport.held import Held
    from streams.transport.holdings import Holdings
    from streams.transport.intake import Intake

log = logging.getLogger(__name__)


class Rebalance:
    """Answers the group; called while the handle is polled, so nothing here waits for another poll.

    Args:
        holdings: what is held.
        partitions: how many of them each subscribed topic has.
        cooperative: whether they move one by one.
        intake: knows where reading begins.
        drain: ends the work of those that leave.
        commits: commits what was done of them.
        changed: told of what left, and then of what is held.
    """

    def __init__(
        self,
        holdings: Holdings,
        partitions: Mapping[str, int],
        *,
        cooperative: bool,
        intake: Intake,
        drain: Drain,
        commits: Commits,
        changed: Callable[[Iterable[TP]], None],
    ) -> None:
        self._holdings = holdings
        self._partitions = partitions
        self._cooperative = cooperative
        self._intake = intake
        self._drain = drain
        self._commits = commits
        self._changed = changed

    def assign(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        """Begin with these where their last owner has committed.

        Raises:
            Refused: a topic has got more partitions, or the broker does not let us.
            Unreachable: it does not answer, and we shall stop.
        """
        refuse_growth(self._partitions, partitions)
        positions = self._intake.begin(partitions)
        (consumer.incremental_assign if self._cooperative else consumer.assign)(positions)
        consumer.resume(positions)  # A pause of an earlier assignment outlives it in librdkafka.
        metrics.REBALANCES.labels("assigned").inc()
        log.info("%d partitions assigned, %d held", len(positions), len(self._holdings))
        self._changed(())

    def revoke(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        """Drain these, commit, let them go."""

        def meanwhile() -> None:
            self._holdings.book()
            self._commits.in_drain(consumer)  # Also of partitions that stay.

        leaving = self._close(partitions)
        self._drain.finish(leaving, meanwhile)
        self._holdings.book()
        self._commits.now(consumer, list(leaving))
        metrics.REBALANCES.labels("revoked").inc()
        self._let_go(leaving)

    def lose(self, _consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        """Cancel and let go of these; somebody else may have them, so nothing is committed."""
        leaving = self._close(partitions)
        self._drain.cancel(leaving)
        metrics.REBALANCES.labels("lost").inc()
        self._let_go(leaving)

    def _close(self, partitions: Sequence[TopicPartition]) -> dict[TP, Held]:
        return self._holdings.close(TP(tp.topic, tp.partition) for tp in partitions)

    def _let_go(self, leaving: Mapping[TP, Held]) -> None:
        self._intake.left(leaving)
        self._holdings.let_go(leaving)
        log.info("%d partitions let go, %d held", len(leaving), len(self._holdings))
        self._changed(leaving)
