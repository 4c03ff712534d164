"""The machine that a command is about, in the vCenters where whoever gives it may."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final, TypeVar

from clients.vsphere.kinds import MACHINE
from sinks.completion import completed
from sinks.remediation.resolver import Resolver
from sinks.remediation.tags import Tags
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from schemas.config import VcenterConfig
    from sinks.remediation.resolver import Resolved
    from sinks.vsphere.aim import ByName

T = TypeVar("T")

WORKERS: Final = 16
"""Looks at once."""

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

    async def blocking(self, call: Callable[[], T]) -> T:
        """What a call returns or raises, in a thread."""
        job = self._threads.submit(call)
        return await completed(asyncio.wrap_future(job), recall=job.cancel)

    async def close(self) -> None:
        """Finish what has begun and log out."""
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        await asyncio.to_thread(self._tags.close)
        await asyncio.to_thread(self.sessions.close)
