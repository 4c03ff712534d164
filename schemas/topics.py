"""The one table of Kafka names: topics with key, size and promises, consumer groups, transactional ids.

``table`` says what an installation needs; ``schemas.acls`` says who may touch it. Nothing else spells a topic name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from schemas.config import Config

INGEST_VCENTER: Final = "ingest-vcenter"
INGEST_WEBHOOK: Final = "ingest-webhook"
INGEST_INVENTORY: Final = "ingest-inventory"
ROUTER: Final = "router"
DELIVER: Final = "deliver"
THROTTLE: Final = "throttle"
DECIDE: Final = "decide"
EXECUTE: Final = "execute"
COMMAND: Final = "command"
REPLAY: Final = "replay"
OPERATOR: Final = "operator"
TAP: Final = "tap"

ANALYTICS: Final = "analytics"
"""Type of the sink that writes rows for analysts, and the role that counts for it."""

REMEDIATION: Final = "remediation"
"""Type of the sinks that ask for actions; two roles decide on them and carry them out."""

UNDECODABLE: Final = "ingest"
"""Name of the dead-letter topic for what is no event yet; no sink may be called so."""

UNROUTABLE: Final = "router"
"""Name of the dead-letter topic for what the router could not pass on; no sink may be called so."""

FOREVER: Final = -1
"""``retention_ms`` of a topic that loses a record only when somebody deletes it."""

EVENT_BYTES: Final = 2**20
"""Data that every installation accepts in one event; ``webhook.max_body`` may raise it, never lower it."""

YEAR: Final = 400 * 24 * 3600.0
"""Seconds that decisions are kept at least: a year, and time to look at it."""

COMMANDS_KEPT: Final = 45 * 60
"""Seconds that a command is kept; with a segment's and the cleaner's time it is gone within the hour."""

SEGMENT: Final = 10 * 60
"""Seconds of one segment of it: Kafka deletes whole segments only."""

CONTROL_SEGMENT: Final = 3600
"""Seconds of one segment of the control topic: workers say every few seconds that they live, and who reads it reads all
that is not compacted yet."""

SHARDS: Final = 64
"""Parts that the vCenters of an installation fall into; each has one owner among the ingest processes."""

LONGEST_THROTTLE: Final = 3600.0
"""Seconds that a throttle may hold an event back: for so long its place in Kafka is not committed."""

MARKS: Final = "marks"
"""Name of the table in which throttles remember what has passed."""

COUNTS: Final = "counts"
"""Name of the table in which windows are counted."""

DECISIONS: Final = "decisions"
"""Name of the table of what was decided, and for which event."""

APPOINTMENTS: Final = "appointments"
"""Name of the table of what is taken back at a time."""

JOURNAL: Final = "journal"
"""Name of the table of what is being done, and of what was."""

HEADROOM: Final = 64 * 1024
"""Bytes for the headers of one hop: each topic holds whatever the one before it holds, plus what is added."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic as it must be.

    Attributes:
        key: what the record key is; order holds within it, so the number of partitions may not change.
        replication: copies of each partition.
        min_insync: copies that must hold a record before it counts as written.
        retention_ms: how long a record is kept; ``FOREVER`` has no limit.
        max_message_bytes: largest record batch, and so the largest record.
        holds: what is in it, in one phrase.
        changelog: whether Faust keeps a table's state in it.
        empty: whether nothing is ever written to it: its partitions are what a group shares.
        segment_ms: after which a segment ends, where the default of a week would keep records for too long; 0: that.
        arrival: whether a record's time is that of its arrival, by the broker's clock, not its sender's.
    """

    name: str
    key: str
    partitions: int
    replication: int
    min_insync: int
    cleanup: Literal["delete", "compact"] = "delete"
    retention_ms: int = FOREVER
    max_message_bytes: int = EVENT_BYTES + HEADROOM
    holds: str
    changelog: bool = False
    empty: bool = False
    segment_ms: int = 0
    arrival: bool = False

    @property
    def settings(self) -> dict[str, str]:
        """The topic's configuration as Kafka spells it."""
        settings = {
            "cleanup.policy": self.cleanup,
            "max.message.bytes": str(self.max_message_bytes),
            "min.insync.replicas": str(self.min_insync),
            "retention.bytes": str(FOREVER),
            "retention.ms": str(self.retention_ms),
            "unclean.leader.election.enable": "false",
        }
        if self.segment_ms:
            settings["segment.ms"] = str(self.segment_ms)
        if self.arrival:
            settings["message.timestamp.type"] = "LogAppendTime"
        if self.cleanup == "compact":
            # Kafka never compacts the open segment, and a start reads all of it: keep it small.
            settings |= {"min.cleanable.dirty.ratio": "0.1", "segment.bytes": str(16 * 2**20)}
        return settings


