"""Publishes records and says where each came to rest: one idempotent producer for all tasks of a process.

librdkafka's own asyncio producer takes no record headers, which CloudEvents live in; hence this one. Delivery reports
are taken on the event loop: on a thread of its own each report would have to wait for the interpreter.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Final

from confluent_kafka import KafkaException, Producer

from clients.kafka import options
from clients.kafka.batch import Batch
from clients.kafka.errors import UNKNOWN, Connection, PublishRejected, explain, reason
from clients.kafka.log import LOGGER
from clients.kafka.record import Outgoing, Position
from schemas.errors import ReflexarcError, Refused, Unreachable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from confluent_kafka import KafkaError, Message

    from schemas.config import KafkaConfig
    from schemas.topics import Topic

_TURN: Final = 0.001  # seconds between two looks for reports while something is under way
_REST: Final = 0.1  # the same while nothing is, for errors and logs
_SLICE: Final = 256  # records between two chances for other tasks to run
_RENEWAL: Final = 1.0  # seconds before a producer that met a fatal error is replaced: brokers need not be stormed
_REMAINS: Final = 5.0  # seconds in which purged records are reported, and the producer ends, if they ever do
_UNHEARD: Final = 30.0  # seconds in which a verified topic may be unknown, as `topics create` waits for a new one
_AGAIN: Final = "publish again: the producer is being replaced"
_LAGS: Final = "publish again: the topic was there, and this broker may not know it yet"
_UNSAID: Final = "publish again: it may have been lost"


class Publisher:
    """One idempotent producer. Records of one key are stored in the order they were published.

    Args:
        config: the ``kafka`` part of the configuration; ``delivery.timeout.ms`` among its options (default 30 s)
            bounds how long a record may take.
        client_id: what the brokers call this process.
        topics: verified to be there; their size limits are checked before a record leaves. One of them that is
            unknown later, to a broker that has just started or that lags behind, is waited for.
    """

    def __init__(self, config: KafkaConfig, *, client_id: str, topics: Iterable[Topic] = ()) -> None:
        self._config = config
        self._client_id = client_id
        self._limits = {topic.name: topic.max_message_bytes for topic in topics}
        self._missing_since: dict[str, float] = {}
        self._serving: asyncio.Task[None] | None = None
        self._closing = False
        self._broken = False
        self._under_way: set[Batch] = set()
        self._turn = asyncio.Lock()
        self._busy = asyncio.Event()

    async def start(self) -> None:
        """Make the producer; it connects on its own, and waits for brokers that are away.

        Raises:
            ConfigError: librdkafka does not take an option.
            Refused: the password cannot be read.
        """
        self._producer = self._connect()
        self._serving = asyncio.get_running_loop().create_task(self._serve())

    @property
    def failed(self) -> bool:
        """Whether the publisher itself has failed: it stays so, and another one must take its place."""
        return self._broken

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
            Refused: credentials, permissions or the topic are missing; a verified topic, for half a minute.
            ReflexarcError: the publisher itself has failed, and stays so; its log says why.
        """
        (outcome,) = await self.publish_many((Outgoing(topic, value, key, tuple(headers)),))
        if isinstance(outcome, PublishRejected):
            raise outcome
        return outcome

    async def publish_many(self, records: Sequence[Outgoing]) -> list[Position | PublishRejected]:
        """Store ``records``; returns one outcome each, in their order, once all are known.

        Raises:
            Unconfirmed: at least one was not confirmed in time (an ``Unreachable``). What had not been handed over by
                then is not stored; of what had, librdkafka may have stored a later one.
            Unreachable: the publisher is closing.
            Refused: credentials, permissions or a topic are missing.
            ReflexarcError: the publisher itself has failed, and stays so; its log says why.
        """
        if not records:
            return []
        batch = Batch(len(records))
        async with self._turn:
            for index, record in enumerate(records):
                if batch.done.done():  # given up
                    break
                if batch.failure is not None:  # what comes behind a hole would look as if nothing were missing
                    batch.settle(index, batch.failure)
                    continue
                while not self._enqueue(batch, index, record):
                    self._poll()
                    await asyncio.sleep(_TURN)
                if index % _SLICE == _SLICE - 1:
                    await asyncio.sleep(0)
        if batch.done.done():
            await asyncio.sleep(0)  # who tries again at once must not keep the producer from being replaced
        await batch.done
        return batch.results()

    async def close(self, *, timeout: float = 10.0) -> None:  # noqa: ASYNC109 - giving up is part of the contract
        """Wait for what is under way, then end. Calling it again, or without ``start``, does nothing.

        Args:
            timeout: seconds after which the rest is given up; its callers get ``Unreachable``.
        """
        if self._serving is None:
            return
        self._closing = True
        if not await self._settled(timeout):
            self._producer.purge()
            await self._settled(_REMAINS)
        self._serving.cancel()
        with suppress(asyncio.CancelledError):
            await self._serving
        self._serving = None
        await asyncio.to_thread(_end(self._producer).join, _REMAINS)
        # Also wakes who still waits for room, to be turned away.
        self._give_up(self._under_way, Unreachable("the publisher was closed before a broker confirmed the record"))

    def _enqueue(self, batch: Batch, index: int, record: Outgoing) -> bool:
        """Hand one record to librdkafka; False while it takes none."""
        if self._closing:
            raise Unreachable("the publisher is closing", cure="publish again after the restart")
        if self._broken:
            raise _failed()
        topic, value, key, headers, partition = record
        limit = self._limits.get(topic)
        if limit is not None and not record.fits(limit):
            batch.settle(index, PublishRejected(f"record of {record.size} bytes; {topic} takes at most {limit}"))
            return True
        report = partial(self._reported, batch, index, topic)
        given = headers if type(headers) is list else list(headers)  # librdkafka's binding takes nothing else
        try:
            self._producer.produce(topic, value, key, partition, report, headers=given)
        except BufferError:
            if self._under_way:
                return False
            batch.settle(index, PublishRejected(f"record of {record.size} bytes exceeds queue.buffering.max.kbytes"))
        except KafkaException as raised:
            error: KafkaError = raised.args[0]
            if error.name() == "_FATAL" and not self._connection.ended:
                return False  # the next look for reports hears the reason
            batch.settle(index, self._explain(error, topic))
        else:
            if not batch.under_way:
                self._under_way.add(batch)
                self._busy.set()
            batch.under_way += 1
        return True

    def _reported(self, batch: Batch, index: int, topic: str, error: KafkaError | None, message: Message) -> None:
        """Delivery report, called while the event loop polls."""
        batch.under_way -= 1
        if not batch.under_way:
            self._under_way.discard(batch)
        if error is None and message.offset() is not None:
            batch.store(index, message)
            if self._missing_since:
                self._missing_since.pop(topic, None)
            if self._connection.trouble is not None:
                self._connection.works()
        elif error is None:
            # Seen with a leader that was not ready yet: taken for stored because a later batch was, and not in the log.
            batch.settle(index, Unreachable(f"{topic} has not said where it stored a record", cure=_UNSAID))
        else:
            batch.settle(index, self._explain(error, topic))

    def _connect(self) -> Producer:
        connection = Connection()
        properties = options.producer(self._config, client_id=self._client_id, on_error=connection.heard)
        producer = options.construct(Producer, properties)
        self._connection = connection
        return producer

    async def _serve(self) -> None:
        """Take reports, errors and logs until ``close``."""
        try:
            while True:
                self._poll()
                if self._connection.ended and not len(self._producer):
                    await self._renew()
                await self._rest()
        except Exception:  # noqa: BLE001 - its last word: nobody may wait for it for ever
            LOGGER.exception("the publisher has failed")
            self._broken = True
            self._producer.purge()  # what is left must not hold up the end
            self._give_up(self._under_way, _failed())

    async def _rest(self) -> None:
        if self._under_way:
            await asyncio.sleep(_TURN)
            return
        self._busy.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_REST):
                await self._busy.wait()

    def _poll(self) -> None:
        """Have what came since the last time reported."""
        try:
            self._producer.poll(0)
        except (KafkaException, SystemError) as raised:  # fatal: all that is under way is given up, its reports follow
            self._connection.heard(reason(raised))

    async def _renew(self) -> None:
        """Replace the producer after a fatal error; publishing is refused until then."""
        # The SystemError of a fatal error may have cost reports: these batches would wait for them for ever.
        self._give_up(self._under_way, Unreachable("a fatal error", cure=_AGAIN))
        await asyncio.sleep(_RENEWAL)
        ended = self._producer
        try:
            self._producer = self._connect()
        except ReflexarcError as error:
            LOGGER.error("cannot replace the producer: %s", error)
        else:
            _end(ended)

    def _give_up(self, batches: Collection[Batch], cause: ReflexarcError) -> None:
        """Tell the callers of ``batches``."""
        for batch in tuple(batches):
            self._under_way.discard(batch)
            batch.give_up(cause)

    def _explain(self, error: KafkaError, topic: str) -> ReflexarcError:
        cause = explain(error, doing=f"publish to {topic}", config=self._config, connection=self._connection)
        if error.name() in UNKNOWN and topic in self._limits:
            # One answer of one broker is enough for librdkafka to fail all that is under way to a topic it has known.
            now = monotonic()
            if now - self._missing_since.setdefault(topic, now) < _UNHEARD:
                return Unreachable(cause.message, cure=_LAGS)
        if isinstance(cause, PublishRejected | Refused | Unreachable):
            return cause
        return Unreachable(cause.message, cure=_AGAIN)

    async def _settled(self, seconds: float) -> bool:
        """Wait until nothing is under way, or so long; whether nothing is."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while self._under_way:  # noqa: ASYNC110 - reports are polled for
                    await asyncio.sleep(_TURN)
        return not self._under_way


def _end(producer: Producer) -> threading.Thread:
    """Close it in a thread of its own, for it may take its time; that thread holds up nobody's end."""
    thread = threading.Thread(target=_close, args=(producer,), name="kafka-publisher", daemon=True)
    thread.start()
    return thread


def _close(producer: Producer) -> None:
    try:
        producer.close()
    except (KafkaException, SystemError) as raised:  # it had met a fatal error
        LOGGER.debug("an ended producer: %s", raised)


def _failed() -> ReflexarcError:
    return ReflexarcError("the publisher has failed", cure="start the process again; its log says why")
