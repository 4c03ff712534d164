"""A ``remediation`` sink in front of the simulators, and what it asks for."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from schemas.config import KafkaConfig
from schemas.remediation.request import Request
from sinks import registry
from sinks.base import SinkContext
from tests.support.publisher import RecordingPublisher

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from schemas.config import VcenterConfig
    from sinks.base import Sink

KAFKA = KafkaConfig.model_validate({"bootstrap": "localhost:9092", "prefix": "dc"})


class Asked(RecordingPublisher):
    """What was published, as requests."""

    @property
    def requests(self) -> list[Request]:
        return [Request.decode(record.value) for record in self.records]


@asynccontextmanager
async def opened(
    known: Mapping[str, VcenterConfig],
    publisher: Asked | None = None,
    *,
    objection: Callable[[Request], str | None] = lambda _: None,
    **fields: Any,
) -> AsyncIterator[tuple[Sink, Asked]]:
    """The sink, open, and what it publishes to; ``fields`` go on top of its configuration."""
    given = {"name": "cut", "type": "remediation", "action": "disconnect-vnic", "vcenters": ["vc1"]}
    config = registry.model("remediation").model_validate({**given, **fields})
    asked = publisher or Asked()
    sink = registry.build(config, SinkContext(vcenters=known, kafka=KAFKA, publisher=asked, objection=objection))
    try:
        await sink.open()
        yield sink, asked
    finally:
        await sink.close()
