"""A bench whose destination is the stand-in of EventBridge, of either generation."""

from __future__ import annotations

import asyncio
import json as stdlib
from typing import TYPE_CHECKING, Any

from schemas.cloudevents import json
from schemas.errors import Reject
from tests.sinks.bench import Batching
from tests.sinks.destination import Answer, always
from tests.sinks.eventbridge.bus import BUS, REGION, V2, Bus
from tests.sinks.eventbridge.signature import KEY

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent
    from schemas.errors import DeliveryError
    from sinks.base import Sink
    from tests.sinks.destination import Destination


class EventBridgeBench(Batching):
    """The secret is a shared credentials file, as every AWS tool reads it."""

    def __init__(self, http: Client, folder: Path, destination: Destination, api: str) -> None:
        super().__init__(http, folder)
        self.bus = Bus(self.password)
        self.destination = destination
        self.destination.answer = self.bus.answer
        self.api = api
        self.made: list[Sink] = []

    def sink(self, **fields: Any) -> Sink:
        self.made.append(super().sink(**fields))
        return self.made[-1]

    async def close(self) -> None:
        """Close every sink that was made, whatever has become of it."""
        for sink in self.made:
            await sink.close()

    def settings(self) -> Mapping[str, Any]:
        bus = {"bus": V2} if self.api == "v2" else {"bus": BUS, "region": REGION}
        return {"type": "eventbridge", "api": self.api, "endpoint": self.destination.url, **bus}

    def keep_secret(self, value: str) -> None:
        self.secret.write_text(f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {value}\n")

    async def delivered(self) -> list[CloudEvent]:
        return [json.loads(entry["Detail"].encode()) for entry in self.bus.taken]

    async def leave(self) -> None:
        await self.destination.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.destination.tls = tls
        await self.destination.start()

    def fall_silent(self) -> None:
        self.destination.answer = always(Answer(hold=asyncio.Event()))

    def refuse(self, ids: Mapping[str, type[DeliveryError]]) -> None:
        def code(entry: Mapping[str, Any]) -> str | None:
            wanted = ids.get(stdlib.loads(entry["Detail"])["id"])
            return None if wanted is None else "MalformedDetail" if wanted is Reject else "InternalFailure"

        self.bus.refuse = code

    def requests(self) -> int:
        return len(self.bus.calls)
