"""A ``vsphere`` sink that may touch everything in the first simulator, and events for it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING, Any

import orjson

from clients.vsphere.kinds import KINDS
from sinks import registry
from sinks.base import SinkContext
from tests.sinks.bench import event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from clients.vsphere.target import Target
    from schemas.cloudevents import CloudEvent
    from schemas.config import VcenterConfig
    from sinks.base import Sink

_NUMBERS = count(1)


@asynccontextmanager
async def opened(known: Mapping[str, VcenterConfig], **fields: Any) -> AsyncIterator[Sink]:
    """The sink, open; ``fields`` go on top."""
    given = {"name": "act", "type": "vsphere", "action": "disconnect-vnic", "vcenters": ["vc1"], "allow": ["*"]}
    config = registry.model("vsphere").model_validate({"dry_run": False, **given, **fields})
    sink = registry.build(config, SinkContext(vcenters=known))
    try:
        await sink.open()
        yield sink
    finally:
        await sink.close()


def about(target: Target, at: datetime | None = None, **attributes: Any) -> CloudEvent:
    """An event of the object's vCenter that has happened at ``at``, by default now, under an id of its own."""
    time = (at or datetime.now(UTC)).isoformat()
    outer, _, inner = KINDS[target.kind].field.partition(".")
    reference = {"Name": target.name, inner: {"Type": target.reference._wsdlName, "Value": target.moref}}
    data = orjson.dumps({"UserName": "somebody", outer: reference})
    given = {"time": time, "extensions": {"vcenter": target.session.name}, "data": data}
    return event(next(_NUMBERS), **{**given, **attributes})


def alert(name: str) -> CloudEvent:
    """An event from elsewhere that names an object."""
    data = orjson.dumps({"event": {"metadata": {"source": name}}})
    return event(next(_NUMBERS), time=datetime.now(UTC).isoformat(), extensions={}, data=data)
