"""The connector: one execution per event, started once, found again, followed to its end."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from schemas.errors import DeliveryError, Refused, Reject, Retry, Unavailable, Unreachable
from sinks import metrics
from sinks.completion import completed
from sinks.eventtype import rename
from sinks.jsonapi import Deadline, printable
from sinks.settled import Settled
from sinks.vro.config import VroConfig
from sinks.vro.execution import CANCELED, COMPLETED, ENDED, FAILED, WAITING
from sinks.vro.orchestrator import Orchestrator
from sinks.vro.parameters import ATTRIBUTES, RAW, parameters
from sinks.vro.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable

    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext
    from sinks.vro.orchestrator import Start

SETTLING: Final = 5.0
"""Seconds after a start of unknown outcome in which an execution may still appear."""

_PART: Final = "workflow"  # an event is one execution
_ENDS: Final = {FAILED: "has failed", CANCELED: "was canceled"}

log = logging.getLogger(__name__)


class VroSink:
    """Starts a workflow for each event; what vRO itself keeps of its executions says whether that was done before.

    Args:
        config: the sink.
        context: knows the vCenters.
        clock: seconds that only grow.
    """

    Config = VroConfig

    def __init__(self, config: VroConfig, context: SinkContext, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._config = config
        self._clock = clock
        self._vcenters = context.vcenters
        self._orchestrator = Orchestrator(config, context.http)
        self._search = Search(self._orchestrator)
        self._begun: Settled[str] = Settled()  # executions of events that are not finished
        self._asked: Settled[float] = Settled()  # when their start was asked for, while nobody knows what became of it

    async def open(self) -> None:
        """Read which inputs the workflow has.

        Raises:
            Unavailable: the server is away.
            Refused: the account or the workflow is not known, or its executions would not say whose they are.
        """
        inputs = await self._orchestrator.inputs(Deadline(self._config.timeout))
        if self._config.once and (inputs.get(ATTRIBUTES), inputs.get(RAW)) == (None, None):
            what = f"the workflow has neither an input {ATTRIBUTES} nor {RAW}: its executions do not say whose they are"
            raise Refused(what, cure=f"give it {ATTRIBUTES} (Properties) or {RAW} (string), or write once: false")

    async def send(self, event: CloudEvent) -> None:
        """Have an execution for the event, and wait for its end; all of it within the sink's ``timeout``.

        Raises:
            Reject: the workflow has failed or was canceled; or vRO refuses for good.
            Retry: it goes on, nobody knows whether it was started, or vRO fails for now.
            Unavailable: vRO, or who gives tokens, is away or does not let us in.
        """
        event = rename(event, self._config.type_format)
        deadline = Deadline(self._config.timeout)
        try:
            identifier = self._begun.of(event).get(_PART) or await self._execution(event, deadline)
            outcome = await self._outcome(identifier, deadline)
        except (Refused, Unreachable) as error:
            raise Unavailable(str(error)) from None
        self.forget(event)
        log.info("%s: event %s: workflow execution %s %s", self._config.name, event.id, identifier or "-", outcome)

    def forget(self, event: CloudEvent) -> None:
        """Ask vRO, should the event come once more."""
        self._begun.forget(event)
        self._asked.forget(event)

    async def close(self) -> None:
        """Nothing to release: connections belong to the process."""

    async def _execution(self, event: CloudEvent, deadline: Deadline) -> str:
        """The execution of the event, found or started; empty when vRO did not say which one it has started."""
        found, how = await self._found(event, deadline), "found"
        if not found:
            found, how = await self._started(event, deadline), "started"
        if found:
            self._search.learn(found, event)
        metrics.EXECUTIONS.labels(self._config.name, how).inc()
        self._begun.of(event)[_PART] = found
        return found

    async def _found(self, event: CloudEvent, deadline: Deadline) -> str:
        """The execution that there is already; empty when there is none."""
        config = self._config
        if not config.once:
            return ""
        certain = self._asked.of(event).get(_PART, float("-inf")) + SETTLING
        execution = None

        async def told() -> bool:
            nonlocal execution
            execution = await self._search.find(event, deadline, failed=not config.repeat_failed)
            return execution is not None or self._clock() >= certain

        if not await deadline.reached(told):
            raise Retry("it is too soon to tell whether the workflow was started")
        if execution is None:
            return ""
        log.info("%s: event %s: has workflow execution %s already", config.name, event.id, execution.identifier)
        return execution.identifier

    async def _started(self, event: CloudEvent, deadline: Deadline) -> str:
        asked = self._asked.of(event)
        asked[_PART] = self._clock()
        try:
            # Not cut short: whoever gets the event next is to find what was started.
            started = await completed(asyncio.ensure_future(self._orchestrator.start(self._told(event), deadline)))
        except (DeliveryError, Refused):
            del asked[_PART]  # vRO has not taken it
            raise
        if started.identifier:
            del asked[_PART]
            return started.identifier
        asked[_PART] = self._clock()
        return await self._seen(event, started, deadline)

    async def _seen(self, event: CloudEvent, started: Start, deadline: Deadline) -> str:
        """The execution that should be there after an answer that named none; later attempts look again."""
        config = self._config
        execution = None
        if config.once:
            with suppress(Retry):
                execution = await self._search.find(event, deadline, failed=not config.repeat_failed)
        if execution is not None:
            return execution.identifier
        if started.unknown is not None:
            raise started.unknown
        if config.once:
            raise Retry("the workflow was started, but its execution cannot be found yet")
        return ""

    def _told(self, event: CloudEvent) -> list[dict[str, Any]]:
        return parameters(event, self._vcenters)

    async def _outcome(self, identifier: str, deadline: Deadline) -> str:
        """How the execution has ended, in words."""
        if not self._config.follow or not identifier:
            return "has started"
        state: str | None = None

        async def ended() -> bool:
            nonlocal state
            state = await self._orchestrator.state(identifier, deadline)
            return state is None or state in ENDED

        if not await deadline.reached(ended):
            raise Retry(f"workflow execution {identifier} is still {printable(str(state), 40)}")
        if state == COMPLETED:
            return "has completed"
        if state == WAITING:
            return "waits for a person"
        execution = None if state is None else await self._orchestrator.read(identifier, deadline)
        if execution is None:
            raise Reject(f"workflow execution {identifier} is gone: nobody knows how it has ended")
        said = f": {execution.failure}" if execution.failure else ""
        raise Reject(
            f"workflow execution {identifier} {_ENDS.get(execution.state, execution.state)}{said}",
            status=execution.state,
        )
