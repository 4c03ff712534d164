"""The connector: events in, one action on one object each, outcomes as the delivery engine wants them."""

from __future__ import annotations

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Final

from schemas.errors import Refused, Unavailable, Unreachable
from sinks.completion import completed
from sinks.vsphere import actions
from sinks.vsphere.aim import aim
from sinks.vsphere.config import VsphereConfig
from sinks.vsphere.remedy import Outcome, Remedy
from sinks.vsphere.sessions import Sessions

if TYPE_CHECKING:
    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext
    from sinks.vsphere.aim import ByName, ByReference

WORKERS: Final = 8
"""Calls at once: pyvmomi's connections take eight threads without complaint, and a vCenter has others to serve."""

log = logging.getLogger(__name__)


class VsphereSink:
    """Acts on objects of vCenters with sessions of its own, in threads of its own; asks for nothing twice.

    Args:
        config: the sink.
        context: knows the vCenters.
    """

    Config = VsphereConfig

    def __init__(self, config: VsphereConfig, context: SinkContext) -> None:
        self._config = config
        names = config.vcenters or [name for name, vcenter in context.vcenters.items() if not vcenter.recording]
        self._sessions = Sessions((context.vcenters[name] for name in names), timeout=config.timeout)
        self._remedy = Remedy(config, actions.build(config.action, config.parameters), self._sessions)
        self._kind = actions.kind(config.action, config.parameters)
        self._executor = ThreadPoolExecutor(WORKERS, thread_name_prefix=f"sink-{config.name}")

    async def open(self) -> None:
        """Log in where that is possible.

        Raises:
            Unavailable: no vCenter is there.
            Refused: every vCenter that is there says no.
        """
        if not self._sessions.names:
            raise Refused("there is no vCenter to act in", cure="add one below vcenters:")
        loop = asyncio.get_running_loop()
        tried = [loop.run_in_executor(self._executor, self._sessions.get, name) for name in self._sessions.names]
        results = await asyncio.gather(*tried, return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        for failure in failures:
            log.warning("%s: %s", self._config.name, failure)
        if failures and len(failures) == len(results):
            raise next((f for f in failures if isinstance(f, Refused)), Unavailable(str(failures[0])))

    async def send(self, event: CloudEvent) -> None:
        """Carry out the action for the object that the event is about.

        When cancelled it does not begin the change any more, and waits for the end of one that has begun: a vCenter
        does not take it back.

        Raises:
            Reject: no object, several, or one that may not be touched; or the vCenter refuses for good.
            Retry: it failed for now.
            Unavailable: a vCenter that is needed is away or does not let us in.
        """
        target = aim(event, path=self._config.target, vcenters=self._sessions.names, kind=self._kind)
        try:
            outcome = await self._carry_out(event, target)
        except (Unreachable, Refused) as error:
            raise Unavailable(str(error)) from error
        log.info("%s: event %s: %s: %s", self._config.name, event.id, self._config.action, outcome)

    async def _carry_out(self, event: CloudEvent, target: ByName | ByReference) -> Outcome:
        stop = threading.Event()
        job = self._executor.submit(partial(self._remedy.carry_out, event, target, stopped=stop.is_set))

        def recall() -> None:
            stop.set()
            job.cancel()  # unless a thread has taken it up

        return await completed(asyncio.wrap_future(job), recall=recall)

    async def close(self) -> None:
        """Finish what has begun and log out. May be called again."""
        await asyncio.to_thread(self._executor.shutdown)
        await asyncio.to_thread(self._sessions.close)