def events(prefix: str) -> str:
    """Every event, as ingest received it."""
    return f"{prefix}.events"


def sink(prefix: str, name: str) -> str:
    """What the router chose for the sink ``name``; an empty name gives the common start of all of them."""
    return f"{prefix}.sink.{name}"


def throttle(prefix: str, route: str) -> str:
    """What the throttled ``route`` chose; an empty name gives the common start of all of them."""
    return f"{prefix}.throttle.{route}"


def throttle_marks(prefix: str) -> str:
    """The changelog of what the throttles remember: named by Faust after the group and the table."""
    return f"{group(prefix, THROTTLE)}-{MARKS}-changelog"


def dead_letter(prefix: str, name: str) -> str:
    """What the sink ``name`` could not take; an empty name gives the common start of all of them."""
    return f"{prefix}.dlq.{name}"


def commands(prefix: str) -> str:
    """What people have asked for; their names and, sealed, the addresses of their answers are in it."""
    return f"{prefix}.commands"


def analytics(prefix: str) -> str:
    """One row of ``schemas.avro`` per event, for analysts."""
    return f"{prefix}.analytics"


def counts(prefix: str) -> str:
    """How many events of one type and entity there were in a window."""
    return f"{prefix}.analytics.counts"


def open_counts(prefix: str) -> str:
    """The changelog of windows that are still counted: named by Faust after the group and the table."""
    return f"{group(prefix, ANALYTICS)}-{COUNTS}-changelog"


def requests(prefix: str, *, urgent: bool = False) -> str:
    """What a decider hears: requests for actions; where that cannot wait, with outcomes and answers of people."""
    return f"{prefix}.requests.urgent" if urgent else f"{prefix}.requests"


def actions(prefix: str) -> str:
    """Actions that were decided on, for the executor."""
    return f"{prefix}.actions"


def decisions(prefix: str) -> str:
    """The changelog of decisions: named by Faust after the group and the table."""
    return f"{group(prefix, DECIDE)}-{DECISIONS}-changelog"


def appointments(prefix: str) -> str:
    """The changelog of what is taken back at a time: named by Faust after the group and the table."""
    return f"{group(prefix, DECIDE)}-{APPOINTMENTS}-changelog"


def journal(prefix: str) -> str:
    """The changelog of actions that were begun: named by Faust after the group and the table."""
    return f"{group(prefix, EXECUTE)}-{JOURNAL}-changelog"


def checkpoints(prefix: str) -> str:
    """Where each vCenter tail stands."""
    return f"{prefix}.checkpoints"


def audit(prefix: str) -> str:
    """What was decided, by whom, when."""
    return f"{prefix}.audit"


def control(prefix: str) -> str:
    """What operators have switched off; its records are ``schemas.control``."""
    return f"{prefix}.control"


def assignments(prefix: str) -> str:
    """Its partitions are the shards that ingest processes share; it has no records."""
    return f"{prefix}.assignments"


def inventory(prefix: str) -> str:
    """What is known of every entity; its records are ``schemas.inventory``."""
    return f"{prefix}.inventory"


def group(prefix: str, role: str) -> str:
    """Consumer group of a role, or of ``INGEST_VCENTER``; a reader in none uses such a name, too."""
    return f"{prefix}.{role}"


def transactional_id(prefix: str, component: str, instance: str | None = None) -> str:
    """Transactional id of a process of a component; who opens it again fences the one before.

    Without ``instance`` how the ids of all of them begin, and the whole id of releases up to 0.1.
    """
    return f"{prefix}.{component}" if instance is None else f"{prefix}.{component}.{instance}"


