"""Paused sinks as an operator sees and changes them: the records of the control topic."""

from __future__ import annotations

from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.kafka.compacted import Compacted
from clients.kafka.errors import PublishRejected
from clients.kafka.publisher import Publisher
from clients.kafka.record import Outgoing
from ops import audit
from schemas import topics
from schemas.control import Pause, key, note
from schemas.errors import Unreachable

if TYPE_CHECKING:
    from datetime import datetime

    from schemas.config import KafkaConfig

WITHIN: Final = 30.0
"""Seconds in which the topic must be read."""

LOOK: Final = 0.2


def paused(config: KafkaConfig) -> dict[str, Pause]:
    """Every paused sink by its name.

    Raises:
        Refused: there is no control topic, or an ACL is missing.
        Unreachable: the brokers are away.
    """
    found: dict[str, Pause] = {}
    topic, end = topics.control(config.prefix), monotonic() + WITHIN
    with closing(Compacted(config, topic, client_id=topics.group(config.prefix, topics.OPERATOR))) as reader:
        while not reader.complete:
            if monotonic() > end:
                raise Unreachable(f"cannot read {topic}: Kafka does not answer", cure="run it again")
            for message in reader.read(LOOK):
                note(found, message.key(), message.value())
    return found


async def switch(config: KafkaConfig, sink: str, *, off: bool, actor: str, reason: str, now: datetime) -> None:
    """Pause a sink or resume it, and tell the audit. Workers hear of it within a second.

    Args:
        config: the ``kafka`` part of the configuration.
        sink: its name.
        off: whether to pause it.
        actor: who wants it.
        reason: why; may be empty.
        now: must know its time zone.

    Raises:
        Refused: a topic or an ACL is missing.
        Unreachable: the brokers are away.
    """
    value = Pause(actor=actor, reason=reason, since=now).encode() if off else None
    kind = audit.SINK_PAUSED if off else audit.SINK_RESUMED
    publisher = Publisher(config, client_id=topics.group(config.prefix, topics.OPERATOR))
    await publisher.start()
    try:
        records = (
            Outgoing(topics.control(config.prefix), value, key(sink)),
            audit.acted(config.prefix, kind, sink, actor=actor, reason=reason, now=now),
        )
        for result in await publisher.publish_many(records):
            if isinstance(result, PublishRejected):
                raise result
    finally:
        await publisher.close()
