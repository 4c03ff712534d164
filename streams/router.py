"""Events to sink topics: one record per (event, sink), chosen by headers alone, value untouched."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from clients.kafka.errors import PublishRejected
from clients.kafka.record import Outgoing
from schemas import topics
from schemas.cloudevents import kafka
from schemas.errors import InvalidEvent, Reject, Unreachable
from streams import metrics
from streams.delivery.dlq import dead_letter

if TYPE_CHECKING:
    from clients.kafka.publisher import Publisher
    from streams.routes import RouteTable
    from streams.transport import Chunk, Record

log = logging.getLogger(__name__)

PAUSE_AFTER_OUTAGE = 1.0
LONGEST_LIST = 4096


def subject_of(record: Record) -> str | None:
    """The event's subject; only a structured event is parsed for it.

    Raises:
        InvalidEvent: the record is no CloudEvent.
    """
    subject, binary = None, False
    for name, value in record.headers:
        if name == "ce_subject" and value is not None:
            subject = value
        elif name == "ce_specversion":
            binary = True
        elif name == "content-type" and value is not None and value.lower().startswith(b"application/cloudevents"):
            return kafka.from_message(record.headers, record.value).subject
    if not binary:
        raise InvalidEvent("ce_specversion: missing, so this record is no CloudEvent")
    try:
        return subject.decode() if subject is not None else None
    except UnicodeDecodeError:
        raise InvalidEvent("ce_subject: not UTF-8") from None


class Router:
    """Routes chunks of the events topic.

    Args:
        prefix: topic prefix.
        table: the active routes.
        publisher: where the chosen records go.
    """

    def __init__(self, prefix: str, table: RouteTable, publisher: Publisher) -> None:
        self._prefix = prefix
        self._table = table
        self._publisher = publisher
        self._dead_letters = topics.dead_letter(prefix, topics.UNDECODABLE)

    async def route(self, chunk: Chunk) -> None:
        """Publish what the routes choose; done when the broker has acknowledged all of it.

        Raises:
            Revoked: the partition left before that.
        """
        outgoing = [chosen for record in chunk.records for chosen in self.choose(record)]
        while True:
            try:
                async with chunk.lease.work():
                    await self._publish(outgoing)
                    for record in chunk.records:
                        chunk.lease.done(record.offset)
            except Unreachable as error:
                log.warning("router waits for the broker: %s", error)
                await chunk.lease.pause(PAUSE_AFTER_OUTAGE)
            else:
                metrics.ROUTER_EVENTS.inc(len(chunk.records))
                metrics.ROUTER_RECORDS.inc(len(outgoing))
                return

    def choose(self, record: Record) -> list[Outgoing]:
        """The records that one event becomes: one per sink, or one dead letter when it is no event."""
        try:
            matches = self._table.match(subject_of(record))
        except InvalidEvent as error:
            return [dead_letter(record, self._dead_letters, Reject(str(error)), attempts=0)]
        origin = f"{record.partition}/{record.offset}".encode()
        return [
            Outgoing(
                topics.sink(self._prefix, sink),
                record.value,
                record.key,
                [*record.headers, ("reflexarc_routes", _listed(names)), ("reflexarc_origin", origin)],
            )
            for sink, names in matches.items()
        ]

    async def _publish(self, outgoing: list[Outgoing]) -> None:
        for record, result in zip(outgoing, await self._publisher.publish_many(outgoing), strict=True):
            if isinstance(result, PublishRejected):
                log.error("%s refused a record: %s", record.topic, result)
                letter = dead_letter(record, self._dead_letters, Reject(str(result)), attempts=1)
                await self._publisher.publish(letter.topic, value=letter.value, key=letter.key, headers=letter.headers)


def _listed(names: tuple[str, ...]) -> bytes:
    """Route names for a header, which must leave room for what the next hop adds."""
    text = ",".join(names)
    return text.encode() if len(text) <= LONGEST_LIST else f"{text[:LONGEST_LIST].rpartition(',')[0]},…".encode()
