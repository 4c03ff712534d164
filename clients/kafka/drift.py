"""Where a topic in the cluster differs from the table, and what that puts at risk. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from schemas.topics import FOREVER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from schemas.topics import Topic

Kind = Literal["missing", "partitions", "replication", "setting"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicState:
    """One topic of the table as the cluster has it.

    Attributes:
        partitions: 0 when the topic does not exist.
        replication: copies of the partition that has the fewest.
        settings: the topic's effective configuration.
        records: how many offsets it holds, all partitions together; None while a partition has no leader.
    """

    topic: Topic
    partitions: int = 0
    replication: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)
    records: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """One difference.

    Attributes:
        kind: what differs.
        what: one phrase, to be read after the topic's name.
        cure: what the operator or the Kafka administrator does.
        endangers: whether a promise breaks; if not, only the operator's wish is unmet.
    """

    topic: str
    kind: Kind
    what: str
    cure: str
    endangers: bool = True

    def __str__(self) -> str:
        return f"{self.topic} {self.what}"


def compare(state: TopicState) -> tuple[Drift, ...]:
    """Every difference between the topic and the table; more than asked for is none."""
    topic = state.topic
    if not state.partitions:
        drift = Drift(topic=topic.name, kind="missing", what="does not exist", cure="run `reflexarc topics create`")
        return (drift,)
    return (*_shape(state), *_settings(state))


def _shape(state: TopicState) -> Iterator[Drift]:
    topic = state.topic
    if state.partitions != topic.partitions:
        yield Drift(
            topic=topic.name,
            kind="partitions",
            what=f"has {state.partitions} partitions instead of {topic.partitions}: {_danger(topic)}",
            cure=_repartition(state),
        )
    if state.replication < topic.replication:
        yield Drift(
            topic=topic.name,
            kind="replication",
            what=f"has {state.replication} copies instead of {topic.replication}",
            cure=f"add replicas with kafka-reassign-partitions, or write kafka.replication: {state.replication}",
        )


def _danger(topic: Topic) -> str:
    return "a vCenter would have two owners" if topic.empty else "keys would lose their order"


def _repartition(state: TopicState) -> str:
    if state.topic.empty:
        return "stop every `ingest vcenter`, delete the topic, run `reflexarc topics create` and start them again"
    if state.topic.partitions == 1:
        return "delete the topic and run `reflexarc topics create`; its content must be in one partition"
    return (
        f"write kafka.partitions: {state.partitions} to keep the topic; for another number stop ingest, let the "
        "workers empty all topics, delete them, run `reflexarc topics create` and start again"
    )


def _settings(state: TopicState) -> Iterator[Drift]:
    topic = state.topic
    for name, rule in _RULES.items():
        wanted, actual = topic.settings.get(name), state.settings.get(name)
        if wanted is None or actual is None or rule(actual, wanted):
            continue
        yield Drift(
            topic=topic.name,
            kind="setting",
            what=f"has {name}={actual} instead of {wanted}",
            cure=(
                "as administrator of Kafka: kafka-configs.sh --alter --entity-type topics "
                f"--entity-name {topic.name} --add-config {name}={wanted}"
            ),
            endangers=not (name == "retention.ms" and topic.retention_ms != FOREVER),
        )


def _same(actual: str, wanted: str) -> bool:
    return actual == wanted


def _at_least(actual: str, wanted: str) -> bool:
    return int(actual) >= int(wanted)


def _kept_as_long(actual: str, wanted: str) -> bool:
    return int(actual) == FOREVER or (int(wanted) != FOREVER and int(actual) >= int(wanted))


# Settings of which less would lose or refuse records; all others are the administrator's business.
_RULES: Final[dict[str, Callable[[str, str], bool]]] = {
    "cleanup.policy": _same,
    "max.message.bytes": _at_least,
    "message.timestamp.type": _same,
    "min.insync.replicas": _at_least,
    "retention.bytes": _kept_as_long,
    "retention.ms": _kept_as_long,
    "unclean.leader.election.enable": _same,
}
