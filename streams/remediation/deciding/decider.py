"""The role: hears requests, outcomes and answers, decides one after the other, remembers, and tells."""

from __future__ import annotations

import asyncio
import logging
from time import monotonic, time
from typing import TYPE_CHECKING, Final

from clients.kafka.errors import PublishRejected
from schemas import topics
from schemas.errors import InvalidEvent, Refused, Unreachable
from schemas.remediation.answer import Answer
from schemas.remediation.decision import Decision
from schemas.remediation.heard import heard
from schemas.remediation.model import InvalidRemediation
from schemas.remediation.outcome import Outcome
from schemas.remediation.request import request_id
from schemas.remediation.signature import Unsigned
from schemas.remediation.undo import source
from streams import metrics
from streams.guard.commanded import PREFIX
from streams.guard.ledger import Ledger
from streams.remediation.deciding.answered import answered
from streams.remediation.deciding.diary import Diary
from streams.remediation.deciding.share import Share
from streams.remediation.deciding.telling import telling
from streams.remediation.kept import Kept
from streams.transport.lease import Revoked
from streams.transport.sent import CHUNK_LEASE
from streams.transport.tick import is_tick, tick

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from schemas.control import Pause
    from schemas.keys import Key
    from schemas.remediation.entity import Entity
    from schemas.remediation.request import Request
    from streams.guard.guard import Guard
    from streams.guard.refusal import Refusal
    from streams.remediation.voice import Voice
    from streams.transport import Chunk, Lease, Record
    from streams.transport.app import TransportApp

PORTION: Final = 32
"""Requests that are decided before something urgent gets its turn."""

LOOK: Final = 1.0
"""Seconds between two looks at what has expired."""

AGAIN: Final = 30.0
"""Seconds after which a tick that has brought nothing is sent again."""

LATE: Final = 60.0
"""Seconds beyond its expiry after which a parked request looks stuck."""

log = logging.getLogger(__name__)


