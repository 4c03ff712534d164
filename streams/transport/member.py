"""One membership in a consumer group, from joining to leaving: the one user of a consumer handle.

It never waits for what only its own polling can bring. In a revocation it waits for work that has begun, which other
threads finish, until the drain deadline; then it cancels, commits what is done and lets go.
"""

from __future__ import annotations

import logging
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer, KafkaException, TopicPartition

from clients.kafka.errors import Connection, Fenced
from clients.kafka.options import construct
from streams.transport import flow, metrics
from streams.transport.commits import Commits
from streams.transport.drain import Drain, Hangs
from streams.transport.holdings import Holdings
from streams.transport.intake import Intake
from streams.transport.membership import cooperative
from streams.transport.rebalance import Rebalance
from streams.transport.watch import Watch

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from faust.types import TP

    from streams.transport.explain import Explain
    from streams.transport.health import Health
    from streams.transport.ledger import Run
    from streams.transport.listener import Listener

    _Callback = Callable[[Consumer, Sequence[TopicPartition]], None]

log = logging.getLogger(__name__)

FENCED_WAIT: Final = 10.0
"""Seconds in which a group says that it has given a member up, if it has."""

_NAMES: Final = "give each group of workers a kafka.prefix of its own"


class Forfeited(Fenced):
    """What was written under our name will never be stored, although the group has not given us up."""


class Member:
    """Everything here runs on one thread.

    Args:
        options: librdkafka properties, group and security included.
        partitions: how many partitions each subscribed topic has.
        loop: where ``listener`` and the agents live.
        drain: seconds that begun work may take to finish when its partition is revoked.
        explain: turns Kafka's errors into instructions.
        health: where stalls and losses are shown.
        stopping: asked while a broker is waited for.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        partitions: Mapping[str, int],
        *,
        loop: asyncio.AbstractEventLoop,
        listener: Listener,
        drain: float,
        explain: Explain,
        health: Health,
        stopping: Callable[[], bool],
    ) -> None:
        self._partitions = partitions
        self._loop = loop
        self._listener = listener
        self._stopping = stopping
        self._fatal: BaseException | None = None
        connection = Connection()
        self._explain = partial(explain, connection=connection)
        self._holdings = holdings = Holdings(loop)
        self._commits = commits = Commits(holdings, self._explain, works=connection.works)
        self._watch = Watch(holdings, health)
        callbacks = {
            "error_cb": connection.heard,
            "on_commit": commits.answered,
            "stats_cb": self._watch.statistics,
        }
        self._consumer = construct(Consumer, {**options, **callbacks})
        ending = Drain(drain, self._end_with)
        self._intake = Intake(
            self._consumer,
            holdings,
            cooperative=cooperative(options),
            reading=f"{', '.join(partitions)} in group {options['group.id']}",
            connection=connection,
            explain=self._explain,
            stopping=stopping,
            lost=self._lost,
            cancel=ending.cancel,
        )
        self._rebalance = Rebalance(
            holdings,
            partitions,
            cooperative=cooperative(options),
            intake=self._intake,
            drain=ending,
            commits=commits,
            changed=self._changed,
        )

    def serve(self) -> None:
        """Be a member until asked to stop.

        Raises:
            Fenced: another member has come under our name.
            Forfeited: another process has come to our tables, or Kafka has undone a transaction of theirs.
            Refused: a person must act.
            ReflexarcError: this handle has ended, or is about to endanger a promise.
        """
        try:
            self._consumer.subscribe(
                list(self._partitions),
                on_assign=self._guarded(self._assign),
                on_revoke=self._guarded(self._rebalance.revoke),
                on_lost=self._guarded(self._rebalance.lose),
            )
            with metrics.watching(self._holdings):
                while not self._stopping():
                    self._turn()
        except KafkaException as error:
            raise self._explain(error.args[0], doing="read") from error

    def leave(self) -> None:
        """Drain, commit, leave the group; returns when all of it has ended.

        Raises:
            Hangs: work goes on all the same.
            ReflexarcError: the broker was not told.
        """
        held = self._held()
        try:
            if held and self._fatal is None:
                # A close in the middle of a rebalance may not do it.
                self._guarded(self._rebalance.revoke)(self._consumer, held)
            self._consumer.close()
        except KafkaException as error:
            self._end_with(self._explain(error.args[0], doing="leave the group"))
        finally:
            # What is still held after the handle was closed, as after a fatal error, is not ours any more.
            if held := self._held():
                self._rebalance.lose(self._consumer, held)
        if self._fatal is not None:
            raise self._fatal

    def _turn(self) -> None:
        flow.take_breath(self._holdings)
        self._intake.gather()
        if self._fatal is not None:
            raise self._fatal
        if chunks := self._holdings.hand_over():
            self._tell(self._listener.on_chunks, chunks)
        self._intake.begin_anew()
        self._holdings.book()
        flow.control(self._consumer, self._holdings)
        self._commits.when_due(self._consumer)
        self._watch.look()
        self._see_forfeits()

    def _assign(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        if not self._stopping():  # Who leaves begins nothing; a handle that is being closed could not be asked where.
            self._rebalance.assign(consumer, partitions)

    def _guarded(self, callback: _Callback) -> _Callback:
        """The callback, whose error ends the membership: through librdkafka it would arrive maimed."""

        def guarded(consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
            try:
                callback(consumer, partitions)
            except KafkaException as error:
                self._end_with(self._explain(error.args[0], doing="change the assignment"))
            except BaseException as error:  # noqa: BLE001 - raised by the next turn, or by ``leave``
                self._end_with(error)

        return guarded

    def _end_with(self, error: BaseException) -> None:
        if self._fatal is None or isinstance(error, Hangs):  # After anything else the process might go on.
            self._fatal = error

    def _held(self) -> list[TopicPartition]:
        return [TopicPartition(*tp) for tp in self._holdings]

    def _see_forfeits(self) -> None:
        """Join anew: of what was read, nothing more may count."""
        for tp in self._holdings.forfeited(FENCED_WAIT):
            what = "another process writes its tables, or Kafka undid a transaction"
            raise Forfeited(f"{tp.topic}/{tp.partition}: {what}", cure=_NAMES)

    def _changed(self, left: Iterable[TP]) -> None:
        self._watch.forget(left)
        self._tell(self._listener.on_assignment, frozenset(self._holdings))

    def _lost(self, tp: TP, lost: Run) -> None:
        log.error("%s/%d: records %d to %d were deleted before they were delivered", *tp, *lost)
        self._watch.lost(tp, lost)
        self._tell(self._listener.on_loss, tp, lost, self._holdings[tp].lease)

    def _tell(self, call: Callable[..., None], *args: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *args)
