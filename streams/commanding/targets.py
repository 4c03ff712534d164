"""The machine that a command is about, in the vCenters where whoever gives it may."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from clients.vsphere import properties
from clients.vsphere.faults import VcenterAway
from clients.vsphere.kinds import DATASTORE, FOLDER, MACHINE
from clients.vsphere.target import REFERENCES
from sinks.completion import completed
from sinks.remediation.resolver import Resolver
from sinks.remediation.tags import Tags
from sinks.vsphere.actions import ACTIONS
from sinks.vsphere.aim import ByName, ByReference
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from clients.vsphere.session import Session
    from schemas.config import VcenterConfig
    from schemas.remediation.entity import Entity
    from sinks.remediation.resolver import Resolved
    from streams.commanding.begun import Begun

T = TypeVar("T")

WORKERS: Final = 16
"""Looks at once."""

FILE: Final = "config.files.vmPathName"

TIMEOUT: Final = 15.0
"""Seconds of silence after which a vCenter counts as away: somebody waits."""


class Targets:
    """Looks for machines with the accounts that act.

    Args:
        vcenters: every configured vCenter by name; recordings are none to act in.
    """

    def __init__(self, vcenters: Mapping[str, VcenterConfig]) -> None:
        acting = [vcenter.acting for vcenter in vcenters.values() if vcenter.recording is None]
        self.sessions = Sessions(acting, timeout=TIMEOUT)
        self._tags = Tags(acting)
        self._resolver = Resolver(self.sessions, self._tags, MACHINE)
        self._threads = ThreadPoolExecutor(WORKERS, thread_name_prefix="command")

    @property
    def vcenters(self) -> tuple[str, ...]:
        """Where something can be done."""
        return self.sessions.names

    async def find(self, name: ByName, within: Collection[str]) -> Resolved:
        """The one machine that is meant; costs calls to every vCenter in question.

        Args:
            name: its vCenter is one of ``within``, where it has one.
            within: vCenters that are looked at.
        """
        return await self.blocking(partial(self._resolver.resolve, name, within=within))

    async def about(self, vcenter: str, reference: str) -> Resolved:
        """The machine with that managed object id, as it is now."""
        return await self.blocking(partial(self._resolver.resolve, ByReference(vcenter, reference)))

    async def place(self, vcenter: str, folder: str, name: str) -> Resolved:
        """The folder that a new machine is made in, as the place of that machine.

        Args:
            vcenter: where.
            folder: its path.
            name: of the machine.
        """
        resolver = Resolver(self.sessions, self._tags, FOLDER, new=name)
        return await self.blocking(partial(resolver.resolve, ByName(folder, vcenter)))

    async def again(self, begun: Begun) -> Resolved:
        """What an action was done to, as it is now; what it has taken away, as it was."""
        entity = begun.entity
        resolver = Resolver(self.sessions, self._tags, entity.kind, new=entity.new)
        past = begun.before if ACTIONS[begun.action].removes else None
        where = ByReference(entity.vcenter, entity.moref, entity.kind)
        return await self.blocking(partial(resolver.resolve, where, past))

    async def store(self, vcenter: str, name: str) -> Resolved:
        """The datastore of that name, there."""
        resolver = Resolver(self.sessions, self._tags, DATASTORE)
        return await self.blocking(partial(resolver.resolve, ByName(name, vcenter)))

    async def file(self, entity: Entity) -> str:
        """Path of a machine's own file, as the vCenter writes it.

        Raises:
            VsphereFault, Refused, Unreachable: it cannot be read.
        """
        return await self.blocking(partial(_file, self.sessions, entity))

    async def ask(self, question: Callable[[Session], T], vcenter: str) -> T:
        """What a vCenter answers; asked once more where the session had ended.

        Raises:
            VsphereFault, Refused, Unreachable: it does not.
        """
        return await self.blocking(partial(_asked, self.sessions, question, vcenter))

    async def blocking(self, call: Callable[[], T]) -> T:
        """What a call returns or raises, in a thread."""
        job = self._threads.submit(call)
        return await completed(asyncio.wrap_future(job), recall=job.cancel)

    async def close(self) -> None:
        """Finish what has begun and log out."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._tags.close)
        await asyncio.to_thread(self.sessions.close)


def _file(sessions: Sessions, entity: Entity) -> str:
    def read(session: Session) -> str:
        machine = REFERENCES[entity.kind](entity.moref, session.stub)
        return str(properties.read(session, machine, [FILE]).get(FILE, ""))

    return _asked(sessions, read, entity.vcenter)


def _asked(sessions: Sessions, question: Callable[[Session], T], vcenter: str) -> T:
    session = sessions.get(vcenter)
    try:
        return question(session)
    except VcenterAway:  # sessions end when idle
        sessions.discard(session)
        return question(sessions.get(vcenter))