def deliver_group(prefix: str, name: str) -> str:
    """Consumer group of the sink ``name`` when it reads from the events; an empty name gives how all of them begin."""
    return f"{group(prefix, DELIVER)}.{name}"


def groups(config: Config) -> tuple[str, ...]:
    """Every consumer group of the installation."""
    prefix = config.kafka.prefix
    roles = (INGEST_VCENTER, ROUTER, *((THROTTLE,) if throttled(config) else ()), DELIVER)
    roles += (ANALYTICS,) if counted(config) else ()
    roles += (DECIDE, EXECUTE) if remedied(config) else ()
    roles += (COMMAND,) if obeyed(config) else ()
    direct = (deliver_group(prefix, name) for name in reading_events(config))
    return (*(group(prefix, role) for role in roles), *direct)


def transactional_ids(config: Config) -> tuple[str, ...]:
    """How the transactional ids of the installation begin; the name of the process, or a partition, follows."""
    components = (INGEST_VCENTER, INGEST_WEBHOOK, *((THROTTLE,) if throttled(config) else ()))
    components += (ANALYTICS,) if counted(config) else ()
    components += (DECIDE, EXECUTE) if remedied(config) else ()
    return tuple(transactional_id(config.kafka.prefix, component) for component in components)


def throttled(config: Config) -> tuple[str, ...]:
    """Names of the routes that have a throttle, whether they are enabled or not."""
    return tuple(route.name for route in config.routes if route.throttle is not None)


def reading_events(config: Config) -> tuple[str, ...]:
    """Names of the sinks that read from the events."""
    return tuple(name for name, sink in config.sinks.items() if sink.read_from == "events")


def analysed(config: Config) -> bool:
    """Whether a sink writes rows for analysts."""
    return any(sink.type == ANALYTICS for sink in config.sinks.values())


def counted(config: Config) -> bool:
    """Whether such a sink has events counted."""
    return any(sink.type == ANALYTICS and getattr(sink, COUNTS, None) for sink in config.sinks.values())


def commanded(config: Config) -> bool:
    """Whether commands are taken: by an endpoint of the webhook, or from the command line."""
    slack = config.webhook is not None and any(one.type == "slack" for one in config.webhook.served.values())
    return slack or obeyed(config)


def obeyed(config: Config) -> bool:
    """Whether anybody deals with commands."""
    return config.commands is not None


def typed(config: Config) -> bool:
    """Whether commands are signed at a command line."""
    return config.commands is not None and config.commands.key is not None


def answering(config: Config) -> tuple[str, ...]:
    """Names of the sinks that answer whoever has given a command."""
    return () if config.commands is None or config.commands.replies is None else (config.commands.replies,)


def asking(config: Config) -> tuple[str, ...]:
    """Names of the sinks that ask for actions inside limits."""
    return tuple(name for name, sink in config.sinks.items() if sink.type == REMEDIATION)


def remedied(config: Config) -> bool:
    """Whether there is such a sink, or people ask."""
    return bool(asking(config)) or obeyed(config)


def largest(config: Config) -> int:
    """Bytes of the largest record that a sink's topic takes."""
    return body(config) + 2 * HEADROOM


def body(config: Config) -> int:
    """Bytes of the largest data that an event may have."""
    return max(EVENT_BYTES, config.webhook.max_body if config.webhook else 0)


