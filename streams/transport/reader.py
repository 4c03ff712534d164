"""The thread that owns the consumer handle: it alone polls, pauses, commits and answers rebalances.

It never waits for what only its own polling can bring. In a revocation it waits for work that has begun, which other
threads finish, until the drain deadline; then it cancels, commits what is done and lets go.
"""

from __future__ import annotations

import logging
import threading
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from confluent_kafka import Consumer, KafkaException, TopicPartition
from faust.types import TP

from clients.kafka.errors import passes
from clients.kafka.options import construct
from schemas.errors import Refused, Unreachable
from streams.transport.chunk import Chunk
from streams.transport.held import Held
from streams.transport.positions import starting
from streams.transport.record import Record

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping, Sequence

    from confluent_kafka import KafkaError, Message

    from schemas.errors import ReflexarcError
    from streams.transport.explain import Explain

log = logging.getLogger(__name__)

POLL = 0.1
CHUNK_RECORDS = 500
COMMIT_INTERVAL = 0.2
CANCEL_WAIT = 20.0


class Listener(Protocol):
    """Who is told; every call is made on the event loop, in the order in which things happened."""

    def on_assignment(self, assigned: frozenset[TP]) -> None:
        """The set of held partitions changed; chunks of new ones follow."""

    def on_chunks(self, chunks: Sequence[Chunk]) -> None:
        """Records to work on."""

    def on_failure(self, error: BaseException) -> None:
        """The thread has ended and cannot go on."""


