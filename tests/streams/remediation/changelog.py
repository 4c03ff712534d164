"""An app without Kafka: a table that is rebuilt on demand, and a writer that keeps what it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from streams.transport import Chunk, Lease, Record

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from clients.kafka.record import Outgoing
    from schemas.remediation.decision import Decision


class Table:
    """As far as ``Kept`` asks for it."""

    def __init__(self) -> None:
        self.data: dict[bytes, bytes] = {}
        self.recovered: Callable[[], Awaitable[None]]

    def on_recover(self, call: Callable[[], Awaitable[None]]) -> None:
        """What is called when it is rebuilt."""
        self.recovered = call


class App:
    """Takes the place of ``TransportApp``; it is its own tables, and their writers.

    Attributes:
        sent: records in their order, each with the number of the partition on whose behalf it is.
        kept: what the changelogs hold, by the name of the table.
        published: records that are no part of a transaction.
        fault: is raised in their place.
    """

    def __init__(self) -> None:
        self.made: dict[str, Table] = {}
        self.tables = self.writers = self.publisher = self
        self.sent: list[tuple[int, Outgoing]] = []
        self.kept: dict[str, dict[bytes, bytes]] = {}
        self.published: list[Outgoing] = []
        self.fault: Exception | None = None
        self.handlers: dict[str, Callable[[Chunk], Awaitable[None]]] = {}

    @property
    def stored(self) -> dict[bytes, bytes]:
        """What the changelog of the first table holds."""
        return next(iter(self.kept.values()))

    def Table(self, name: str, **_options: Any) -> Table:  # noqa: N802 - Faust's name
        """One table."""
        self.kept[name] = {}
        return self.made.setdefault(name, Table())

    async def publish_many(self, records: list[Outgoing]) -> list[None]:
        """Store records that are no part of a transaction."""
        if self.fault is not None:
            raise self.fault
        self.published += records
        return [None] * len(records)

    def consume(self, topic: str, _name: str, handle: Callable[[Chunk], Awaitable[None]]) -> None:
        """Whom ``hear`` gives chunks to."""
        self.handlers[topic] = handle

    def send(self, record: Outgoing, _stored: Any) -> None:
        """Store a change."""
        self.send_together(record.partition or 0, [record], _stored)

    def send_together(self, number: int, records: Iterable[Outgoing], _stored: Any) -> None:
        """Store a change, and what is told of it."""
        for record in records:
            self.sent.append((number, record))
            if record.topic.endswith("-changelog"):
                key = record.key or b""
                stored = next(kept for name, kept in self.kept.items() if record.topic.endswith(f"{name}-changelog"))
                if record.value is None:
                    stored.pop(key, None)
                else:
                    stored[key] = record.value

    async def recover(self) -> None:
        """Rebuild the tables of what is stored."""
        for name, table in self.made.items():
            table.data = dict(self.kept[name])
            await table.recovered()

    async def hear(self, topic: str, lease: Lease, *values: bytes, number: int = 0, first: int = 0) -> None:
        """Hand out a chunk of a topic."""
        records = (Record(topic, number, first + each, 0, None, value, ()) for each, value in enumerate(values))
        await self.handlers[topic](Chunk(lease, tuple(records)))

    def told(self, step: str) -> list[dict[str, Any]]:
        """The data of what the audit has heard of a step."""
        records = [each for _, each in self.sent if each.topic.endswith(".audit")]
        return [orjson.loads(each.value or b"") for each in records if _type(each).endswith(f".{step}")]


def stored(number: int, decision: Decision) -> tuple[bytes, bytes]:
    """A decision as the changelog holds it."""
    return b"%d/%s" % (number, decision.id.encode()), decision.encode()


def _type(record: Outgoing) -> str:
    return next((value or b"").decode() for name, value in record.headers if name == "ce_type")
