"""Which vCenter Aria Operations means: instance UUIDs, from the configuration or from the vCenters themselves."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from typing import TYPE_CHECKING

from clients.vsphere.session import Session
from schemas.errors import Reject
from sinks.completion import completed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from schemas.config import VcenterConfig


class InstanceUuids:
    """Instance UUIDs by vCenter; each that is not written down is asked for once, without a log-in.

    Args:
        written: those of the configuration.
        vcenters: who can be asked.
        timeout: seconds of silence after which nobody answers.
    """

    def __init__(self, written: Mapping[str, str], vcenters: Mapping[str, VcenterConfig], timeout: float) -> None:
        self._known = dict(written)
        self._vcenters = vcenters
        self._timeout = timeout
        self._turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def get(self, vcenter: str) -> str:
        """The UUID of one vCenter.

        Raises:
            Reject: it is not configured, or is a recording: no attempt will ever find out.
            Unreachable: it does not answer.
            Refused: its certificate does not verify.
        """
        if vcenter not in self._known:
            async with self._turns[vcenter]:
                if vcenter not in self._known:
                    self._known[vcenter] = await self._ask(vcenter)
        return self._known[vcenter]

    async def _ask(self, vcenter: str) -> str:
        config = self._vcenters.get(vcenter)
        if config is None or config.recording is not None:
            what = "is not configured" if config is None else "is a recording"
            raise Reject(f"vCenter {vcenter[:100]!a} {what}, and its UUID is not in instance_uuids")
        bounded = config.model_copy(update={"timeout": min(self._timeout, config.timeout)})
        return await completed(asyncio.ensure_future(asyncio.to_thread(_read, bounded)))


def _read(config: VcenterConfig) -> str:
    session = Session(config)
    try:
        session.connect()
        return str(session.about.instanceUuid)
    finally:
        session.close()
