"""The machine that a command is about, in the vCenters where whoever gives it may."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Literal, TypeVar

from clients.vsphere import properties
from clients.vsphere.faults import VcenterAway, VsphereFault
from clients.vsphere.kinds import DATASTORE, FOLDER
from clients.vsphere.target import REFERENCES, NoSingleTarget, called, single
from schemas.errors import ReflexarcError, Refused, Unreachable
from sinks.completion import all_of, completed
from sinks.remediation.resolver import Resolved, Resolver
from sinks.remediation.tags import Tags
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.aim import ByName, ByReference
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from clients.vsphere.session import Session
    from schemas.config import VcenterConfig
    from schemas.remediation.entity import Entity
    from streams.commanding.begun import Begun

T = TypeVar("T")

Reach = Mapping[str, Literal["own", "any"]]
"""The vCenters that somebody may look at, and at whose machines there."""

WORKERS: Final = 4
"""Looks at once in each vCenter: one that is slow, or away, holds up nobody who asks for another."""

FILE: Final = "config.files.vmPathName"

TIMEOUT: Final = 15.0
"""Seconds of silence after which a vCenter counts as away: somebody waits."""

REST: Final = 10.0
"""Seconds for which it counts so; meanwhile nobody waits for it."""


class Targets:
    """Looks for machines with the accounts that act, in several vCenters side by side.

    Args:
        vcenters: every configured vCenter by name; recordings are none to act in.
    """

    def __init__(self, vcenters: Mapping[str, VcenterConfig]) -> None:
        acting = [vcenter.acting for vcenter in vcenters.values() if vcenter.recording is None]
        self.sessions = Sessions(acting, timeout=TIMEOUT, rest=REST)
        self._tags = Tags(acting)
        self._threads = {
            name: ThreadPoolExecutor(WORKERS, thread_name_prefix=f"command {name}") for name in self.sessions.names
        }

    @property
    def vcenters(self) -> tuple[str, ...]:
        """Where something can be done."""
        return self.sessions.names

    async def find(self, name: ByName, within: Reach) -> Resolved:
        """The one machine of that name, whatever guests say of themselves; costs calls to every vCenter in question.

        One that does not answer may hold another machine of that name, so then none is found. Of several they are named
        only to who may see those of others in each of these vCenters.

        Args:
            name: its vCenter is one of ``within``, where it has one.
            within: vCenters that are looked at.
        """
        where = [name.vcenter] if name.vcenter else list(within)
        found, away = await self.each(partial(called, name=name.name), where)
        for error in away.values():
            return Resolved(None, f"a vCenter in scope cannot be asked: {error}")
        matches = [target for targets in found.values() for target in targets]
        secret = any(within.get(vcenter) != "any" for vcenter in where)
        try:
            target = single(matches, name.name, where, secret=secret)
        except NoSingleTarget as error:
            return Resolved(None, str(error))
        return await self._look(ByReference(target.session.name, target.moref))

    async def about(self, vcenter: str, reference: str) -> Resolved:
        """The machine with that managed object id, as it is now."""
        return await self._look(ByReference(vcenter, reference))

    async def place(self, vcenter: str, folder: str, name: str) -> Resolved:
        """The folder that a new machine is made in, as the place of that machine.

        Args:
            vcenter: where.
            folder: its path.
            name: of the machine.
        """
        return await self._resolved(vcenter, ByName(folder, vcenter), FOLDER, new=name)

    async def again(self, begun: Begun) -> Resolved:
        """What an action was done to, as it is now; what it has taken away, as it was."""
        entity = begun.entity
        past = begun.before if ACTIONS[begun.action].removes else None
        return await self._look(ByReference(entity.vcenter, entity.moref, entity.kind), past, new=entity.new)

    async def store(self, vcenter: str, name: str) -> Resolved:
        """The datastore of that name, there."""
        return await self._resolved(vcenter, ByName(name, vcenter), DATASTORE)

    async def file(self, entity: Entity) -> str:
        """Path of a machine's own file, as the vCenter writes it.

        Raises:
            VsphereFault, Refused, Unreachable: it cannot be read.
        """

        def read(session: Session) -> str:
            machine = REFERENCES[entity.kind](entity.moref, session.stub)
            return str(properties.read(session, machine, [FILE]).get(FILE, ""))

        return await self.ask(read, entity.vcenter)

    async def ask(self, question: Callable[[Session], T], vcenter: str) -> T:
        """What a vCenter answers; asked once more where the session had ended.

        Raises:
            VsphereFault, Refused, Unreachable: it does not.
        """
        return await self.blocking(partial(_asked, self.sessions, question, vcenter), vcenter)

    async def each(
        self, question: Callable[[Session], T], vcenters: Collection[str]
    ) -> tuple[dict[str, T], dict[str, ReflexarcError]]:
        """What vCenters answer, and what keeps others from it; all are asked side by side."""

        async def one(vcenter: str) -> T | ReflexarcError:
            try:
                return await self.ask(question, vcenter)
            except (VsphereFault, Refused, Unreachable) as error:
                return error

        said = dict(zip(vcenters, await all_of(map(one, vcenters)), strict=True))
        away = {name: each for name, each in said.items() if isinstance(each, ReflexarcError)}
        return {name: each for name, each in said.items() if not isinstance(each, ReflexarcError)}, away

    async def blocking(self, call: Callable[[], T], vcenter: str) -> T:
        """What a call to a vCenter returns or raises, in one of its threads."""
        job = self._threads[vcenter].submit(call)
        return await completed(asyncio.wrap_future(job), recall=job.cancel)

    async def _look(
        self, aim: ByReference, past: Mapping[str, Any] | None = None, *, new: str | None = None
    ) -> Resolved:
        return await self._resolved(aim.vcenter, aim, aim.type, past, new=new)

    async def _resolved(
        self,
        vcenter: str,
        aim: ByName | ByReference,
        kind: str,
        past: Mapping[str, Any] | None = None,
        *,
        new: str | None = None,
    ) -> Resolved:
        if vcenter not in self._threads:
            return Resolved(None, f"nothing can be done in {vcenter}: it is no vCenter of vcenters now")
        # A new one each time: a resolver remembers for a moment whose a machine is, and that may just have changed.
        resolver = Resolver(self.sessions, self._tags, kind, new=new, guests=False)
        return await self.blocking(partial(resolver.resolve, aim, past), vcenter)

    async def close(self) -> None:
        """Finish what has begun and log out."""
        for threads in self._threads.values():
            await asyncio.to_thread(threads.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._tags.close)
        await asyncio.to_thread(self.sessions.close)


def _asked(sessions: Sessions, question: Callable[[Session], T], vcenter: str) -> T:
    session = sessions.get(vcenter)
    try:
        return question(session)
    except VcenterAway:  # sessions end when idle
        sessions.discard(session)
        return question(sessions.get(vcenter))
