"""Committing: at most every 200 ms, one request under way, what failed is due again."""

from __future__ import annotations

import logging
from time import monotonic
from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaException, TopicPartition
from faust.types import TP

from clients.kafka.errors import passes
from schemas.errors import Refused
from streams.transport import metrics

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from confluent_kafka import Consumer, KafkaError

    from streams.transport.explain import ExplainHere
    from streams.transport.held import Held, Standing
    from streams.transport.holdings import Holdings

log = logging.getLogger(__name__)

INTERVAL: Final = 0.2

LONGEST: Final = 60.0
"""Seconds after which a commit that nobody has answered is made again."""


class Commits:
    """The commits of one member, made on the reader thread.

    Args:
        holdings: what there is to commit.
        explain: turns the broker's refusal into an instruction.
        works: told that the broker has taken a commit.
    """

    def __init__(self, holdings: Holdings, explain: ExplainHere, *, works: Callable[[], None]) -> None:
        self._works = works
        self._holdings = holdings
        self._explain = explain
        self._under_way: dict[TP, tuple[Held, Standing]] = {}
        self._next = 0.0
        self._refusal: Refused | None = None

    def when_due(self, consumer: Consumer) -> None:
        """Commit in the background when something is due and the interval is over.

        Raises:
            Refused: the broker does not let us commit.
        """
        if self._refusal is not None:
            raise self._refusal
        now = monotonic()
        if now < self._next or (self._under_way and now - self._next < LONGEST):
            return
        due = self._holdings.due()
        if due:
            self._under_way = {tp: (self._holdings[tp], standing) for tp, standing in due.items()}
            self._next = now + INTERVAL
            consumer.commit(offsets=_offsets(due), asynchronous=True)

    def in_drain(self, consumer: Consumer) -> None:
        """Commit and wait, as a rebalance callback must: an answer in the background would come only after it."""
        if monotonic() >= self._next:
            self.now(consumer, self._holdings)
            self._next = monotonic() + INTERVAL

    def now(self, consumer: Consumer, tps: Sequence[TP] | Holdings) -> None:
        """Commit what is due of these partitions and wait for the broker; a failure is logged: events come again."""
        due = {tp: standing for tp in tps if (standing := self._holdings[tp].due()) is not None}
        if not due:
            return
        try:
            answers = consumer.commit(offsets=_offsets(due), asynchronous=False)
        except KafkaException as error:
            metrics.COMMITS.labels("failed").inc()
            log.warning("a commit in a rebalance failed, finished events will come again: %s", error)
            return
        metrics.COMMITS.labels("done").inc()
        for answer in answers or ():
            tp = TP(answer.topic, answer.partition)
            if answer.error is not None:
                self._heed(answer.error, tp)
            elif tp in due:
                self._holdings[tp].confirm(due[tp])

    def answered(self, error: KafkaError | None, partitions: Sequence[TopicPartition]) -> None:
        """Take the answer (librdkafka's ``on_commit``); called while the reader polls."""
        under_way, self._under_way = self._under_way, {}
        for answer in partitions:
            tp = TP(answer.topic, answer.partition)
            failed = error or answer.error
            if failed is not None:
                self._heed(failed, tp)
            elif tp in under_way and under_way[tp][1].offset == answer.offset:
                held, standing = under_way[tp]
                held.confirm(standing)
                self._works()
        metrics.COMMITS.labels("failed" if error else "done").inc()

    def _heed(self, error: KafkaError, tp: TP) -> None:
        failure = self._explain(error, doing=f"commit {tp.topic}/{tp.partition}")
        if isinstance(failure, Refused) and not passes(error):
            self._refusal = failure
        log.warning("%s; it will be repeated", failure.message)


def _offsets(due: Mapping[TP, Standing]) -> list[TopicPartition]:
    return [TopicPartition(tp.topic, tp.partition, offset, metadata) for tp, (offset, metadata) in due.items()]
