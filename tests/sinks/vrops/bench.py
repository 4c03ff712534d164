"""A ``vrops`` sink, the stand-in behind it, and events about hosts."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, Final

import orjson

from tests.sinks.bench import SECRET, Answering, event
from tests.sinks.destination import Answer, Destination, always
from tests.sinks.vrops.standin import UUID, AriaOperations

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.cloudevents import CloudEvent
    from sinks.base import Sink
    from tests.sinks.vrops.standin import Machine

ENTERED: Final = "EnteredMaintenanceModeEvent"
EXITED: Final = "ExitMaintenanceModeEvent"


def about(machine: Machine, subject: str = ENTERED, number: int = 1, **attributes: Any) -> CloudEvent:
    """An event of the vCenter about a host."""
    host = {"Name": machine.name, "Host": {"Type": "HostSystem", "Value": machine.reference}}
    data = orjson.dumps({"Key": number, "Host": host, "Until": "2030-01-01T00:00:00+01:00"})
    return event(number, subject=subject, **{"data": data, **attributes})


class VropsBench(Answering):
    """Aria Operations over real TCP."""

    def __init__(self, http: Client, folder: Path, destination: Destination) -> None:
        super().__init__(http, folder)
        self.destination = destination
        self.aria = AriaOperations(SECRET)
        self.posed: dict[str, CloudEvent] = {}
        destination.answer = self.aria.handle

    def settings(self) -> Mapping[str, Any]:
        return {
            "type": "vrops",
            "url": self.destination.url,
            "username": "reflexarc",
            "password_file": str(self.secret),
            "instance_uuids": {"vc1": UUID.upper()},
        }

    async def opened(self, **fields: Any) -> Sink:
        sink = self.sink(**fields)
        await sink.open()
        return sink

    async def delivered(self) -> list[CloudEvent]:
        return [self.posed[self.aria.machines[identifier].reference] for _, identifier, _ in self.aria.journal]

    async def leave(self) -> None:
        await self.destination.stop()

    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        self.destination.tls = tls
        await self.destination.start()

    def fall_silent(self) -> None:
        self.destination.answer = always(Answer(hold=asyncio.Event()))

    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        self.aria.answer = Answer(status, headers or {}, body)

    def requests(self) -> int:
        return self.aria.puts


class PosingBench(VropsBench):
    """Takes the suite's events for events about hosts: each id names a host of its own."""

    def sink(self, **fields: Any) -> Sink:
        return Posing(self, super().sink(**fields))


class Posing:
    """A sink that is told of hosts whatever it is sent."""

    def __init__(self, bench: PosingBench, sink: Sink) -> None:
        self._bench = bench
        self._sink = sink

    async def open(self) -> None:
        await self._sink.open()

    async def send(self, event: CloudEvent) -> None:
        reference = f"host-{event.id.rpartition('/')[2]}"
        known = [each for each in self._bench.aria.machines.values() if each.reference == reference]
        machine = known[0] if known else self._bench.aria.add(reference, f"{reference}.example")
        self._bench.posed[reference] = event
        await self._sink.send(about(machine, id=event.id))

    async def close(self) -> None:
        await self._sink.close()

    def __repr__(self) -> str:
        return repr(self._sink)
