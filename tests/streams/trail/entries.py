"""Entries of an audit, as the roles of remediation write them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from clients.kafka.notice import notice
from clients.kafka.place import Place, Stored
from streams.remediation.audit import told
from streams.trail.entry import Entry
from tests.streams.guard.asking import NOW, request

if TYPE_CHECKING:
    from clients.kafka.record import Outgoing


def entry(record: Outgoing, *, arrived: int = 0, partition: int = 0, offset: int = 0) -> Entry:
    """The entry that a record becomes."""
    stored = Stored(record.key, record.value, record.headers, arrived)
    return Entry.of(Place(record.topic, partition, offset), stored)


def step(name: str = "approved", event: str = "e1", **more: Any) -> Entry:
    """One step of an action."""
    return entry(told("dc", "decide", name, request(event), at=NOW, more=more)[0])


def other(kind: str = "sink.paused", subject: str = "functions", **data: Any) -> Entry:
    """What somebody did to something else."""
    now = datetime.fromtimestamp(NOW, UTC)
    return entry(
        notice(
            "dc.audit",
            f"com.reflexarc.{kind}",
            name="n1",
            source="/dc.operator",
            subject=subject,
            now=now,
            data={"actor": "eve@noc", **data},
        )
    )
