"""The role: reads what was decided, does it once, and tells how it ended."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from time import time
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from clients.kafka.record import Outgoing
from clients.vsphere.target import REFERENCES
from schemas import topics
from schemas.remediation.intent import Intent
from schemas.remediation.model import InvalidRemediation
from schemas.remediation.order import Order
from schemas.remediation.outcome import Outcome
from schemas.remediation.signature import Unsigned
from sinks.completion import completed
from sinks.vsphere.actions import ACTIONS, parameters
from streams import metrics
from streams.remediation.executing.attempt import Attempt
from streams.remediation.executing.ending import Ending
from streams.remediation.executing.expiry import appointment
from streams.remediation.executing.journal import Journal
from streams.remediation.executing.notebook import Notebook, bounded
from streams.remediation.executing.share import Share
from streams.remediation.kept import Kept
from streams.transport.lease import Revoked
from streams.transport.sent import CHUNK_LEASE

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from concurrent.futures import Executor as Threads

    from schemas.control import Pause
    from schemas.keys import Key
    from schemas.remediation.appointment import Appointment
    from schemas.remediation.decision import State
    from sinks.remediation import RemediationSinkConfig
    from streams.guard.guard import Guard
    from streams.remediation.executing.hands import Hands
    from streams.remediation.executing.turns import Turns
    from streams.remediation.voice import Voice
    from streams.transport import Chunk, Lease, Record
    from streams.transport.app import TransportApp

T = TypeVar("T")

LONGEST: Final = 2000
"""Characters of a reason."""

log = logging.getLogger(__name__)


class Executor:
    """Carries out the actions of the partitions that are ours.

    Args:
        voice: tells of them.
        app: reads the actions; it must not have started.
        hands: what is done with vSphere.
        guard: the limits, as they are configured now.
        turns: how much at once.
        sinks: what is configured of those that ask, by name.
        threads: where calls block.
        paused: the kill switch, as it is known now.
        ring: keys that orders and outcomes are signed with; without any they are not.
        stop_file: while it is there nothing is begun.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        voice: Voice,
        app: TransportApp,
        hands: Hands,
        guard: Guard,
        *,
        turns: Turns,
        sinks: Mapping[str, RemediationSinkConfig],
        threads: Threads,
        paused: Callable[[], Pause | None],
        ring: Callable[[], Sequence[Key]],
        stop_file: str | None,
        clock: Callable[[], float] = time,
    ) -> None:
        self._voice = voice
        self._prefix = prefix = voice.prefix
        self._app = app
        self._hands = hands
        self._guard = guard
        self._turns = turns
        self._sinks = sinks
        self._threads = threads
        self._paused = paused
        self._ring = ring
        self._stop_file = None if stop_file is None else Path(stop_file)
        self._clock = clock
        self._kept = Kept(app, topics.JOURNAL, topics.journal(prefix), Intent, lambda intent: intent.id)
        self._shares: dict[int, Share] = {}
        app.consume(topics.actions(prefix), "actions", self.take)

    async def take(self, chunk: Chunk) -> None:
        """Begin with every order of the chunk, or go on with it.

        Raises:
            Revoked: the partition left before that.
        """
        if not chunk.lease.open:  # What was written down may be its next owner's by now.
            raise Revoked
        share = self._share(chunk.lease, chunk.records[0].partition)
        async with chunk.lease.work():
            chunk.lease.done_all([record.offset for record in chunk.records if self._has_ended(share, record)])
            self._kept.forget(share.number, share.journal.prune(self._clock()))

    def _share(self, lease: Lease, number: int) -> Share:
        share = self._shares.get(number)
        if share is None or share.lease is not lease:
            share = self._shares[number] = Share(lease, number, Journal(self._kept.left(number)))
            lease.patience = max((sink.action_timeout for sink in self._sinks.values()), default=0.0)
            for intent in share.journal.unfinished():
                if intent.order is not None:
                    share.run(intent.id, self._see_through(share, intent.order))
        return share

    def _has_ended(self, share: Share, record: Record) -> bool:
        """Take up an order; whether nothing is left to be done for it."""
        try:
            order = _order(record)
            order.believe(self._ring())
        except (InvalidRemediation, Unsigned) as error:
            log.warning("%s: %s", record.position, error)
            self._kept.tell(share.number, self._voice.strange(record.position, str(error), at=self._clock()))
            return True
        intent = share.journal.get(order.id)
        if intent is not None and intent.stage == "ended":
            return True
        share.hold(order.id, record.offset)
        if order.id not in share:
            share.run(order.id, self._see_through(share, order))
        return False

    async def _see_through(self, share: Share, order: Order) -> None:
        CHUNK_LEASE.set(share.lease)
        try:
            ending = await self._known_ending(share, order)
            async with share.lease.work():
                self._end(share, order, ending)
        except Revoked:
            log.debug("action %s goes on elsewhere", order.id)
        except Exception as error:  # noqa: BLE001 - an action that nobody looks after would never end
            self._app.fail(error)

    async def _known_ending(self, share: Share, order: Order) -> Ending:
        """How it ends, also by a fault of ours: one order must not end them all."""
        try:
            return await self._ending(share, order)
        except Revoked:
            raise
        except Exception as error:
            log.exception("action %s", order.id)
            state: State = "failed" if share.journal.get(order.id) is None else "unknown"
            return Ending(state, f"a fault of reflexarc, see the log of role execute: {type(error).__name__}")

    async def _ending(self, share: Share, order: Order) -> Ending:
        if unknown := _unknown(order, self._hands.vcenters):
            return Ending("refused" if share.journal.get(order.id) is None else "unknown", unknown)
        async with self._turns.turn(order.request):
            return await self._attempt(share, order)

    async def _attempt(self, share: Share, order: Order) -> Ending:
        sink = self._sinks.get(order.request.sink)
        intent = share.journal.get(order.id)
        if sink is None:
            reason = f"no sink is called {order.request.sink} any more"
            return Ending("refused" if intent is None else "unknown", reason)
        attempt = Attempt(
            order,
            self._hands,
            Notebook(
                self._voice,
                self._kept,
                share,
                blocking=self._blocking,
                halted=self._halted,
                ring=self._ring,
                clock=self._clock,
            ),
            halted=self._halted,
            objection=self._guard.objection,
            dry_run=order.dry_run or self._guard.dry_run(sink.name),
            blocking=self._blocking,
            timeout=sink.action_timeout,
            clock=self._clock,
        )
        if intent is None:
            return await attempt.carry_out()
        log.info("action %s goes on: %s", order.id, intent.stage)
        return await attempt.resume(intent)

    def _halted(self) -> str | None:
        try:
            if self._stop_file is not None and self._stop_file.exists():
                return f"remediation is stopped: {self._stop_file} is there"
        except OSError as error:
            return f"remediation is stopped: {self._stop_file} cannot be looked for: {error.strerror}"
        pause = self._paused()
        return None if pause is None else f"remediation is paused by {pause.actor}: {pause.reason}".rstrip(": ")

    async def _blocking(self, call: Callable[[], T]) -> T:
        job = self._threads.submit(call)
        return await completed(asyncio.wrap_future(job), recall=job.cancel)

    def _end(self, share: Share, order: Order, ending: Ending) -> None:
        now = self._clock()
        ending = ending._replace(reason=ending.reason[:LONGEST])
        expiry = appointment(order, share.journal.get(order.id), ending, now)
        intent = Intent(id=order.id, stage="ended", at=now, state=ending.state, reason=ending.reason, task=ending.task)
        share.journal.put(intent)
        self._kept.put(share.number, intent, self._telling(order, ending, expiry, now))
        share.lease.done_all(share.released(order.id))
        metrics.ACTIONS.labels(order.request.sink, order.request.action, ending.state).inc()
        log.info("action %s: %s: %s", order.id, ending.state, ending.reason or ", ".join(ending.changes))

    def _telling(self, order: Order, ending: Ending, expiry: Appointment | None, now: float) -> Iterator[Outgoing]:
        request, state, reason = order.request, ending.state, ending.reason
        outcome = Outcome(id=order.id, scope=request.scope, state=state, reason=reason, at=now, appointment=expiry)
        word = outcome.signed(self._ring())
        yield Outgoing(topics.requests(self._prefix, urgent=True), word.encode(), request.scope.encode())
        more: dict[str, Any] = {"dryRun": order.dry_run, "configuration": order.configuration}
        said = ending._asdict() | {"changes": bounded(ending.changes)}
        more |= {name: value for name, value in said.items() if value and name != "state"}
        more |= {"expires": expiry.due} if expiry else {}
        yield from self._voice.told(ending.state, request, at=now, more=more)


def _order(record: Record) -> Order:
    order = Order.decode(record.value)
    entity = order.request.entity
    if entity is None or order.id != order.request.id:
        raise InvalidRemediation("is about nothing")
    return order


def _unknown(order: Order, vcenters: Collection[str]) -> str | None:
    """What is not known here of what is asked, in words."""
    request = order.request
    if request.action not in ACTIONS:
        return f"no action is called {request.action} here"
    if request.entity is None or request.entity.kind not in REFERENCES:
        return f"nothing is done to a {request.entity.kind if request.entity else 'nothing'} here"
    if request.entity.vcenter not in vcenters:
        return f"no vCenter is called {request.entity.vcenter} any more"
    try:
        parameters(request.action).model_validate(request.parameters)
    except ValidationError:
        return f"{request.action} is told something that it does not know here"
    return None
