"""The delivery engine of one sink: lanes of one key each, tried until the sink or its dead letters have every event."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING

from schemas.cloudevents import kafka
from schemas.errors import DeliveryError, InvalidEvent, ReflexarcError, Reject, Unavailable, Unreachable
from streams.delivery.circuit import Circuit
from streams.delivery.gate import Gate
from streams.delivery.joint import by_answer, leaves_open
from streams.delivery.lanes import Lanes
from streams.delivery.metrics import SinkMetrics
from streams.delivery.pace import Pace
from streams.delivery.policy import delay
from streams.transport import Revoked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.config import SinkConfig
    from streams.delivery.destination import Destination, Outcome
    from streams.delivery.lane import Lane
    from streams.delivery.outlet import Outlet
    from streams.delivery.partition import Partition
    from streams.transport import Chunk, Record

log = logging.getLogger(__name__)


class Delivery:
    """Delivers the chunks of one sink's topic.

    Args:
        config: how patiently and how broadly the sink is served.
        destination: the connector.
        outlet: where dead letters and replies go.
        fail: is told of an error that nobody here knows, which ends the app.
    """

    def __init__(
        self, config: SinkConfig, destination: Destination, outlet: Outlet, fail: Callable[[BaseException], None]
    ) -> None:
        self._config = config
        self._destination = destination
        self._outlet = outlet
        self._fail = fail
        self._lanes = Lanes(ordered=config.ordered, hire=self._hire)
        self._gate = Gate()
        self._circuit = Circuit()
        self._pace = Pace(config.rate) if config.rate else None
        self._workers: set[asyncio.Task[None]] = set()
        self._closing = False
        self._metrics = SinkMetrics(config.name, busy=self._busy)

    async def deliver(self, chunk: Chunk) -> None:
        """Let every record of a sink's topic wait for its turn; does not wait for deliveries.

        Raises:
            Revoked: the partition has left.
        """
        self._take(self._lanes.partition(chunk.lease), chunk.records)

    async def choose(self, chunk: Chunk, select: Callable[[Record], Record | Reject | None]) -> None:
        """Let those records of the events wait for their turn that ``select`` says are the sink's, as it makes them.

        Raises:
            Revoked: the partition has left.
        """
        partition = self._lanes.partition(chunk.lease)
        chosen, passed = [], []
        for record in chunk.records:
            selected = select(record)
            if selected is None:
                passed.append(record.offset)
            elif isinstance(selected, Reject):
                done = partial(partition.done, record.offset)
                await self._outlet.bury(chunk.lease, record, selected, attempts=0, done=done, raw=True)
            else:
                chosen.append(selected)
        if passed:
            partition.pass_over(passed)
        self._take(partition, chosen)

    def pause(self, *, paused: bool) -> None:
        """Let no attempt begin, or go on; by an operator's will."""
        self._gate.pause(paused=paused)
        self._metrics.paused.set(paused)

    async def close(self) -> None:
        """End every worker; what they had in hand comes again."""
        self._closing = True
        self._gate.forget()
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        self._metrics.close()

    def _take(self, partition: Partition, records: Sequence[Record]) -> None:
        new, repeated = [], []
        for record in records:
            if partition.origins.fresh(record):
                new.append(record)
            else:
                repeated.append(record.offset)
        if repeated:
            self._metrics.repeated.inc(len(repeated))
            partition.pass_over(repeated)
        self._lanes.add(partition, new)

    def _busy(self) -> int:
        return len(self._workers) - self._lanes.idle

    def _hire(self) -> None:
        if not self._closing and len(self._workers) < max(1, self._config.in_flight // self._destination.batch):
            self._workers.add(asyncio.get_running_loop().create_task(self._work(), name=f"deliver {self._config.name}"))

    async def _work(self) -> None:
        batch, lanes, gate = self._destination.batch, self._lanes, self._gate
        try:
            while True:
                lane = await lanes.next()
                probe = not gate.free and await gate.enter()
                if self._pace is not None:
                    await self._pace.turn()
                    probe = probe or (not gate.free and await gate.enter())
                if not lane.partition.lease.open:
                    lanes.drop(lane)
                    if probe:
                        gate.shut(0)
                    continue
                if batch > 1 and not probe and not lane.trial.alone:
                    await self._serve([lane, *lanes.more(batch - 1)])
                else:
                    await self._serve_one(lane)
                if self._circuit.open:
                    gate.shut(delay(self._config, self._circuit.outages))
        except asyncio.CancelledError:
            if not self._closing:
                self._fail(ReflexarcError(f"a worker of {self._config.name} was cancelled from within"))
            raise
        except Exception as error:  # noqa: BLE001 - nobody awaits this task
            self._fail(error)

    async def _serve_one(self, lane: Lane) -> None:
        """One attempt at the head of a lane, and what follows from it."""
        record, began = lane.head, monotonic()
        try:
            event = _event(record)
            if isinstance(event, Reject):
                await self._bury(lane, event, attempts=0)
                return
            async with lane.partition.lease.work():
                outcome = await self._settled(lane, await self._destination.send(event))
                if outcome is None:
                    lane.partition.done(record.offset)
            await self._conclude(lane, outcome, began)
        except Revoked:
            self._lanes.drop(lane)

    async def _serve(self, lanes: Sequence[Lane]) -> None:
        """One attempt at the heads of several lanes."""
        events = {lane: event for lane in lanes if (event := await self._readable(lane)) is not None}
        if not events:
            return
        outcomes: dict[Lane, DeliveryError | None] = {}
        began = monotonic()
        try:
            async with AsyncExitStack() as works:
                for lease in dict.fromkeys(lane.partition.lease for lane in events):
                    await works.enter_async_context(lease.work())
                for lane, outcome in zip(
                    events, await self._destination.send_batch(tuple(events.values())), strict=True
                ):
                    outcomes[lane] = await self._settled(lane, outcome)
                    if outcomes[lane] is None:
                        lane.partition.done(lane.head.offset)
        except Revoked:
            # Of several partitions one has left: the others' events are tried again, without it.
            for lane in events.keys() - outcomes.keys():
                if lane.partition.lease.open:
                    self._lanes.put(lane)
                else:
                    self._lanes.drop(lane)
        await self._conclude_all(outcomes, began)

    async def _conclude_all(self, outcomes: Mapping[Lane, DeliveryError | None], began: float) -> None:
        """What follows from an attempt for several."""
        for settled, company in by_answer(outcomes):
            if len(company) > 1 and settled is not None and leaves_open(settled):
                self._part(company, settled, began)
                continue
            for lane in company:
                with self._dropped_when_revoked(lane):
                    await self._conclude(lane, settled, began)

    async def _readable(self, lane: Lane) -> CloudEvent | None:
        event = _event(lane.head)
        if not isinstance(event, Reject):
            return event
        with self._dropped_when_revoked(lane):
            await self._bury(lane, event, attempts=0)
        return None

    @contextmanager
    def _dropped_when_revoked(self, lane: Lane) -> Iterator[None]:
        try:
            yield
        except Revoked:
            self._lanes.drop(lane)

    async def _settled(self, lane: Lane, outcome: Outcome) -> DeliveryError | None:
        """The outcome, once the replies that came with it are stored: not before that is the event delivered."""
        if outcome is None or isinstance(outcome, DeliveryError):
            return outcome
        for tries in count(1):
            try:
                await self._outlet.reply(outcome.replies)
            except Unreachable as error:
                log.error("%s: a reply is not stored yet: %s", self._config.name, error)  # noqa: TRY400
                if not lane.partition.lease.open:
                    return Unavailable(f"its reply cannot be stored: {error}")
                await asyncio.sleep(delay(self._config, tries))
            else:
                break
        return None

    async def _conclude(self, lane: Lane, outcome: DeliveryError | None, began: float) -> None:
        """What follows from an attempt."""
        circuit, trial = self._circuit, lane.trial
        self._metrics.attempted(began)
        if outcome is None:
            self._metrics.delivered.inc()
            if circuit.passed(began):
                self._answers()
            self._lanes.advance(lane)
        elif isinstance(outcome, Unavailable):
            if circuit.away(began):
                self._is_away(outcome)
            self._lanes.put(lane)
        elif isinstance(outcome, Reject):
            if circuit.passed(began):
                self._answers()
            await self._bury(lane, outcome, attempts=trial.attempts + 1)
        else:
            was_open = circuit.open
            if circuit.failed(trial, began, outcome, retry=self._config.retry):
                if not was_open:
                    self._is_away(outcome)
                self._lanes.put(lane)
                return
            trial.attempts += 1
            if trial.attempts > self._config.retry:
                await self._bury(lane, outcome, attempts=trial.attempts)
            else:
                pause = delay(self._config, trial.attempts, getattr(outcome, "after", None))
                asyncio.get_running_loop().call_later(pause, self._lanes.put, lane)

    def _part(self, lanes: Sequence[Lane], failure: DeliveryError, began: float) -> None:
        """Have each of them tried alone: an attempt that failed because of one counts against none."""
        circuit, away = self._circuit, False
        self._metrics.attempted(began)
        if isinstance(failure, Reject):
            if circuit.passed(began):
                self._answers()
        else:
            was_open = circuit.open
            away = circuit.failed(lanes[0].trial, began, failure, retry=self._config.retry)
            if away and not was_open:
                self._is_away(failure)
        for lane in lanes:
            lane.trial.alone = True
            if away or isinstance(failure, Reject):
                self._lanes.put(lane)
            else:
                asyncio.get_running_loop().call_later(delay(self._config, 1), self._lanes.put, lane)

    async def _bury(self, lane: Lane, failure: DeliveryError, *, attempts: int) -> None:
        partition, record = lane.partition, lane.head
        await self._outlet.bury(
            partition.lease, record, failure, attempts=attempts, done=lambda: partition.done(record.offset)
        )
        self._destination.forget(record)
        self._lanes.advance(lane)

    def _is_away(self, failure: DeliveryError) -> None:
        log.warning("%s is away, waiting: %s", self._config.name, failure.reason)
        self._metrics.up(up=False, status=failure.status)
        self._gate.shut(delay(self._config, self._circuit.outages))

    def _answers(self) -> None:
        log.info("%s answers again", self._config.name)
        self._metrics.up(up=True)
        self._gate.open()


def _event(record: Record) -> CloudEvent | Reject:
    try:
        return kafka.from_message(record.headers, record.value)
    except InvalidEvent as error:
        return Reject(str(error))
