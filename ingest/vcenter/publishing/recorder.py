"""From an event to the Kafka record that holds it, or to a dead letter when it cannot be an event."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from clients.kafka.record import Outgoing
from ingest.vcenter.publishing.deadletter import dead_letter
from ingest.vcenter.publishing.mapping import event_id, source_of, to_cloudevent
from ingest.vcenter.tailing import notices
from schemas.cloudevents import kafka
from schemas.errors import InvalidEvent

if TYPE_CHECKING:
    from ingest.vcenter.event import VcenterEvent
    from ingest.vcenter.tailing.notices import Notice
    from schemas.config import VcenterConfig
    from schemas.topics import Topic


class Recorder:
    """Makes the records of one vCenter.

    Args:
        config: the vCenter.
        events: topic of the events.
        dead_letters: topic of what cannot be one.
    """

    def __init__(self, config: VcenterConfig, *, events: Topic, dead_letters: Topic) -> None:
        self._vcenter = config.name
        self._source = source_of(config.url, config.name)
        self._events = events
        self._dead_letters = dead_letters

    def record(self, event: VcenterEvent, *, incarnation: int, api_version: str) -> Outgoing:
        """The record of one event; too large for its topic, or with a name no CloudEvent may have, a dead letter."""
        origin = event_id(self._vcenter, incarnation, event.key)
        try:
            mapped = to_cloudevent(
                event, vcenter=self._vcenter, incarnation=incarnation, source=self._source, api_version=api_version
            )
            headers, value = kafka.to_binary(mapped)
        except InvalidEvent as error:
            raw = Outgoing(self._events.name, event.data)
            return dead_letter(raw, topic=self._dead_letters, reason=str(error), origin=origin)
        record = Outgoing(self._events.name, value, kafka.partition_key(mapped), headers)
        if record.size <= self._events.max_message_bytes:
            return record
        reason = f"{record.size} bytes, {self._events.name} takes {self._events.max_message_bytes}"
        return dead_letter(record, topic=self._dead_letters, reason=reason, origin=origin)

    def notice(self, notice: Notice) -> Outgoing:
        """The record of a notice."""
        told = notices.to_cloudevent(notice, vcenter=self._vcenter, source=self._source, now=datetime.now(UTC))
        headers, value = kafka.to_binary(told)
        return Outgoing(self._events.name, value, kafka.partition_key(told), headers)

    def unreadable(self, body: bytes, reason: str) -> Outgoing:
        """The dead letter of a page that could not be decoded, or of an event without a key."""
        raw = Outgoing(self._events.name, body)
        return dead_letter(raw, topic=self._dead_letters, reason=reason, origin=self._vcenter)
