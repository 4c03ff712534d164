"""Leases that come to an end: machines are looked at now and then, and what is due is asked for, or told."""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from datetime import datetime
from time import time
from typing import TYPE_CHECKING, Any, ClassVar, Final

from clients.kafka.record import Outgoing
from clients.vsphere.faults import VsphereFault
from clients.vsphere.queries.leased import leased
from schemas import topics
from schemas.commands.errand import SAID, Errand
from schemas.errors import ReflexarcError
from schemas.remediation.cause import Cause
from schemas.remediation.request import Request, request_id
from streams.commanding import audit, owners
from streams.commanding.away import put_away
from streams.commands.leases import END, QUARANTINE, notice
from streams.commands.placement import instant
from streams.commands.term import DAY, due, moment
from streams.commands.undoing import PERSON
from streams.guard import commanded
from streams.remediation.replies import reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from clients.kafka.publisher import Publisher
    from clients.vsphere.queries.leased import Leased
    from schemas.config.commands import CommandsConfig
    from schemas.keys import Key
    from sinks.remediation.resolver import Resolved
    from streams.commanding.known import Known
    from streams.commanding.targets import Targets
    from streams.commanding.watch import Watch
    from streams.commands.term import Due, Stage

TYPE: Final = "com.reflexarc.lease.due"
"""Of the event that such a request is for; no record of its own tells of it."""

VERBS: Final[dict[Stage, str]] = {"warn": "lease", "end": END, "quarantine": QUARANTINE}
"""By stage."""

MOST: Final = 20_000
"""Stages that are remembered as asked for; the oldest are forgotten first, and asked for once more."""

REMEMBERED: Final = 3
"""Days for which the watch may know when a machine was powered off."""

log = logging.getLogger(__name__)


