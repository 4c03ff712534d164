"""Entries of the audit, as the decider and the executor write them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clients.kafka.place import Place, Stored
from streams.remediation.audit import told
from streams.trail.entry import Entry
from tests.streams.guard.asking import NOW, request

if TYPE_CHECKING:
    from ops.demo.crisis.book import Book


def hear(book: Book, event: str, step: str, *, at: float = NOW, sink: str = "act", **more: Any) -> None:
    """Have the book hear one step of the action for an event; ``more`` as in its data."""
    record, *_ = told("t", "decide", step, request(event, sink=sink), at=at, more=more)
    stored = Stored(record.key, record.value, record.headers, round(1000 * at))
    book.hear(Entry.of(Place(record.topic, 0, 0), stored))
