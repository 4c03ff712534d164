"""The connector: which functions an event goes to, and one instruction for what became of all of them.

An event is accepted when each of its functions has answered 2xx: to the call itself, to its callback, or 202 to its
queueing where nobody calls back. Functions are invoked in parallel; on a retry only those that have not answered for
good are invoked again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from schemas.errors import Refused, Reject, Retry, Unavailable
from sinks import metrics
from sinks.authorization import Authorization
from sinks.completion import all_of
from sinks.openfaas.callbacks import Callbacks
from sinks.openfaas.config import OpenFaasConfig
from sinks.openfaas.functions import Directory
from sinks.openfaas.invocation import Invocation
from sinks.settled import Settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent, http
    from schemas.errors import DeliveryError
    from sinks.base import SinkContext

log = logging.getLogger(__name__)


class OpenFaasSink:
    """Invokes functions by subject; an event whose subject no function asks for is accepted and counted."""

    Config = OpenFaasConfig

    def __init__(self, config: OpenFaasConfig, context: SinkContext) -> None:
        self._config = config
        authorization = Authorization(username=config.username, password=config.password)
        self._directory = Directory(config, authorization, context.http)
        self._callbacks = Callbacks(config.callback, config.name) if config.callback is not None else None
        self._invocation = Invocation(config, context.http, self._callbacks)
        self._settled: Settled[Reject | None] = Settled()
        self._refreshing: asyncio.Task[None] | None = None
        self._unclaimed = metrics.UNCLAIMED.labels(config.name)

    async def open(self) -> None:
        """Read the functions, and again every ``refresh`` from now on; listen for callbacks."""
        await self._directory.read()
        if self._callbacks is not None:
            await self._callbacks.start()
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh(), name=f"{self._config.name} refresh")

    async def send(self, event: CloudEvent) -> None:
        """Invoke every function that asks for the subject and has not answered this event for good."""
        functions = self._directory.functions(event.subject)
        answers = self._settled.of(event)
        if not functions and not answers:
            self._settled.forget(event)
            self._unclaimed.inc()
            log.debug("%s: no function asks for %s, event %s", self._config.name, event.subject, event.id)
            return
        waiting = [function for function in functions if function not in answers]
        message = self._invocation.message(event)
        outcomes = await all_of(self._ask(function, message, answers) for function in waiting)
        open_ends = [outcome for outcome in outcomes if isinstance(outcome, Retry | Unavailable)]
        if open_ends:
            raise combine(open_ends)
        self._settled.forget(event)
        if rejects := [answer for answer in answers.values() if answer is not None]:
            raise combine(rejects)

    def forget(self, event: CloudEvent) -> None:
        """Have every function asked again, should the event come once more."""
        self._settled.forget(event)

    async def close(self) -> None:
        """Stop reading the functions, and listening."""
        if self._callbacks is not None:
            await self._callbacks.close()
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    async def _ask(
        self, function: str, message: http.Message, answers: dict[str, Reject | None]
    ) -> DeliveryError | None:
        """Call one function; what it answers for good is kept at once, even if the others are cut short."""
        outcome = await self._invocation.call(function, message)
        if outcome is None or isinstance(outcome, Reject):
            answers[function] = outcome
        return outcome

    async def _refresh(self) -> None:
        while True:
            await asyncio.sleep(self._config.refresh)
            try:
                await self._directory.read()
            except (Unavailable, Refused) as error:
                log.warning("%s: keeping the functions known so far: %s", self._config.name, error)
            except Exception:
                log.exception("%s: a fault in reading the functions, keeping those known so far", self._config.name)


def combine(outcomes: Sequence[DeliveryError]) -> DeliveryError:
    """One instruction for several functions: wait for the sink, else try again, else give up; every reason is told."""
    reason = "; ".join(dict.fromkeys(outcome.reason for outcome in outcomes))
    status = next((outcome.status for outcome in outcomes if outcome.status is not None), None)
    if any(isinstance(outcome, Unavailable) for outcome in outcomes):
        return Unavailable(reason, status=status)
    retries = [outcome for outcome in outcomes if isinstance(outcome, Retry)]
    if retries:
        after = max((retry.after for retry in retries if retry.after is not None), default=None)
        return Retry(reason, status=status, after=after)
    return Reject(reason, status=status)
