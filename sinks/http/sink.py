"""The connector of ``type: http``."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from schemas.cloudevents import json
from schemas.errors import DeliveryError, InvalidEvent, Refused, Reject, Unavailable
from sinks.answers import judge
from sinks.completion import all_of
from sinks.eventtype import rename
from sinks.http import form
from sinks.http.config import HttpConfig
from sinks.http.expectation import Expectation
from sinks.http.parcels import parcels
from sinks.http.post import Post
from sinks.http.raw import Raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.cloudevents import CloudEvent
    from sinks.base import SinkContext

AT_ONCE: Final = 4  # requests of one batch under way


class HttpSink:
    """Posts to one address; an answer of 2xx is an accepted event, unless ``raw`` says otherwise."""

    Config = HttpConfig

    def __init__(self, config: HttpConfig, context: SinkContext) -> None:
        self.batch = config.batch if config.mode == "batch" else 1
        self._config = config
        self._post = Post(config, context.http)
        self._form = {"binary": form.binary, "structured": form.structured, "batch": _alone}.get(config.mode)
        self._expectation = None
        if config.raw is not None:
            self._form = Raw(config.raw).render
            self._expectation = Expectation(config.raw)

    async def open(self) -> None:
        """Connect without asking anything."""
        await self._post.open()

    async def send(self, event: CloudEvent) -> None:
        """Post one event."""
        assert self._form is not None  # noqa: S101 - the modes are those of the configuration
        try:
            lines, body = self._form(rename(event, self._config.type_format))
        except InvalidEvent as error:
            raise Reject(str(error)) from None
        except Refused as error:
            raise Unavailable(str(error)) from None
        response = await self._post.send(lines, body)
        if self._expectation is not None:
            if verdict := self._expectation.judge(response):
                raise verdict
        elif not 200 <= response.status < 300 and (verdict := judge(response.status, response.headers)):
            raise verdict

    async def send_batch(self, events: Sequence[CloudEvent]) -> Sequence[DeliveryError | None]:
        """Post events in as few requests as ``batch_size`` allows.

        An answer is about all events of its request, and does not say which of them is at fault.
        """
        documents = [json.dumps(rename(event, self._config.type_format)) for event in events]
        turns = asyncio.Semaphore(AT_ONCE)
        answers = await all_of(self._deliver(parcel, turns) for parcel in parcels(documents, self._config.batch_size))
        return [outcome for outcomes in answers for outcome in outcomes]

    async def close(self) -> None:
        """Nothing to release: connections belong to the process."""

    async def _deliver(self, documents: Sequence[bytes], turns: asyncio.Semaphore) -> list[DeliveryError | None]:
        async with turns:
            outcome = await self._outcome(documents)
            return [outcome] * len(documents)

    async def _outcome(self, documents: Sequence[bytes]) -> DeliveryError | None:
        try:
            response = await self._post.send(*form.batch(documents))
        except DeliveryError as error:
            return error
        return judge(response.status, response.headers)


def _alone(event: CloudEvent) -> form.Request:
    return form.batch([json.dumps(event)])