class Reader(threading.Thread):
    """Reads the subscribed topics as a member of a consumer group until ``stop``.

    Args:
        options: librdkafka properties, group and security included.
        loop: where ``listener`` and the agents live.
        drain: seconds that begun work may take to finish when its partition is revoked.
        explain: turns Kafka's errors into instructions.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        topics: Sequence[str],
        *,
        loop: asyncio.AbstractEventLoop,
        listener: Listener,
        drain: float,
        explain: Explain,
    ) -> None:
        super().__init__(name="kafka-reader", daemon=True)
        self._consumer = construct(Consumer, {**options, "on_commit": self._committed})
        self._topics = list(topics)
        self._group = options["group.id"]
        self._loop = loop
        self._listener = listener
        self._drain = drain
        self._explain = explain
        self._held: dict[TP, Held] = {}
        self._gathered: dict[TP, list[Record]] = {}
        self._committing = False
        self._refusal: ReflexarcError | None = None
        self._next_commit = 0.0
        self._stopping = threading.Event()

    def stop(self) -> None:
        """Drain, commit, leave the group, end; safe from any thread, returns at once."""
        self._stopping.set()

    def run(self) -> None:
        """Serve until stopped; failures are told to the listener."""
        try:
            self._consumer.subscribe(self._topics, on_assign=self._assign, on_revoke=self._revoke, on_lost=self._lost)
            while not self._stopping.is_set():
                self._gather()
                self._hand_over()
                self._book()
                self._commit_when_due()
        except KafkaException as error:
            self._tell(self._listener.on_failure, self._explain(error.args[0], doing="read"))
        except BaseException as error:  # noqa: BLE001 - the thread's last word; the process must not live on without it
            self._tell(self._listener.on_failure, error)
        finally:
            self._leave()

    def _leave(self) -> None:
        try:
            self._consumer.close()  # Calls _revoke for what is held: drain, commit, leave.
        except KafkaException as error:
            self._tell(self._listener.on_failure, self._explain(error.args[0], doing="leave the group"))

    def _gather(self) -> None:
        message = self._consumer.poll(POLL)
        for _ in range(CHUNK_RECORDS):
            if message is None:
                return
            self._take(message)
            message = self._consumer.poll(0)
        if message is not None:
            self._take(message)

    def _take(self, message: Message) -> None:
        error = message.error()
        if error is None:
            record = Record.of(message)
            tp = TP(record.topic, record.partition)
            if tp in self._held:
                self._gathered.setdefault(tp, []).append(record)
        elif error.name() == "_AUTO_OFFSET_RESET":
            record = Record.of(message)
            self._start_again(TopicPartition(record.topic, record.partition))
        else:
            failure = self._explain(error, doing=f"read {', '.join(self._topics)} in group {self._group}")
            if not isinstance(failure, Unreachable) and not passes(error):
                raise failure
            log.warning("%s", failure.message)

    def _start_again(self, tp: TopicPartition) -> None:
        """The log no longer has what we were to read next: end what is under way and begin at what it has."""
        leaving = self._close([tp])
        self._cancel(leaving)
        for position in self._starting([tp] if leaving else []):
            self._held[TP(tp.topic, tp.partition)] = Held(self._loop)
            self._consumer.seek(position)

    def _starting(self, partitions: Sequence[TopicPartition]) -> list[TopicPartition]:
        return starting(self._consumer, partitions, explain=self._explain, stopping=self._stopping.is_set)

    def _hand_over(self) -> None:
        if not self._gathered:
            return
        gathered, self._gathered = self._gathered, {}
        chunks = []
        for tp, records in gathered.items():
            held = self._held[tp]
            held.deliver(records)
            if held.wants_pause():
                self._consumer.pause([TopicPartition(*tp)])
            chunks.append(Chunk(held.lease, tuple(records)))
        self._tell(self._listener.on_chunks, chunks)

    def _book(self) -> None:
        for tp, held in self._held.items():
            held.book()
            if held.wants_resume():
                self._consumer.resume([TopicPartition(*tp)])

    def _commit_when_due(self) -> None:
        if self._refusal is not None:
            raise self._refusal
        now = monotonic()
        if self._committing or now < self._next_commit:
            return
        offsets = [TopicPartition(*tp, held.position) for tp, held in self._held.items() if held.dirty]
        if offsets:
            self._committing = True
            self._next_commit = now + COMMIT_INTERVAL
            self._consumer.commit(offsets=offsets, asynchronous=True)

    def _committed(self, error: KafkaError | None, partitions: Sequence[TopicPartition]) -> None:
        self._committing = False
        for tp in partitions:
            held = self._held.get(TP(tp.topic, tp.partition))
            failed = error or tp.error
            if failed is None and held is not None:
                held.committed = tp.offset
            elif failed is not None:
                failure = self._explain(failed, doing=f"commit {tp.topic}/{tp.partition}")
                self._refusal = failure if isinstance(failure, Refused) else self._refusal
                log.warning("%s; it will be repeated", failure.message)

    def _assign(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        positions = self._starting(partitions)
        for tp in positions:
            self._held[TP(tp.topic, tp.partition)] = Held(self._loop)
        consumer.incremental_assign(positions)
        consumer.resume(positions)  # A pause of an earlier assignment outlives it in librdkafka.
        log.info("%d partitions assigned, %d held", len(positions), len(self._held))
        self._tell(self._listener.on_assignment, frozenset(self._held))

    def _revoke(self, consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        leaving = self._close(partitions)
        deadline = monotonic() + self._drain
        for held in leaving.values():
            held.lease.wait_idle(deadline)
        self._cancel(leaving)
        offsets = []
        for tp, held in leaving.items():
            held.book()
            if held.dirty:
                offsets.append(TopicPartition(*tp, held.position))
        if offsets:
            try:
                consumer.commit(offsets=offsets, asynchronous=False)
            except KafkaException as error:
                log.warning("commit at revocation failed, events will come again: %s", error)
        self._let_go(leaving)

    def _lost(self, _consumer: Consumer, partitions: Sequence[TopicPartition]) -> None:
        leaving = self._close(partitions)
        self._cancel(leaving)
        self._let_go(leaving)

    def _close(self, partitions: Sequence[TopicPartition]) -> dict[TP, Held]:
        tps = [TP(tp.topic, tp.partition) for tp in partitions]
        leaving = {tp: self._held[tp] for tp in tps if tp in self._held}
        for tp, held in leaving.items():
            self._gathered.pop(tp, None)
            held.lease.close()
        return leaving

    def _cancel(self, leaving: Mapping[TP, Held]) -> None:
        for held in leaving.values():
            held.lease.cancel()
        deadline = monotonic() + CANCEL_WAIT
        for tp, held in leaving.items():
            if not held.lease.wait_idle(deadline):
                log.error("%s/%d: work does not end although it was cancelled", *tp)

    def _let_go(self, leaving: Mapping[TP, Held]) -> None:
        for tp in leaving:
            del self._held[tp]
        log.info("%d partitions let go, %d held", len(leaving), len(self._held))
        self._tell(self._listener.on_assignment, frozenset(self._held))

    def _tell(self, call: Callable[..., None], *args: object) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(call, *args)
