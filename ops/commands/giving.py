"""A command is given, and what becomes of it is followed in the audit."""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import TYPE_CHECKING, Final

from clients.kafka.record import Outgoing
from ops.commands.told import acknowledged, told
from ops.remediation.publishing import publish
from schemas import topics
from schemas.cloudevents import kafka
from streams.trail.reader import Trail

if TYPE_CHECKING:
    from collections.abc import Generator

    from ops.commands.given import Given
    from ops.commands.told import Told
    from schemas.config import Config

LOOK: Final = 0.2


def record(prefix: str, given: Given) -> Outgoing:
    """A command as Kafka gets it; those of one user stay in order."""
    message = kafka.to_binary(given.event)
    return Outgoing(topics.commands(prefix), message.value, kafka.partition_key(given.event), tuple(message.headers))


def give(config: Config, given: Given) -> Told:
    """Publish a command; that it is on its way.

    Raises:
        Refused: the topic or an ACL is missing.
        Unreachable: the brokers are away.
    """
    asyncio.run(publish(config.kafka, [record(config.kafka.prefix, given)]))
    return acknowledged(given)


def followed(config: Config, given: Given, within: float) -> Generator[Told]:
    """Publish a command, and tell each step once, until the last one or until so many seconds have passed.

    The first step says that it is on its way. Raises what ``give`` does.
    """
    assert config.commands is not None  # noqa: S101 - it has keys
    heard = set[str]()
    with Trail(config.kafka, None) as trail:
        yield give(config, given)
        until = monotonic() + within
        while monotonic() < until:
            for entry in trail.read(LOOK):
                step = told(entry, given, config.commands)
                if step is None or step.step in heard:
                    continue
                heard.add(step.step)
                yield step
                if step.said.final:
                    return