class Decider:
    """Decides for the scopes whose partitions are ours.

    Args:
        voice: tells what is decided.
        app: reads both topics of requests; it must not have started.
        guard: the limits.
        paused: the kill switch, as it is known now.
        ring: keys that answers are signed with; without any no answer is believed.
        who: the one name of a person, by the way they come.
        known: the entity with what the inventory knows of it beside.
        sinks: names of those that may be asked to take something back.
        patience: seconds that a request may wait for a person.
        clock: seconds since 1970.
    """

    def __init__(
        self,
        voice: Voice,
        app: TransportApp,
        guard: Guard,
        *,
        paused: Callable[[], Pause | None],
        ring: Callable[[], Sequence[Key]],
        who: Callable[[str], str],
        known: Callable[[Entity], Entity],
        sinks: Collection[str],
        patience: float,
        clock: Callable[[], float] = time,
    ) -> None:
        self._voice = voice
        self._prefix = prefix = voice.prefix
        self._app = app
        self._guard = guard
        self._paused = paused
        self._ring = ring
        self._who = who
        self._known = known
        self._patience = patience + LATE
        self._clock = clock
        self._kept = Kept(app, topics.DECISIONS, topics.decisions(prefix), Decision, lambda decision: decision.id)
        self._diary = Diary(voice, app, ring, sinks)
        self._shares: dict[int, Share] = {}
        self._woken: dict[int, float] = {}
        self._trouble = ""
        for urgent in (True, False):
            app.consume(topics.requests(prefix, urgent=urgent), "urgent" if urgent else "requests", self.hear)

    async def hear(self, chunk: Chunk) -> None:
        """Deal with every record of the chunk.

        Raises:
            Revoked: the partition left before that.
        """
        if not chunk.lease.open:  # What was remembered of the partition may be its next owner's by now.
            raise Revoked
        share = self._share(chunk.lease, chunk.records[0])
        for begin in range(0, len(chunk.records), PORTION):
            async with share.turn, chunk.lease.work():
                finished = [
                    record.offset
                    for record in chunk.records[begin : begin + PORTION]
                    if self._take(share, chunk.lease, record)
                ]
                chunk.lease.done_all(finished)
            await asyncio.sleep(0)  # what is urgent takes its turn

    async def watch_the_clock(self) -> None:
        """Refuse what nobody has approved in time, ask for what is due, forget what is long past, until cancelled."""
        while True:
            await asyncio.sleep(LOOK)
            await self._wake()
            for share in tuple(self._shares.values()):
                if share.lease is not None:
                    await self._look(share, share.lease)
                elif self._shares.get(share.number) is share:  # Another may have taken its place during a look.
                    del self._shares[share.number]

    async def _wake(self) -> None:
        """Have partitions in which something is to be done at a time brought to us: a lease comes with records only."""
        now = monotonic()
        late = [number for number in self._diary.unclaimed() if now - self._woken.get(number, float("-inf")) > AGAIN]
        if not late:
            return
        ticks = [tick(topics.requests(self._prefix, urgent=True), number) for number in late]
        try:
            outcomes = await self._app.publisher.publish_many(ticks)
        except Unreachable as error:
            log.warning("what is due cannot be asked for: %s", error)
            return
        except Refused as error:
            self._trouble = str(error)
        else:
            self._trouble = next((str(each) for each in outcomes if isinstance(each, PublishRejected)), "")
        self._woken |= dict.fromkeys(late, now)
        if self._trouble:
            log.warning("what is due cannot be asked for: %s", self._trouble)

    def problems(self) -> list[str]:
        """What keeps this from asking for what is due; for ``Health``."""
        waits = self._trouble and self._diary.unclaimed()
        return [f"what is due cannot be asked for: {self._trouble}"] if waits else []

    async def _look(self, share: Share, lease: Lease) -> None:
        context = CHUNK_LEASE.set(lease)
        try:
            async with share.turn, lease.work():
                now = self._clock()
                for decision in self._guard.expire(share.ledger, now):
                    self._settle(share, decision)
                if self._paused() is None:
                    self._diary.ask(share.number, share.appointments, now)
                self._kept.forget(share.number, share.ledger.prune(now))
        except Revoked:
            log.debug("partition %d was revoked before what has expired was refused", share.number)
        finally:
            CHUNK_LEASE.reset(context)

    def _share(self, lease: Lease, record: Record) -> Share:
        share = self._shares.get(record.partition)
        if share is None or not share.serves(record.topic, lease):
            ledger, entries = Ledger(self._kept.left(record.partition)), self._diary.left(record.partition)
            share = self._shares[record.partition] = Share(record.partition, ledger, entries)
            share.serves(record.topic, lease)
        lease.patience = self._patience
        return share

    def _take(self, share: Share, lease: Lease, record: Record) -> bool:
        """Deal with one record; whether it is finished."""
        if is_tick(record):
            return True
        try:
            given = heard(record.value)
            if isinstance(given, Outcome):
                given.believe(self._ring())
                self._hear_outcome(share, given)
                return True
            if isinstance(given, Answer):
                given.verify(self._ring())
                self._hear_answer(share, given.model_copy(update={"person": self._who(given.person)}), record)
                return True
            _check(given)
            self._believe(given)
            if given.undo is not None:
                given.undo.verify(self._ring())
                given.undo.check(given, source(self._prefix))
            given = given.model_copy(update={"requester": self._who(given.requester)})
            return self._decide(share, lease, record, given)
        except (InvalidRemediation, InvalidEvent, Unsigned) as error:
            self._disbelieve(share, record, str(error))
            return True

    def _believe(self, request: Request) -> None:
        """Return if nobody stands behind a request, or somebody who has been verified; behind a verb somebody does."""
        if request.errand is None and not request.sink.startswith(PREFIX):
            return
        if not (ring := self._ring()):
            raise Unsigned("asks in a person's name, and there is no remediation.answer_key to know it by")
        request.believe(ring)

    def _decide(self, share: Share, lease: Lease, record: Record, request: Request) -> bool:
        decision = share.ledger.get(request.id)
        if decision is None:
            if request.entity is not None:
                request = request.model_copy(update={"entity": self._known(request.entity)})
            decision = self._guard.decide(request, share.ledger, self._clock(), paused=self._paused())
            self._remember(share, decision, request)
        if decision.verdict == "parked":
            share.hold(request.id, lease, record)
            return False
        return True

    def _hear_outcome(self, share: Share, outcome: Outcome) -> None:
        decision = self._guard.hear(outcome, share.ledger, self._clock())
        if decision is not None:
            changes = self._diary.hear(share.number, share.appointments, outcome, decision)
            self._kept.put(share.number, decision, changes)
            share.ledger.put(decision)

    def _hear_answer(self, share: Share, answer: Answer, record: Record) -> None:
        before = share.ledger.get(answer.id)
        reply = self._guard.answer(answer, share.ledger, self._clock(), paused=self._paused())
        said = answered(answer, reply, before)
        if (
            said is not None
            and answer.errand is not None
            and (spoken := self._voice.said(answer.errand, said, step="answered", at=self._clock()))
        ):
            self._kept.tell(share.number, spoken)
        if reply.refusal is not None:
            self._leave(share, answer, before, reply.refusal, record)
        elif reply.decision is not None and reply.decision != before:
            self._settle(share, reply.decision)

    def _leave(self, share: Share, answer: Answer, decision: Decision | None, no: Refusal, record: Record) -> None:
        """Tell that an answer has changed nothing."""
        log.warning("%s: %s has answered %s in vain: %s", record.position, answer.person, answer.id, no.reason)
        request = decision.request if decision is not None else None
        told = self._voice.unanswered(answer, no, request, place=record.position, at=self._clock())
        self._kept.tell(share.number, told)

    def _settle(self, share: Share, decision: Decision) -> None:
        """Replace a parked decision by a final one."""
        parked = share.ledger.get(decision.id)
        if parked is None or parked.request is None:
            return
        self._remember(share, decision, parked.request)
        place = share.release(decision.id)
        if place is not None and place.lease.open:
            place.lease.done(place.offset)

    def _remember(self, share: Share, decision: Decision, request: Request) -> None:
        first = share.ledger.get(decision.id) is None
        order = self._guard.order(decision, request)
        order = None if order is None else order.signed(self._ring())
        configuration = self._guard.configuration(request.sink)
        tell = telling(self._voice, decision, request, order, configuration=configuration, first=first)
        self._kept.put(share.number, decision, tell)  # First: what cannot be written is not remembered either.
        share.ledger.put(decision)
        metrics.DECISIONS.labels(request.sink, decision.verdict, decision.rule).inc()

    def _disbelieve(self, share: Share, record: Record, reason: str) -> None:
        log.warning("%s: %s", record.position, reason)
        self._kept.tell(share.number, self._voice.strange(record.position, reason, at=self._clock()))


def _check(request: Request) -> None:
    if request.id != request_id(request.sink, request.cause.source, request.cause.id, request.part):
        raise InvalidRemediation("its id is not that of its sink and event, and of its part")
