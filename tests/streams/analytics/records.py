"""Records of the events topic, made by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from streams.transport import Record

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
START_MS = round(START.timestamp() * 1000)


def record(
    offset: int,
    seconds: float = 0.0,
    *,
    arrival: float | None = None,
    type: str = "off",  # noqa: A002 - as CloudEvents call it
    key: str | None = "vc1/vm-1",
    vcenter: str | None = "vc1",
) -> Record:
    """An event that happened so many seconds after ``START``, and arrived at once unless it is said when."""
    headers = {
        "ce_specversion": "1.0",
        "ce_id": str(offset),
        "ce_source": "/s",
        "ce_type": type,
        "ce_time": (START + timedelta(seconds=seconds)).isoformat(),
    } | ({"ce_vcenter": vcenter} if vcenter else {})
    return Record(
        "events",
        0,
        offset,
        START_MS + round(1000 * (seconds if arrival is None else arrival)),
        None if key is None else key.encode(),
        b"{}",
        [(name, value.encode()) for name, value in headers.items()],
    )
