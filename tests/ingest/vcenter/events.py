"""Events made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ingest.vcenter import VcenterEvent

START = datetime(2026, 1, 31, 6, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def event(key: int, seconds: float = 0.0, **fields: Any) -> VcenterEvent:
    given = {
        "key": key,
        "chain_id": key,
        "name": "VmPoweredOffEvent",
        "eventclass": "event",
        "created_time": at(seconds).isoformat().replace("+00:00", "Z"),
        "entity": "vm-42",
        "data": b'{"Key":%d}' % key,
    }
    return VcenterEvent(**{**given, **fields})
