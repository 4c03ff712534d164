"""``type: openfaas``: every function whose ``topic`` annotation names the subject is invoked with the event.

An event is accepted when each of its functions has answered 2xx (202 when ``async``). Functions are invoked in
parallel; on a retry only those that have not answered for good are invoked again.
"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Final, Literal

from pydantic import Field, model_validator

from schemas.cloudevents import http
from schemas.config import Duration, HttpUrl, Secret  # noqa: TC001 - pydantic reads them
from schemas.errors import Refused, Reject, Retry, Unavailable, Unreachable
from sinks import metrics
from sinks.answers import judge, silence
from sinks.authorization import Authorization, check_login, check_secrecy
from sinks.eventtype import rename
from sinks.functions import Directory
from sinks.http import HttpConnectionConfig
from sinks.settled import Settled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.base import SinkContext

log = logging.getLogger(__name__)

# Marks answers that no function gave; "gateway" on a 502: the gateway has nobody behind it.
_INTERNAL: Final = "x-openfaas-internal"


class OpenFaasConfig(HttpConnectionConfig):
    """Which gateway, who we are there, and how functions are invoked."""

    type: Literal["openfaas"] = Field("openfaas", description="Which connector.")
    gateway: HttpUrl = Field(description="Address of the gateway: http://127.0.0.1:8080.")
    username: str | None = Field(None, min_length=1, description="Account that may list functions, such as admin.")
    password: Secret | None = Field(None, description="Password of the account.")
    asynchronous: bool = Field(
        default=False, alias="async", description="Queue invocations at the gateway instead of waiting for them."
    )
    refresh: Duration = Field(10.0, gt=0, description="How often the functions and their topics are read.")

    @model_validator(mode="after")
    def _credentials_fit(self) -> OpenFaasConfig:
        check_login(self.username, self.password)
        if self.username is not None:
            check_secrecy(self.gateway, insecure=self.insecure, field="gateway")
        return self


class OpenFaasSink:
    """Invokes functions by subject; an event whose subject no function asks for is accepted and counted."""

    Config = OpenFaasConfig

    def __init__(self, config: OpenFaasConfig, context: SinkContext) -> None:
        self._config = config
        self._http = context.http
        authorization = Authorization(username=config.username, password=config.password)
        self._directory = Directory(config, authorization, context.http)
        self._prefix = f"{config.gateway.rstrip('/')}/{'async-function' if config.asynchronous else 'function'}"
        self._settled: Settled[Reject | None] = Settled()
        self._refreshing: asyncio.Task[None] | None = None
        self._unclaimed = metrics.UNCLAIMED.labels(config.name)

    async def open(self) -> None:
        """Read the functions, and again every ``refresh`` from now on."""
        await self._directory.read()
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh(), name=f"{self._config.name} refresh")

    async def send(self, event: CloudEvent) -> None:
        """Invoke every function that asks for the subject and has not answered this event for good."""
        functions = self._directory.functions(event.subject)
        if not functions:
            self._unclaimed.inc()
            log.debug("%s: no function asks for %s, event %s", self._config.name, event.subject, event.id)
            return
        answers = self._settled.of(event)
        waiting = [function for function in functions if function not in answers]
        message = http.to_structured(rename(event, self._config.type_format))
        outcomes = await asyncio.gather(*(self._invoke(function, message) for function in waiting))
        for function, outcome in zip(waiting, outcomes, strict=True):
            if outcome is None or isinstance(outcome, Reject):
                answers[function] = outcome
        open_ends = [outcome for outcome in outcomes if isinstance(outcome, Retry | Unavailable)]
        if open_ends:
            raise combine(open_ends)
        self._settled.forget(event)
        if rejects := [answer for answer in answers.values() if answer is not None]:
            raise combine(rejects)

    async def close(self) -> None:
        """Stop reading the functions."""
        if self._refreshing is not None:
            self._refreshing.cancel()
            await asyncio.wait([self._refreshing])

    async def _invoke(self, function: str, message: http.Message) -> DeliveryError | None:
        config = self._config
        try:
            response = await self._http.request(
                "POST",
                f"{self._prefix}/{function}",
                headers=message.headers,
                body=message.body,
                timeout=config.timeout,
                ca_file=config.ca_file,
                verify=not config.insecure,
            )
        except Unreachable as error:
            return silence(error)
        verdict = judge(response.status, response.headers)
        internal = response.headers.get(_INTERNAL)
        if verdict is None:
            return None
        reason = f"{function} {verdict.reason}"
        if internal == "gateway" and response.status == 502:
            return Unavailable(f"the gateway has no provider: {reason}", status=verdict.status)
        if isinstance(verdict, Retry):
            return Retry(reason, status=verdict.status, after=verdict.after)
        if internal is not None:
            return Retry(f"{reason}, not by the function itself", status=verdict.status)
        return Reject(reason, status=verdict.status)

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
