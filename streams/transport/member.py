"""One membership in a consumer group, from joining to leaving: the one user of a consumer handle.

It never waits for what only its own polling can bring. In a revocation it waits for work that has begun, which other
threads finish, until the drain deadline; then it cancels, commits what is done and lets go.
"""

from __future__ import annotations

import logging
from functools import partial
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, Final

from confluent_kafka import Consumer, KafkaException, TopicPartition
from faust.types import TP

from clients.kafka.errors import Connection, passes
from clients.kafka.options import construct
from schemas.errors import ReflexarcError, Unreachable
from streams.transport import metrics
from streams.transport.commits import Commits
from streams.transport.holdings import Holdings
from streams.transport.membership import cooperative, refuse_growth
from streams.transport.positions import begin, beginnings, ends
from streams.transport.record import Record
from streams.transport.watch import Watch

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from confluent_kafka import KafkaError, Message

    from streams.transport.explain import Explain
    from streams.transport.health import Health
    from streams.transport.held import Held, Start
    from streams.transport.ledger import Run
    from streams.transport.listener import Listener

    _Callback = Callable[[Consumer, Sequence[TopicPartition]], None]

log = logging.getLogger(__name__)

POLL: Final = 0.1
CHUNK_RECORDS: Final = 300
BREATH: Final = 0.002
LONGEST_BREATH: Final = 0.05
DRAIN_TURN: Final = 0.05
CANCEL_WAIT: Final = 20.0

