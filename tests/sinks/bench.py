"""What a test module of a connector brings: the connector's settings and a real destination for it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, cast

from schemas.cloudevents import CloudEvent
from sinks import registry
from sinks.base import SinkContext

if TYPE_CHECKING:
    import ssl
    from collections.abc import Mapping
    from pathlib import Path

    from clients.http import Client
    from schemas.errors import DeliveryError
    from sinks.base import BatchSink, Sink

SECRET = "correct-horse-battery"
SOON = "500ms"


def event(number: int = 1, **attributes: Any) -> CloudEvent:
    given = {
        "id": f"vc1/i1/{number}",
        "source": "https://vc1.example/sdk",
        "type": "com.vmware.vsphere.VmPoweredOffEvent.v0",
        "subject": "VmPoweredOffEvent",
        "time": "2026-11-20T09:36:17.913365487Z",
        "datacontenttype": "application/json",
        "extensions": {"vcenter": "vc1", "eventclass": "event", "partitionkey": "vc1/vm-55"},
        "data": b'{"Key":1,"Vm":{"Name":"web-1 \xc3\xa9"}}',
    }
    return CloudEvent(**{**given, **attributes})


class Bench(ABC):
    """A connector's configuration and a real destination for it.

    Args:
        http: the client of the context.
        folder: for files that a test makes.
        password: what the destination accepts as password or token.
    """

    def __init__(self, http: Client, folder: Path, password: str = SECRET) -> None:
        self.http = http
        self.folder = folder
        self.password = password
        self.secret = folder / "secret"
        self.keep_secret(password)

    def sink(self, **fields: Any) -> Sink:
        """The connector, configured for the destination; ``fields`` go on top, None takes one away."""
        settings = {key: value for key, value in {**self.settings(), **fields}.items() if value is not None}
        config = registry.model(settings["type"]).model_validate({"name": "bench", **settings})
        return registry.build(config, self.context())

    def context(self) -> SinkContext:
        """What the connector shares with others."""
        return SinkContext(vcenters={}, http=self.http)

    def kept(self, event: CloudEvent) -> CloudEvent:
        """The event as the destination has it: whole, unless its format cannot hold all of it."""
        return event

    def keep_secret(self, value: str) -> None:
        """Write ``value`` into the file that ``settings`` names."""
        self.secret.write_text(f"{value}\n")

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """What a file must say to reach the destination."""

    @abstractmethod
    async def delivered(self) -> list[CloudEvent]:
        """Every event the destination has taken so far, in order."""

    @abstractmethod
    async def leave(self) -> None:
        """Take the destination away: nobody listens any more."""

    @abstractmethod
    async def come_back(self, tls: ssl.SSLContext | None = None) -> None:
        """Bring it back at the same address, behind TLS if given."""

    @abstractmethod
    def fall_silent(self) -> None:
        """Take what comes from now on, and never answer it."""


class Answering(Bench):
    """A bench whose destination answers with HTTP statuses."""

    @abstractmethod
    def answer(self, status: int, headers: Mapping[str, str] | None = None, body: bytes = b"") -> None:
        """Answer every event so from now on."""

    @abstractmethod
    def requests(self) -> int:
        """How often the destination was asked to take an event."""


class Batching(Bench):
    """A bench whose destination takes several events in one go, and answers for each of them."""

    def batching(self, **fields: Any) -> BatchSink:
        """The connector, as ``sink``."""
        return cast("BatchSink", self.sink(**fields))

    @abstractmethod
    def refuse(self, ids: Mapping[str, type[DeliveryError]]) -> None:
        """Answer for these events alone that they should come again (``Retry``) or never (``Reject``)."""

    @abstractmethod
    def requests(self) -> int:
        """How often the destination was asked to take events."""
