"""A ``vro`` sink and the stand-in behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from schemas.cloudevents import json
from sinks.base import SinkContext
from sinks.vro import VroConfig, VroSink
from tests.sinks.bench import SECRET, Answering
from tests.sinks.destination import Answer, Destination, always
from tests.sinks.vro.standin import WORKFLOW, Orchestrator

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent


class VroBench(Answering):
    """Orchestrator over real TCP; with ``extra`` the sink says more.

    Attributes:
        extra: what the settings say beside the address.
        now: what the clock of a sink that ``opened`` gives is ahead of the real one, seconds.
    """

    def __init__(self, http: Client, folder: Path, destination: Destination, **extra: Any) -> None:
        super().__init__(http, folder)
        self.destination = destination
        self.extra = extra
        self.now = 0.0
        self.vro = Orchestrator(SECRET, bearer=extra.get("auth") == "bearer")
        destination.answer = self.vro.handle

    def settings(self) -> Mapping[str, Any]:
        account = {"username": "reflexarc", "password_file": str(self.secret)}
        if "refresh_token_file" in self.extra:
            account = {}
        return {"type": "vro", "url": self.destination.url, "workflow": WORKFLOW, **account, **self.extra}

    async def opened(self, **fields: Any) -> VroSink:
        config = VroConfig.model_validate({"name": "bench", **self.settings(), **fields})
        sink = VroSink(config, SinkContext(vcenters={}, http=self.http), clock=lambda: self.now)
        await sink.open()
        return sink

    async def delivered(self) -> list[CloudEvent]:
        runs = self.vro.runs.values()
        return [json.loads(run.told["rawEventData"]["value"]["string"]["value"].encode()) for run in runs]

    async def leave(self) -> None:
        await self.destination.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.destination.tls = tls
        await self.destination.start()

    def fall_silent(self) -> None:
        self.destination.answer = always(Answer(hold=asyncio.Event()))

    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.vro.answer = Answer(status, headers or {}, body)

    def requests(self) -> int:
        return self.vro.posts