class Expiry:
    """Looks at all machines with a lease. The machines themselves say what is due: nothing is stored here.

    However many workers look: each stage of a lease has one id, by which it is decided on once.

    Args:
        prefix: topic prefix.
        commands: its section.
        publisher: has started.
        ring: what requests are signed with; one key at least.
        targets: where machines are looked at.
        watch: what is known of actions.
        clock: seconds since 1970.

    Attributes:
        first: seconds from the start to the first look.
        every: from one look to the next.
    """

    first: ClassVar = 10.0
    every: ClassVar = 300.0

    def __init__(
        self,
        prefix: str,
        commands: CommandsConfig,
        publisher: Publisher,
        *,
        ring: Callable[[], Sequence[Key]],
        targets: Targets,
        watch: Watch,
        clock: Callable[[], float] = time,
    ) -> None:
        self._prefix = prefix
        self._commands = commands
        self._publisher = publisher
        self._ring = ring
        self._targets = targets
        self._watch = watch
        self._clock = clock
        self._source = f"/{topics.group(prefix, topics.COMMAND)}"
        self._asked: OrderedDict[str, None] = OrderedDict()

    async def run(self) -> None:
        """Look, and look again, until cancelled; whatever goes wrong is tried again with the next look."""
        await asyncio.sleep(self.first)
        while True:
            await self.look()
            await asyncio.sleep(self.every)

    async def look(self) -> None:
        """Look at every machine once; one property collector call per vCenter."""
        if not self._watch.ready:
            return  # What was told already is not known yet.
        for vcenter in self._targets.vcenters:
            for machine in await self._leased(vcenter):
                try:
                    await self._see(machine)
                except Exception:
                    log.exception("the lease of %s (%s)", machine.name, machine.key)

    async def _leased(self, vcenter: str) -> Sequence[Leased]:
        try:
            return await self._targets.ask(leased, vcenter)
        except (VsphereFault, ReflexarcError) as error:
            log.warning("leases in %s are not looked at: %s", vcenter, error)
        except Exception:
            log.exception("leases in %s are not looked at", vcenter)
        return ()

    async def _see(self, machine: Leased) -> None:
        await self._tag(machine)
        end = moment(machine.lease)
        if end is None:
            log.warning("%s (%s) has a lease that is no instant: it is left alone", machine.name, machine.key)
            return
        now = self._clock()
        found = due(
            end, runs=machine.runs, now=now, stopped=self._stopped(machine, end, now), config=self._commands.lease
        )
        if found is None:
            return
        errand = self._errand(machine, end, found)
        if errand.id in self._asked or self._watch.get(errand.id) is not None or self._rests(machine, end, found, now):
            return
        if found.stage == "warn":
            await self._warn(machine, errand, found, now)
        elif not await self._ask(machine, errand, found, now):
            return
        self._remember(errand.id)

    async def _tag(self, machine: Leased) -> None:
        """Ask for the tag of the owner of a machine that is new."""
        category, id_ = self._commands.owner_tags, owners.action_id(self._source, machine)
        if category is None or id_ in self._asked or not owners.wants(machine, self._watch, self._source):
            return
        seen = await self._targets.about(machine.vcenter, machine.moref)
        if seen.entity is None:
            return
        asked = owners.request(self._source, category, machine, seen, now=self._clock()).signed(self._ring())
        await self._publish(Outgoing(topics.requests(self._prefix), asked.encode(), asked.scope.encode()))
        self._remember(id_)

    def _remember(self, id_: str) -> None:
        self._asked[id_] = None
        while len(self._asked) > MOST:
            self._asked.popitem(last=False)

    async def _warn(self, machine: Leased, errand: Errand, found: Due, now: float) -> None:
        said = notice("ending", vm=machine.name, vcenter=machine.vcenter, until=instant(found.next))
        if errand.replies:
            record = reply(self._prefix, topics.COMMAND, errand, said, step="warned", at=now)
            await self._publish(record)
        why = (
            ""
            if errand.replies
            else f"nobody called {machine.owner or '-'} can be told: see commands.people and replies"
        )
        await self._publish(audit.warned(self._prefix, errand, machine, said, at=now, reason=why))

    async def _ask(self, machine: Leased, errand: Errand, found: Due, now: float) -> bool:
        seen = await self._targets.about(machine.vcenter, machine.moref)
        if seen.entity is None:
            log.warning("the lease of %s (%s): %s", machine.name, machine.key, seen.reason)
            return False
        request = await self._request(machine, errand, found, seen, now)
        if request is None:
            return False
        request = request.signed(self._ring())
        await self._publish(Outgoing(topics.requests(self._prefix), request.encode(), request.scope.encode()))
        return True

    async def _request(self, machine: Leased, errand: Errand, found: Due, seen: Resolved, now: float) -> Request | None:
        assert seen.entity is not None  # noqa: S101 - by the caller
        parameters: dict[str, Any] = {}
        later = None
        if found.stage == "quarantine":
            away = self._commands.quarantine
            told = {"folder": away.folder, "mark": errand.id, "owner": machine.owner, "lease": machine.lease}
            put = await put_away(seen.entity, told, away.purge_after, self._targets)
            if put.reason:
                log.warning("%s (%s) is not put away: %s", machine.name, machine.key, put.reason)
                return None
            parameters, later = put.parameters, put.later
        said = {"lease": machine.lease, "until": instant(found.next)}
        return Request(
            id=errand.id,
            sink=commanded.name(errand.verb),
            action="power-off" if found.stage == "end" else "quarantine",
            parameters=parameters,
            scope=machine.vcenter,
            entity=seen.entity,
            cause=Cause(source=errand.source, id=errand.event, type=TYPE, subject=errand.verb, time=now, data=said),
            requester=errand.person,
            errand=errand,
            later=later,
            clock_offset=seen.offset,
            asked=now,
        )

    def _errand(self, machine: Leased, end: float, found: Due) -> Errand:
        """In the name of which a stage is told, and asked for; the owner hears of it in private."""
        verb, event = VERBS[found.stage], self._event(machine, end, found.stage, found.day)
        person = self._commands.people.get(machine.owner)
        team, _, user = person.slack[0].partition("/") if person is not None and person.slack else ("", "", "")
        return Errand(
            id=request_id(commanded.name(verb), self._source, event),
            source=self._source,
            event=event,
            verb=verb,
            said=f"{verb} {machine.vcenter}:{machine.name}"[:SAID],
            vm=machine.name[:SAID],
            person=PERSON,
            replies=(self._commands.replies or "") if user else "",
            team=team,
            user=user,
        )

    def _event(self, machine: Leased, end: float, stage: Stage, day: int) -> str:
        return f"{machine.vcenter}/{machine.uuid}/{instant(end)}/{stage}/{day}"

    def _rests(self, machine: Leased, end: float, found: Due, now: float) -> bool:
        """Whether the attempt before this one was less than a day ago: who has undone it has time to say more."""
        before = self._known(machine, end, found.stage, found.day - 1)
        return before is not None and now - _at(before) < DAY

    def _known(self, machine: Leased, end: float, stage: Stage, day: int) -> Known | None:
        event = self._event(machine, end, stage, day)
        return self._watch.get(request_id(commanded.name(VERBS[stage]), self._source, event))

    def _stopped(self, machine: Leased, end: float, now: float) -> float | None:
        """When the machine was powered off for this end of its lease, as far as the watch remembers."""
        day = int((now - end) // DAY)
        for each in range(day, max(-1, day - REMEMBERED), -1):
            known = self._known(machine, end, "end", each)
            if known is not None and known.step == "succeeded":
                return _at(known)
        return None

    async def _publish(self, record: Outgoing) -> None:
        await self._publisher.publish(record.topic, value=record.value, key=record.key, headers=tuple(record.headers))


def _at(known: Known) -> float:
    return datetime.fromisoformat(known.at).timestamp()
