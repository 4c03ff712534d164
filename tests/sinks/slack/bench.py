"""A ``slack`` sink, the stand-in behind it, replies with sealed addresses, and events."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from schemas import seal
from schemas.commands.reply import TYPE, Reply
from schemas.config import KafkaConfig
from schemas.keys import keyring
from sinks.base import SinkContext
from tests.sinks.bench import Answering, event
from tests.support.chat import CHANNEL, TOKEN, USER
from tests.support.slack import KEYS

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent
    from sinks.base import Sink
    from tests.support.chat import Chat

ACTION: Final = "0123456789abcdef"
SOURCE: Final = "/ingest/webhook/slack"
OURS: Final = "/reflexarc.execute"
"""Source of a reply."""
COMMAND: Final = "13345224609.738474920.8088930838d88f008e0"


class SlackBench(Answering):
    """Slack over real TLS."""

    def __init__(self, http: Client, folder: Path, chat: Chat) -> None:
        super().__init__(http, folder, TOKEN)
        self.chat = chat
        self.key = folder / "seal.key"
        self.key.write_text(f"{KEYS['seal']}\n")
        self.posed: dict[str, CloudEvent] = {}

    def context(self) -> SinkContext:
        kafka = KafkaConfig(bootstrap="127.0.0.1:1", prefix="reflexarc")
        return SinkContext(vcenters={}, http=self.http, kafka=kafka)

    def settings(self) -> Mapping[str, Any]:
        return {
            "type": "slack",
            "bot_token_file": str(self.secret),
            "seal_key_file": str(self.key),
            "channel": CHANNEL,
            "text": "{{ event.id }} {{ event.type }}",
            "api": self.chat.api,
            "hooks": self.chat.hooks,
            "ca_file": str(self.chat.ca_file),
        }

    def sink(self, **fields: Any) -> Sink:
        return super().sink(**({"ca_file": None} if fields.get("insecure") else {}) | fields)

    async def opened(self, **fields: Any) -> Sink:
        sink = self.sink(**fields)
        await sink.open()
        return sink

    async def delivered(self) -> list[CloudEvent]:
        said = [message["text"].split("\n")[0].split(" ") for message in self.chat.messages()]
        return [replace(self.posed[id_], type=kind) for id_, kind in said]

    async def leave(self) -> None:
        await self.chat.leave()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        await self.chat.come_back(tls)

    def fall_silent(self) -> None:
        self.chat.fall_silent()

    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.chat.answer(status, headers, body, times=float("inf"))

    def requests(self) -> int:
        return len(self.chat.asked)

    def reply(self, address: str = "", **more: Any) -> CloudEvent:
        """The event of a reply; ``address`` is sealed for its command unless ``sealed`` is given."""
        return reply_event(address, **more)


class Remembering(SlackBench):
    """Knows what it was given by what is said of it: a message holds an event's id and type alone."""

    def sink(self, **fields: Any) -> Sink:
        return Remembered(self, super().sink(**fields))


class Remembered:
    """A sink whose events are remembered."""

    def __init__(self, bench: Remembering, sink: Sink) -> None:
        self._bench = bench
        self._sink = sink

    async def open(self) -> None:
        await self._sink.open()

    async def send(self, event: CloudEvent) -> None:
        self._bench.posed[event.id] = event
        await self._sink.send(event)

    async def close(self) -> None:
        await self._sink.close()

    def __repr__(self) -> str:
        return repr(self._sink)


def sealed(address: str, *, key: str = KEYS["seal"], command: str = COMMAND, left: float = 1800.0) -> str:
    """The address as a command has it, for so many seconds from now."""
    return seal.seal(address, keyring([key.encode()]), source=SOURCE, id=command, expiry=int(time.time() + left))


def reply_event(address: str = "", **more: Any) -> CloudEvent:
    """The event of a reply; ``address`` is sealed for its command unless ``address`` is already, as ``sealed``."""
    given = {
        "id": ACTION,
        "step": "succeeded",
        "text": "power-off of web-1: done",
        "team": "T0001ABCD",
        "channel": CHANNEL,
        "user": USER,
        "source": SOURCE,
        "event": COMMAND,
        "address": more.pop("sealed", "") or (sealed(address) if address else ""),
        "at": time.time(),
    }
    reply = Reply(**{**given, **more})
    attributes: dict[str, Any] = {"data": reply.encode(), "extensions": {"partitionkey": reply.id}}
    return event(id=f"{reply.id}/{reply.step}", source=OURS, type=TYPE, subject=None, **attributes)