_AGAIN: Final = "start the process again: it may work beside the next owner of the partition"


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
        self._group = options["group.id"]
        self._cooperative = cooperative(options)
        self._loop = loop
        self._listener = listener
        self._drain_deadline = drain
        self._stopping = stopping
        self._connection = Connection()
        self._explain = partial(explain, connection=self._connection)
        self._holdings = Holdings(loop)
        self._commits = Commits(self._holdings, self._explain, works=self._connection.works)
        self._watch = Watch(self._holdings, health)
        self._left: set[TP] = set()
        self._returned: set[TP] = set()
        self._truncated: set[TP] = set()
        self._fatal: BaseException | None = None
        callbacks = {
            "error_cb": self._connection.heard,
            "on_commit": self._commits.answered,
            "stats_cb": self._watch.statistics,
        }
        self._consumer = construct(Consumer, {**options, **callbacks})

    def serve(self) -> None:
        """Be a member until asked to stop.

        Raises:
            Fenced: another member has come under our name.
            Refused: a person must act.
            ReflexarcError: this handle has ended, or is about to endanger a promise.
        """
        try:
            self._consumer.subscribe(
                list(self._partitions),
                on_assign=self._guarded(self._assign),
                on_revoke=self._guarded(self._revoke),
                on_lost=self._guarded(self._lost),
            )
            with metrics.watching(self._holdings):
                while not self._stopping():
                    self._turn()
        except KafkaException as error:
            raise self._explain(error.args[0], doing="read") from error

    def leave(self) -> None:
        """Drain, commit, leave the group; returns when all of it has ended.

        Raises:
            ReflexarcError: the broker was not told.
        """
        held = [TopicPartition(*tp) for tp in self._holdings]
        try:
            if held and self._fatal is None:
                self._guarded(self._revoke)(self._consumer, held)  # A close in the middle of a rebalance may not do it.
            self._consumer.close()
        except KafkaException as error:
            raise self._explain(error.args[0], doing="leave the group") from error
        finally:
            self._lose_all()
        if self._fatal is not None:
            raise self._fatal

    def _lose_all(self) -> None:
        """What is still held after the handle was closed, as after a fatal error, is not ours any more."""
        if len(self._holdings):
            self._lost(self._consumer, [TopicPartition(*tp) for tp in self._holdings])

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
        self._fatal = self._fatal or error

    def _turn(self) -> None:
        self._take_breath()
        self._gather()
        if self._fatal is not None:
            raise self._fatal
        self._tell_chunks()
        self._begin_anew()
        self._holdings.book()
        self._control_flow()
        self._commits.when_due(self._consumer)
        self._watch.look()

    def _take_breath(self) -> None:
        """Let full partitions become less full for a moment: pausing them throws away what was fetched of them."""
        deadline = monotonic() + LONGEST_BREATH
        while self._holdings.full and monotonic() < deadline:
            sleep(BREATH)
            self._holdings.book()

    def _gather(self) -> None:
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
        failure = self._explain(error, doing=f"read {', '.join(self._partitions)} in group {self._group}")
        if not isinstance(failure, Unreachable) and not passes(error):
            raise failure
        log.warning("%s", failure.message)

    def _begin_anew(self) -> None:
        """Read on where the books say; where the log has lost that, with the oldest record that it has."""
        for tp in self._truncated & set(self._holdings):
            low, high = ends(self._consumer, tp, explain=self._explain, stopping=self._stopping)
            _, start, lost = begin(tp, self._holdings[tp].next, "", low, high)
            if lost is not None:
                self._holdings.skip_to(tp, start.offset)
                self._lose(tp, lost)
            elif start.offset < self._holdings[tp].next:
                self._replace(tp, start)
        anew = (self._truncated | self._returned) & set(self._holdings)
        if anew and not self._cooperative:
            self._consumer.assign([self._position(tp) for tp in self._holdings])
        for tp in anew:
            self._read_from_next(tp)
        self._truncated.clear()
        self._returned.clear()

    def _lose(self, tp: TP, lost: Run) -> None:
        log.error("%s/%d: records %d to %d were deleted before they were delivered", *tp, *lost)
        self._watch.lost(tp, lost)
        self._tell(self._listener.on_loss, tp, lost, self._holdings[tp].lease)

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

    def _begin(self, partitions: Sequence[TopicPartition]) -> list[TopicPartition]:
        """Hold these, each from its position on; the positions."""
        found = beginnings(self._consumer, partitions, explain=self._explain, stopping=self._stopping)
        self._holdings.take({tp: start for tp, start, _ in found})
        for tp, _, lost in found:
            if lost is not None:
                self._lose(tp, lost)
        return [TopicPartition(tp.topic, tp.partition, start.offset) for tp, start, _ in found]

    def _tell_chunks(self) -> None:
        if chunks := self._holdings.hand_over():
            self._tell(self._listener.on_chunks, chunks)

    def _control_flow(self) -> None:
        for tp, held in self._holdings.items():
            if held.wants_pause():
                metrics.PAUSES.inc()
                self._consumer.pause([TopicPartition(*tp)])
            elif held.wants_resume():
                self._consumer.resume([TopicPartition(*tp)])

    def _assign(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        if self._stopping():
            return  # Who leaves begins nothing; a handle that is being closed could not even be asked where.
        refuse_growth(self._partitions, partitions)
        self._returned |= self._left & {TP(tp.topic, tp.partition) for tp in partitions}
        positions = self._begin(partitions)
        (consumer.incremental_assign if self._cooperative else consumer.assign)(positions)
        consumer.resume(positions)  # A pause of an earlier assignment outlives it in librdkafka.
        metrics.REBALANCES.labels("assigned").inc()
        log.info("%d partitions assigned, %d held", len(positions), len(self._holdings))
        self._tell(self._listener.on_assignment, frozenset(self._holdings))

    def _revoke(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        leaving = self._holdings.close(TP(tp.topic, tp.partition) for tp in partitions)
        with metrics.DRAIN.time():
            self._drain(consumer, leaving)
            self._cancel(leaving)
        self._holdings.book()
        self._commits.now(consumer, list(leaving))
        metrics.REBALANCES.labels("revoked").inc()
        self._let_go(leaving)

    def _lost(self, _consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        leaving = self._holdings.close(TP(tp.topic, tp.partition) for tp in partitions)
        self._cancel(leaving)
        metrics.REBALANCES.labels("lost").inc()
        self._let_go(leaving)

    def _drain(self, consumer: Consumer, leaving: Mapping[TP, Held]) -> None:
        """Let begun work finish until the deadline; book and commit meanwhile, also for partitions that stay."""
        deadline = monotonic() + self._drain_deadline
        while not _idle(leaving.values(), min(deadline, monotonic() + DRAIN_TURN)) and monotonic() < deadline:
            self._holdings.book()
            self._commits.in_drain(consumer)

    def _cancel(self, leaving: Mapping[TP, Held]) -> None:
        if _idle(leaving.values(), monotonic()):
            return
        metrics.CANCELLED_DRAINS.inc()
        for held in leaving.values():
            held.lease.cancel()
        deadline = monotonic() + CANCEL_WAIT
        for tp, held in leaving.items():
            if held.lease.wait_idle(deadline):
                continue
            if held.lease.running:
                where = f"{tp.topic}/{tp.partition}"
                self._end_with(ReflexarcError(f"{where}: work does not end although it was cancelled", cure=_AGAIN))
            else:
                log.error("%s/%d: what was written is not stored; its events come again", *tp)

    def _let_go(self, leaving: Mapping[TP, Held]) -> None:
        self._left |= set(leaving)
        self._watch.forget(leaving)
        self._holdings.let_go(leaving)
        log.info("%d partitions let go, %d held", len(leaving), len(self._holdings))
        self._tell(self._listener.on_assignment, frozenset(self._holdings))

    def _tell(self, call: Callable[..., None], *args: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *args)


def _idle(leaving: Iterable[Held], deadline: float) -> bool:
    """Whether all are idle before the deadline; waits for each."""
    states = [held.lease.wait_idle(deadline) for held in leaving]
    return all(states)
