from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import aiohttp
import pytest

from ingest.webhook.admission import Admission
from ingest.webhook.intake import Intake
from ingest.webhook.listener import listening
from ingest.webhook.server import application
from schemas.config import WebhookConfig
from schemas.topics import Topic
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterable, Mapping
    from contextlib import AbstractAsyncContextManager

    from ingest.webhook.intake import Batches, Publisher
    from schemas.config import Secret

EVENT = {"ce-specversion": "1.0", "ce-id": "1", "ce-source": "/probe", "ce-type": "com.example.probe"}


class Answer(NamedTuple):
    """What the server said."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        assert self.headers["Content-Type"] == "application/problem+json"
        problem: dict[str, Any] = json.loads(self.body)
        return problem


@dataclass
class Webhook:
    """A server on loopback, and a client of it."""

    port: int
    client: aiohttp.ClientSession
    publisher: RecordingPublisher
    admission: Admission

    async def post(
        self,
        path: str = "/events",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = EVENT,
        body: Any = b"",
        *,
        method: str = "POST",
    ) -> Answer:
        request = self.client.request(method, path, headers=headers, data=body, skip_auto_headers=["Content-Type"])
        async with request as answer:
            return Answer(answer.status, answer.headers, await answer.read())


def events(name: str) -> Topic:
    return Topic(name=name, key="partitionkey", partitions=1, replication=1, min_insync=1, holds="every event")


@asynccontextmanager
async def serving(
    publisher: Publisher | None = None,
    *,
    batches: Batches | None = None,
    topic: str = "t.events",
    commands_topic: str = "t.commands",
    token: Secret | None = None,
    max_body: int = 2**20,
    places: int = 64,
    patience: float = 10.0,
    **settings: Any,
) -> AsyncIterator[Webhook]:
    config = WebhookConfig.model_validate(
        {"listen": "127.0.0.1:0", "token": token, "max_body": max_body, **settings}
        if token
        else {"listen": "127.0.0.1:0", "max_body": max_body, **settings}
    )
    recording = RecordingPublisher()
    publisher = publisher or recording
    admission = Admission(places)
    intake = Intake(publisher, batches or recording, topic=events(topic), patience=patience)
    commands = Intake(publisher, batches or recording, topic=events(commands_topic), patience=patience)
    app = application(config, intake=intake, admission=admission, commands=commands)
    async with listening(config, app, admission) as url, aiohttp.ClientSession(url) as client:
        yield Webhook(int(url.rpartition(":")[2]), client, publisher, admission)


@pytest.fixture
def serve() -> Callable[..., AbstractAsyncContextManager[Webhook]]:
    return serving


@pytest.fixture
async def webhook() -> AsyncIterator[Webhook]:
    async with serving() as webhook:
        yield webhook
