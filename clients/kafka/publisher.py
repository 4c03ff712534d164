"""Publishes records and says where each came to rest: one idempotent producer for all tasks of a process.

librdkafka's own asyncio producer takes no record headers, which CloudEvents live in; hence this one. A thread polls
for delivery reports and hands each burst of them to the event loop with a single wake-up.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaException, Producer

from clients.kafka import options
from clients.kafka.errors import Connection, PublishRejected, explain, reason
from clients.kafka.log import LOGGER
from clients.kafka.record import Outgoing, Position
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from confluent_kafka import KafkaError, Message

    from schemas.config import KafkaConfig
    from schemas.topics import Topic

_POLL: Final = 0.1  # seconds; reports end a poll at once, this only bounds how late the end is noticed
_SLICE: Final = 256  # records between two chances for other tasks to run
_RENEWAL: Final = 1.0  # seconds before a producer that met a fatal error is replaced: brokers need not be stormed
_REMAINS: Final = 5.0  # seconds in which purged records are reported, and the thread ends, if they ever do
_AGAIN: Final = "publish again: the producer is being replaced"
_UNKNOWN: Final = Position(-1, -1)


class _Batch:
    """Records published in one call, and what became of each."""

    __slots__ = ("done", "left", "outcomes", "under_way")

    def __init__(self, size: int, done: asyncio.Future[None]) -> None:
        self.done = done
        self.left = size
        self.outcomes: list[Position | ReflexarcError] = [_UNKNOWN] * size
        self.under_way = 0

    def settle(self, index: int, outcome: Position | ReflexarcError) -> None:
        if self.done.done():  # given up, or nobody waits any more
            return
        self.outcomes[index] = outcome
        self.left -= 1
        if not self.left and not self.done.done():
            self.done.set_result(None)

    def give_up(self, cause: ReflexarcError) -> None:
        if not self.done.done():
            self.outcomes = [cause]
            self.done.set_result(None)

    def results(self) -> list[Position | PublishRejected]:
        results: list[Position | PublishRejected] = []
        for outcome in self.outcomes:
            if not isinstance(outcome, Position | PublishRejected):
                raise outcome
            results.append(outcome)
        return results


class Publisher:
    """One idempotent producer. Records of one key are stored in the order they were published.

    Args:
        config: the ``kafka`` part of the configuration; ``delivery.timeout.ms`` among its options (default 30 s)
            bounds how long a record may take.
        client_id: what the brokers call this process.
        topics: their size limits are checked before a record leaves.
    """

    def __init__(self, config: KafkaConfig, *, client_id: str, topics: Iterable[Topic] = ()) -> None:
        self._config = config
        self._client_id = client_id
        self._limits = {topic.name: topic.max_message_bytes for topic in topics}
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self._closing = False
        self._broken = False
        self._reports: deque[tuple[_Batch, int, str, Position | KafkaError]] = deque()
        self._under_way: set[_Batch] = set()
        self._turn = asyncio.Lock()
        self._progress = asyncio.Event()

    async def start(self) -> None:
        """Make the producer; it connects on its own, and waits for brokers that are away.

        Raises:
            ConfigError: librdkafka does not take an option.
            Refused: the password cannot be read.
        """
        self._producer = self._connect()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._poll, name="kafka-publisher", daemon=True)
        self._thread.start()

    async def publish(
        self,
        topic: str,
        *,
        value: bytes | None,
        key: bytes | None = None,
        headers: Sequence[tuple[str, bytes | None]] = (),
    ) -> Position:
        """Store one record; returns when every in-sync replica has it.

        Cancelling the call does not recall the record.

        Raises:
            PublishRejected: this record will never be accepted.
            Unreachable: no broker has confirmed it in time; it may have been stored all the same.
            Refused: credentials, permissions or the topic are missing.
            ReflexarcError: the publisher itself has failed, and stays so; its log says why.
        """
        (outcome,) = await self.publish_many((Outgoing(topic, value, key, tuple(headers)),))
        if isinstance(outcome, PublishRejected):
            raise outcome
        return outcome

    async def publish_many(self, records: Sequence[Outgoing]) -> list[Position | PublishRejected]:
        """Store ``records``; returns one outcome each, in their order, once all are known.

        Raises:
            Unreachable: at least one was not confirmed in time; each of them may have been stored all the same.
            Refused: credentials, permissions or a topic are missing.
            ReflexarcError: the publisher itself has failed, and stays so; its log says why.
        """
        if not records:
            return []
        batch = _Batch(len(records), self._loop.create_future())
        async with self._turn:
            for index, record in enumerate(records):
                if batch.done.done():  # given up
                    break
                while not self._enqueue(batch, index, record):
                    await self._next_report()
                if index % _SLICE == _SLICE - 1:
                    await asyncio.sleep(0)
        await batch.done
        return batch.results()

    async def close(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - giving up is part of the contract
        """Wait for what is under way, then end. Calling it again, or without ``start``, does nothing.

        Args:
            timeout: seconds after which the rest is given up; its callers get ``Unreachable``.
        """
        if self._thread is None:
            return
        self._closing = True
        try:
            async with asyncio.timeout(timeout):
                await self._settled()
        except TimeoutError:
            self._producer.purge()
            with suppress(TimeoutError):
                async with asyncio.timeout(_REMAINS):
                    await self._settled()
        self._stopping.set()
        await asyncio.to_thread(self._thread.join, _REMAINS)
        if self._thread.is_alive():
            LOGGER.error("the publisher's thread does not end")
        self._thread = None
        # Also wakes who still waits for room, to be turned away.
        self._give_up(self._under_way, Unreachable("the publisher was closed before a broker confirmed the record"))

    def _enqueue(self, batch: _Batch, index: int, record: Outgoing) -> bool:
        """Hand one record to librdkafka; False while it takes none."""
        if self._closing:
            raise Unreachable("the publisher is closing", cure="publish again after the restart")
        if self._broken:
            raise _failed()
        topic, value, key, headers, partition = record
        limit = self._limits.get(topic)
        if limit is not None and (size := record.size) > limit:
            batch.settle(index, PublishRejected(f"record of {size} bytes; {topic} takes at most {limit}"))
            return True
        report = partial(self._delivered, batch, index, topic)
        try:
            self._producer.produce(topic, value, key, partition, report, headers=list(headers))
        except BufferError:
            if self._under_way:
                return False
            batch.settle(index, PublishRejected(f"record of {record.size} bytes exceeds queue.buffering.max.kbytes"))
        except KafkaException as raised:
            error: KafkaError = raised.args[0]
            if error.name() == "_FATAL" and not self._connection.ended:
                return False  # the polling thread is about to hear the reason
            batch.settle(index, self._explain(error, topic))
        else:
            batch.under_way += 1
            self._under_way.add(batch)
        return True

    def _delivered(self, batch: _Batch, index: int, topic: str, error: KafkaError | None, message: Message) -> None:
        """Delivery report, in the polling thread."""
        where = Position(message.partition() or 0, message.offset() or 0) if error is None else error
        self._reports.append((batch, index, topic, where))

    def _connect(self) -> Producer:
        connection = Connection()
        properties = options.producer(self._config, client_id=self._client_id, on_error=connection.heard)
        producer = options.construct(Producer, properties)
        self._connection = connection
        return producer

    def _poll(self) -> None:
        """The polling thread: logs, errors and delivery reports until ``close``."""
        try:
            while not self._stopping.is_set() and self._serve():
                pass
        except Exception:  # noqa: BLE001 - the thread's last word: nobody may wait for it for ever
            LOGGER.exception("the publisher has failed")
            self._tell(self._fail)
            self._producer.purge()  # what is left must not hold up the end
        finally:
            _end(self._producer)

    def _serve(self) -> bool:
        """One turn of the polling thread; False when nobody is left to tell."""
        ended = self._connection.ended
        try:
            self._producer.poll(_POLL)
        except (KafkaException, SystemError) as raised:  # fatal: all that is under way is given up, its reports follow
            self._connection.heard(reason(raised))
        if self._reports or ended != self._connection.ended:
            return self._tell(self._settle)
        if ended and not len(self._producer):
            self._renew()
        return True

    def _tell(self, call: Callable[..., None], *args: object) -> bool:
        """Have the event loop make a call; False when it has ended without ``close``."""
        try:
            self._loop.call_soon_threadsafe(call, *args)
        except RuntimeError:
            return False
        return True

    def _renew(self) -> None:
        """Replace the producer after a fatal error; publishing is refused until then."""
        # The SystemError of a fatal error may have cost reports: these batches would wait for them for ever.
        self._tell(self._give_up, frozenset(self._under_way), Unreachable("a fatal error", cure=_AGAIN))
        if self._stopping.wait(_RENEWAL):
            return
        ended = self._producer
        try:
            self._producer = self._connect()
        except ReflexarcError as error:
            LOGGER.error("cannot replace the producer: %s", error)
        else:
            _end(ended)

    def _fail(self) -> None:
        """Tell everybody that there will be no more reports; in the event loop."""
        self._broken = True
        self._give_up(self._under_way, _failed())

    def _give_up(self, batches: Collection[_Batch], cause: ReflexarcError) -> None:
        """Tell the callers of ``batches``, after what is known by now; in the event loop."""
        self._settle()
        for batch in tuple(batches):
            self._under_way.discard(batch)
            batch.give_up(cause)

    def _settle(self) -> None:
        """Tell the callers; in the event loop."""
        while self._reports:
            batch, index, topic, report = self._reports.popleft()
            batch.under_way -= 1
            if not batch.under_way:
                self._under_way.discard(batch)
            if isinstance(report, Position):
                self._connection.works()
                batch.settle(index, report)
            else:
                batch.settle(index, self._explain(report, topic))
        self._progress.set()

    def _explain(self, error: KafkaError, topic: str) -> ReflexarcError:
        cause = explain(error, doing=f"publish to {topic}", config=self._config, connection=self._connection)
        if isinstance(cause, PublishRejected | Refused | Unreachable):
            return cause
        return Unreachable(cause.message, cure=_AGAIN)

    async def _settled(self) -> None:
        while self._under_way:
            await self._next_report()

    async def _next_report(self) -> None:
        self._progress.clear()
        await self._progress.wait()


def _end(producer: Producer) -> None:
    try:
        producer.close()
    except (KafkaException, SystemError) as raised:  # it had met a fatal error
        LOGGER.debug("an ended producer: %s", raised)


def _failed() -> ReflexarcError:
    return ReflexarcError("the publisher has failed", cure="start the process again; its log says why")
