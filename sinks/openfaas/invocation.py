"""One call of one function: straight, queued, or queued and waited for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from schemas.cloudevents import http
from schemas.errors import Unreachable
from sinks import metrics
from sinks.eventtype import rename
from sinks.openfaas.verdict import of_function, of_no_callback, of_queue, of_silence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from clients.http import Client, Response
    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.openfaas.callbacks import Callbacks
    from sinks.openfaas.config import OpenFaasConfig
    from sinks.openfaas.verdict import Verdict


class Invocation:
    """How this sink calls functions.

    Args:
        config: gateway, form of the body, time-outs.
        client: what carries the calls.
        callbacks: where queued calls are told; None when nobody waits for them.
    """

    def __init__(self, config: OpenFaasConfig, client: Client, callbacks: Callbacks | None) -> None:
        self._config = config
        self._http = client
        self._callbacks = callbacks
        path = "async-function" if config.asynchronous else "function"
        self._prefix = f"{config.gateway.rstrip('/')}/{path}"

    def message(self, event: CloudEvent) -> http.Message:
        """The event as functions get it."""
        message = http.to_structured(rename(event, self._config.type_format))
        return message if self._config.body_format == "cloudevent" else http.Message((), message.body)

    async def call(self, function: str, message: http.Message) -> DeliveryError | None:
        """Call ``name.namespace``; None when it has succeeded or, where nobody calls back, is queued."""
        try:
            verdict = await self._call(function, message)
        except Unreachable as error:
            verdict = of_silence(error)
        metrics.INVOCATIONS.labels(self._config.name, verdict.by).inc()
        return verdict.error

    async def _call(self, function: str, message: http.Message) -> Verdict:
        if self._callbacks is not None:
            return await self._call_and_hear(self._callbacks, function, message)
        response = await self._post(function, message.headers, message.body)
        judge = of_queue if self._config.asynchronous else of_function
        return judge(function, response.status, response.headers)

    async def _call_and_hear(self, callbacks: Callbacks, function: str, message: http.Message) -> Verdict:
        patience = self._config.callback_timeout
        with callbacks.expect() as call:
            response = await self._post(function, (*message.headers, *call.headers), message.body)
            queued = of_queue(function, response.status, response.headers)
            if queued.error is not None:
                return queued
            try:
                async with asyncio.timeout(patience):
                    told = await call.told
            except TimeoutError:
                return of_no_callback(function, patience)
        return of_function(function, told.status, told.headers)

    async def _post(self, function: str, headers: Iterable[tuple[str, str]], body: bytes) -> Response:
        config = self._config
        return await self._http.request(
            "POST",
            f"{self._prefix}/{function}",
            headers=headers,
            body=body,
            timeout=config.timeout,
            ca_file=config.ca_file,
            verify=not config.insecure,
        )