def table(config: Config) -> tuple[Topic, ...]:
    """Every topic that this installation needs, in the order an event meets them."""
    kafka = config.kafka
    sized = partial(Topic, partitions=kafka.partitions, replication=kafka.replication, min_insync=kafka.min_insync)
    kept = partial(sized, key="unchanged", max_message_bytes=body(config) + 3 * HEADROOM)
    passing = partial(sized, key="partitionkey", retention_ms=round(kafka.retention * 1000))
    return (
        passing(name=events(kafka.prefix), max_message_bytes=body(config) + HEADROOM, holds="every event"),
        sized(
            name=checkpoints(kafka.prefix),
            key="vCenter",
            partitions=1,
            cleanup="compact",
            holds="where each vCenter tail stands",
        ),
        sized(
            name=assignments(kafka.prefix),
            key="-",
            partitions=SHARDS,
            holds="nothing: its partitions are what ingest processes share",
            empty=True,
        ),
        sized(
            name=inventory(kafka.prefix),
            key="entity",
            partitions=1,  # a heartbeat says something about all records before it
            cleanup="compact",
            holds="what is known of each entity of a vCenter",
        ),
        *_commanding(config, sized),
        *_throttling(config, passing, sized, largest(config)),
        *_analysing(config, passing, sized),
        *_remedying(config, passing, sized),
        *(
            passing(name=sink(kafka.prefix, name), max_message_bytes=largest(config), holds=f"events for {name}")
            for name in config.sinks
        ),
        *(kept(name=dead_letter(kafka.prefix, name), holds=f"events {name} could not take") for name in config.sinks),
        kept(name=dead_letter(kafka.prefix, UNDECODABLE), holds="what could not become an event"),
        kept(name=dead_letter(kafka.prefix, UNROUTABLE), holds="what the router could not pass on"),
        sized(
            name=audit(kafka.prefix),
            key="partitionkey",
            retention_ms=round(max(YEAR, kafka.retention) * 1000),
            holds="what was decided, by whom, when",
        ),
        sized(
            name=control(kafka.prefix),
            key="what is switched",
            partitions=1,
            cleanup="compact",
            segment_ms=CONTROL_SEGMENT * 1000,
            holds="what operators have switched off, and which workers have seen it",
        ),
    )


def _commanding(config: Config, sized: Callable[..., Topic]) -> Iterator[Topic]:
    if commanded(config):
        yield sized(
            name=commands(config.kafka.prefix),
            key="concurrency scope",
            retention_ms=COMMANDS_KEPT * 1000,
            segment_ms=SEGMENT * 1000,
            max_message_bytes=body(config) + HEADROOM,
            holds="commands from chat and command line, for less than an hour",
        )


def _throttling(
    config: Config, passing: Callable[..., Topic], sized: Callable[..., Topic], largest: int
) -> Iterator[Topic]:
    prefix = config.kafka.prefix
    for name in throttled(config):
        yield passing(
            name=throttle(prefix, name),
            key="group of the throttle",
            # What is held back must outlast its window, however short events are kept.
            retention_ms=round(max(config.kafka.retention, 2 * LONGEST_THROTTLE) * 1000),
            max_message_bytes=largest,
            holds=f"events that {name} throttles",
            arrival=True,
        )
    if throttled(config):
        yield sized(
            name=throttle_marks(prefix),
            key="route, partition and group",
            cleanup="compact",
            holds="what the throttles have let pass, and when",
            changelog=True,
        )


def _analysing(config: Config, passing: Callable[..., Topic], sized: Callable[..., Topic]) -> Iterator[Topic]:
    prefix = config.kafka.prefix
    if analysed(config):
        # Beside the data a row has what is taken from them, and the attributes.
        size = body(config) + 4 * HEADROOM
        yield passing(name=analytics(prefix), max_message_bytes=size, holds="one Avro row per event")
    if counted(config):
        yield passing(name=counts(prefix), key="window, type, entity", holds="how many events of a type and entity")
        yield sized(
            name=open_counts(prefix),
            key="partition, window, type, entity",
            cleanup="compact",
            holds="windows that are still counted",
            changelog=True,
        )


def _remedying(config: Config, passing: Callable[..., Topic], sized: Callable[..., Topic]) -> Iterator[Topic]:
    prefix = config.kafka.prefix
    if remedied(config):
        asked = partial(passing, key="concurrency scope")
        yield asked(name=requests(prefix), holds="requests for actions")
        yield asked(name=requests(prefix, urgent=True), holds="urgent requests, outcomes, answers of people")
        yield passing(name=actions(prefix), key="entity", holds="actions that were decided on")
        changelog = partial(sized, cleanup="compact", changelog=True)
        yield changelog(name=decisions(prefix), key="partition and request", holds="what was decided for which event")
        later = "what is taken back at a time, or followed by something"
        yield changelog(name=appointments(prefix), key="partition and action", holds=later)
        yield changelog(name=journal(prefix), key="partition and action", holds="what is being done, and what was")
