"""What one contestant is told: which records, in which group, where to, and where it notes what it saw."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import Self

import orjson

from schemas.config import KafkaConfig
from schemas.topics import Topic

PARTITIONS = 4


@dataclass(frozen=True, slots=True)
class Task:
    """One run of one contestant.

    Attributes:
        bootstrap: the broker.
        source: topic to read from its oldest record on.
        group: consumer group that nobody has used before.
        seen: path of the contestant's ``Seen``.
        target: topic to publish every record to, unchanged; None: only read.
        stamped: whether each record says when it was published.
    """

    bootstrap: str
    source: str
    group: str
    seen: str
    target: str | None = None
    stamped: bool = False

    @classmethod
    def of_argv(cls) -> Self:
        """The task in this process's arguments."""
        return cls(**orjson.loads(sys.argv[1]))

    @property
    def argv(self) -> tuple[str, ...]:
        """The arguments of a process that shall do it."""
        return (orjson.dumps(asdict(self)).decode(),)

    @property
    def kafka(self) -> KafkaConfig:
        """How to reach the broker."""
        return kafka(self.bootstrap)

    @property
    def targets(self) -> list[Topic]:
        """The target, as a publisher wants to know it."""
        return [] if self.target is None else [topic(self.target)]


def kafka(bootstrap: str) -> KafkaConfig:
    """A configuration of one node."""
    return KafkaConfig(bootstrap=bootstrap, prefix="bench", partitions=PARTITIONS, replication=1)


def topic(name: str) -> Topic:
    """Any topic of this bench."""
    return Topic(name=name, key="one of 997", partitions=PARTITIONS, replication=1, min_insync=1, holds="the load")
